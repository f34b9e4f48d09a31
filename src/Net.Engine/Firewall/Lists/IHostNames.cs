using System.Net;

namespace Net.Engine.Firewall.Lists;

/// <summary>Finds the addresses of host names.</summary>
internal interface IHostNames
{
    /// <summary>The addresses of a name, IPv4 and IPv6.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The name does not resolve now.</exception>
    Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken);
}
