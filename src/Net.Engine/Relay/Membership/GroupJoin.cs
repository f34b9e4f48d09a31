using System.Net;

namespace Net.Engine.Relay.Membership;

/// <summary>A group that the relay's rules want to hear on an interface.</summary>
/// <param name="InterfaceIndex">Index of the interface.</param>
/// <param name="Group">The multicast group, IPv4 or IPv6.</param>
/// <param name="Source">The one source that is wanted, of the group's family; null for all sources.</param>
internal sealed record GroupJoin(int InterfaceIndex, IPAddress Group, IPAddress? Source = null);
