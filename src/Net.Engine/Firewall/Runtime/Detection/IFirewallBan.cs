using System.Net;

namespace Net.Engine.Firewall.Runtime.Detection;

/// <summary>Puts sources into a dynamic address list, as <c>firewall.addAddresses</c> does.</summary>
internal interface IFirewallBan
{
    /// <summary>Puts an address into a list for a time.</summary>
    /// <param name="list">The list's name.</param>
    /// <param name="address">The address.</param>
    /// <param name="time">How long it stays.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Net.Contracts.EngineException">It was refused; the message says why.</exception>
    Task BanAsync(string list, IPAddress address, TimeSpan time, CancellationToken cancellationToken);
}
