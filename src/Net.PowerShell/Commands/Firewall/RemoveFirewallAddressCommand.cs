using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Commands;

/// <summary>Takes addresses out of address lists.</summary>
[Cmdlet(VerbsCommon.Remove, "FirewallAddress", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallAddressList))]
public sealed class RemoveFirewallAddressCommand : FirewallAddressCmdlet
{
    /// <summary>Write the lists.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool WritesLists => PassThru;

    private protected override string ActionText => "Remove from address list";

    private protected override Task<FirewallAddressListsChanged> SendAsync(
        string list, AddressRange[] addresses, IEngineCaller engine, CancellationToken cancellationToken) =>
        engine.CallAsync(EngineApi.FirewallRemoveAddresses, new RemoveFirewallAddresses(list, addresses, Change), cancellationToken);
}
