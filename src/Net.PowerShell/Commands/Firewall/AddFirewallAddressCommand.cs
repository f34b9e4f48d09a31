using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Commands;

/// <summary>Puts addresses into address lists: into a dynamic one at once and for a time, into another by a change of the configuration.</summary>
[Cmdlet(VerbsCommon.Add, "FirewallAddress", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallAddressList))]
public sealed class AddFirewallAddressCommand : FirewallAddressCmdlet
{
    /// <summary>How long they stay in a dynamic list.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    private protected override bool WritesLists => true;

    private protected override string ActionText => "Add to address list";

    private protected override Task<FirewallAddressListsChanged> SendAsync(
        string list, AddressRange[] addresses, IEngineCaller engine, CancellationToken cancellationToken) =>
        engine.CallAsync(EngineApi.FirewallAddAddresses, new AddFirewallAddresses(list, addresses, Timeout, Change), cancellationToken);
}
