using System.Net;

namespace Net.Platform;

/// <summary>An established TCP connection of a socket of this host.</summary>
/// <param name="LocalAddress">Local address; an IPv4 one also when the socket is an IPv6 one that serves both.</param>
/// <param name="LocalPort">Local port.</param>
/// <param name="RemoteAddress">Remote address; as the local one.</param>
/// <param name="RemotePort">Remote port.</param>
/// <param name="UserId">User the socket belongs to.</param>
/// <param name="Inode">Number of the socket in /proc/PID/fd; 0 when no process holds it.</param>
/// <param name="InterfaceIndex">Interface the socket is bound to; 0 when to none.</param>
public sealed record SocketSession(
    IPAddress LocalAddress, ushort LocalPort, IPAddress RemoteAddress, ushort RemotePort, uint UserId, uint Inode, int InterfaceIndex);
