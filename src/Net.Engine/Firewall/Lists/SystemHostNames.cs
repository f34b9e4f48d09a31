using System.Net;

namespace Net.Engine.Firewall.Lists;

/// <summary>The host's own resolver.</summary>
internal sealed class SystemHostNames : IHostNames
{
    /// <inheritdoc />
    public Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(name, cancellationToken);
}
