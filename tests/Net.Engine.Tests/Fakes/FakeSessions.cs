using System.Net;
using Net.Platform;

namespace Net.Engine.Tests;

/// <summary>TCP connections of a host.</summary>
internal sealed class FakeSessions : ISocketSessions
{
    public List<SocketSession> Established { get; } = [];

    public static SocketSession Of(string remote, ushort remotePort, ushort localPort) =>
        new(IPAddress.Parse("10.0.0.1"), localPort, IPAddress.Parse(remote), remotePort, 0, 1, 0);

    public IReadOnlyList<SocketSession> GetEstablished() => [.. Established];

    public void Dispose()
    {
    }
}
