using System.Management.Automation;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that do one thing to things of the firewall which exist.</summary>
/// <typeparam name="T">The record of one thing.</typeparam>
public abstract class ItemSelectionCmdlet<T> : SelectionCmdlet<T>
    where T : class
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>Names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(FirewallNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Whole objects from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    [ContractObject]
    public T[]? InputObject { get; set; }

    private protected static ItemFamily<T> Things => FirewallFamilies.Of<T>();

    private protected override ItemKind<T> Kind => Things.KindToChange;

    /// <inheritdoc />
    protected override void ProcessRecord() => Want(Name, InputObject);
}
