using System.Net;

namespace Net.Firewall;

/// <summary>A TCP connection of this host that goes on although no rule was asked when it began.</summary>
/// <param name="RemoteAddress">The other host.</param>
/// <param name="RemotePort">Its port.</param>
/// <param name="LocalPort">This host's port.</param>
public readonly record struct KeptSession(IPAddress RemoteAddress, ushort RemotePort, ushort LocalPort);
