using System.Net;

namespace Net.Engine.Relay.Membership;

/// <summary>Hears and sends IGMP or MLD on one interface. Dispose it to stop; its handler may still be called once while that happens.</summary>
internal interface IGroupListener : IDisposable
{
    /// <summary>Sends a packet.</summary>
    /// <param name="destination">The multicast address it goes to, which decides its link-layer address.</param>
    /// <param name="packet">The packet from its IP header on.</param>
    /// <returns>Null when it left, otherwise why not.</returns>
    string? Send(IPAddress destination, ReadOnlySpan<byte> packet);
}
