using System.Net;

namespace Net.Engine.Relay.Host;

/// <summary>How a UDP socket sends. Equal requests can share a socket.</summary>
/// <param name="InterfaceIndex">The interface groups are sent by.</param>
/// <param name="Device">Its name.</param>
/// <param name="Source">Source address and port; an unspecified address or port 0 lets the kernel choose.</param>
/// <param name="Ttl">TTL or hop limit.</param>
/// <param name="Dscp">DSCP.</param>
/// <param name="Fragment">Whether a datagram larger than the MTU is fragmented.</param>
/// <param name="Destination">Where to, when all goes to one place; null for a socket of many destinations.</param>
internal sealed record UdpSenderRequest(int InterfaceIndex, string Device, IPEndPoint Source, byte Ttl, byte Dscp, bool Fragment, IPEndPoint? Destination);
