using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Changes zones. What is not given stays as it is in the engine, whatever a piped object says.</summary>
[Cmdlet(VerbsCommon.Set, "FirewallZone", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(FirewallZone))]
public sealed class SetFirewallZoneCommand : FirewallZonePartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>Names of zones.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(FirewallNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Whole zones from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ContractObject]
    public FirewallZone[]? InputObject { get; set; }

    /// <summary>Write the changed zones.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Alter(Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitAltered(PassThru);
}
