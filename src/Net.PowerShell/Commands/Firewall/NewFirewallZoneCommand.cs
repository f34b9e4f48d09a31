using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;

namespace Net.PowerShell.Commands;

/// <summary>Creates zones, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "FirewallZone", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallZone))]
public sealed class NewFirewallZoneCommand : FirewallZonePartsCmdlet
{
    /// <summary>The name of the zone.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Whole zones from the pipeline, to copy.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ContractObject]
    public FirewallZone[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Create(Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitCreated();
}
