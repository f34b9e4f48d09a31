using System.Net;
using System.Net.Sockets;
using Net.Engine.Firewall.Lists;

namespace Net.Engine.Tests;

/// <summary>Host names with the addresses a test gives them.</summary>
internal sealed class FakeHostNames : IHostNames
{
    public Dictionary<string, string[]> Addresses { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often a name was asked for.</summary>
    public int LookUps { get; private set; }

    public Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        LookUps++;
        return Addresses.TryGetValue(name, out string[]? addresses)
            ? Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)])
            : throw new SocketException((int)SocketError.HostNotFound);
    }
}
