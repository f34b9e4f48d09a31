using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Changes port lists. What is not given stays as it is in the engine, whatever a piped object says.</summary>
[Cmdlet(VerbsCommon.Set, "FirewallPortList", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(FirewallPortList))]
public sealed class SetFirewallPortListCommand : FirewallPortListPartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>Names of port lists.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(FirewallNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Whole port lists from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ContractObject]
    public FirewallPortList[]? InputObject { get; set; }

    /// <summary>Write the changed lists.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Alter(Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitAltered(PassThru);
}
