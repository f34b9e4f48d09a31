using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;

namespace Net.PowerShell.Commands;

/// <summary>Creates address lists, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "FirewallAddressList", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallAddressList))]
public sealed class NewFirewallAddressListCommand : FirewallAddressListPartsCmdlet
{
    /// <summary>The name of the address list.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Whole address lists from the pipeline, to copy.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ContractObject]
    public FirewallAddressList[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Create(Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitCreated();
}
