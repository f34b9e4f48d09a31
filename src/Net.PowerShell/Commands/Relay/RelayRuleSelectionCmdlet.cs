using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that do one thing to rules of the relay which exist.</summary>
public abstract class RelayRuleSelectionCmdlet : SelectionCmdlet<RelayRule>
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>Names of rules.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(RelayRuleNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Rules from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    [WholeObject<RelayRule>]
    public RelayRule[]? InputObject { get; set; }

    private protected override ItemKind<RelayRule> Kind => RelayKinds.RuleToChange;

    /// <inheritdoc />
    protected override void ProcessRecord() => Want(Name, InputObject);
}
