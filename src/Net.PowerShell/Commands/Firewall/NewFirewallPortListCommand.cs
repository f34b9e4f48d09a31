using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;

namespace Net.PowerShell.Commands;

/// <summary>Creates port lists, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "FirewallPortList", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallPortList))]
public sealed class NewFirewallPortListCommand : FirewallPortListPartsCmdlet
{
    /// <summary>The name of the port list.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Whole port lists from the pipeline, to copy.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ContractObject]
    public FirewallPortList[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Create(Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitCreated();
}
