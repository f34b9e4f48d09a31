using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.SocketDiagApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>The TCP connections of this host through inet_diag, in the network namespace of the thread that makes it. Needs no capability.</summary>
[SupportedOSPlatform("linux")]
public sealed class SocketSessions : ISocketSessions
{
    private readonly Lock _gate = new();
    private readonly NetlinkSocket _socket = new(NetlinkFamily.SocketDiagnostics);

    /// <inheritdoc />
    /// <exception cref="NetlinkException">The kernel lacks inet_diag (module tcp_diag).</exception>
    public IReadOnlyList<SocketSession> GetEstablished() => [.. Dump(Libc.AF_INET), .. Dump(Libc.AF_INET6)];

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _socket.Dispose();
        }
    }

    private List<SocketSession> Dump(byte family)
    {
        var writer = new NetlinkWriter(stackalloc byte[128]);
        writer.Begin(SOCK_DIAG_BY_FAMILY, 0);
        writer.Header(new inet_diag_req_v2 { sdiag_family = family, sdiag_protocol = IPPROTO_TCP, idiag_states = 1u << TCP_ESTABLISHED });
        writer.End();
        try
        {
            lock (_gate)
            {
                return _socket.Dump<SocketSession>(writer.Written, SocketDiagParser.TryParse);
            }
        }
        catch (NetlinkException exception) when (exception.ErrorNumber == Libc.ENOENT)
        {
            throw new NetlinkException($"the kernel does not list TCP connections (inet_diag, module tcp_diag): {exception.Message}", exception);
        }
    }
}
