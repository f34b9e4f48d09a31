using System.Net;
using Net.Contracts;
using Net.Engine.Firewall.Lists;

namespace Net.Engine.Firewall.Runtime.Detection;

/// <summary>Puts sources into dynamic lists the way <c>firewall.addAddresses</c> does. The kernel takes them out again when their time is over.</summary>
/// <param name="entries">The lists.</param>
internal sealed class ListBan(AddressEntryService entries) : IFirewallBan
{
    /// <inheritdoc />
    public Task BanAsync(string list, IPAddress address, TimeSpan time, CancellationToken cancellationToken) =>
        entries.BanAsync(list, [AddressRange.Parse(new IPAddress(address.GetAddressBytes()).ToString())], time, cancellationToken);
}
