using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>Receives UDP datagrams by a socket, many with one system call (recvmmsg(2)), runs of one size from one sender joined by the kernel (UDP_GRO, udp(7)).
/// Needs no capability. It owns its descriptor; one thread uses it and nothing is allocated per message.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class UdpReceiver : IDisposable
{
    // linux/in.h and linux/in6.h.
    private const int IP_MULTICAST_ALL = 49;
    private const int IPV6_MULTICAST_ALL = 29;

    private readonly SafeHandle _handle;
    private readonly int _fd;

    /// <summary>Takes a descriptor of <see cref="Open"/>, or any UDP socket's.</summary>
    /// <param name="handle">The descriptor, owned by the result from now on, also when this throws.</param>
    /// <exception cref="SocketException">It is no socket of IPv4 or IPv6.</exception>
    public UdpReceiver(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handle = handle;
        _fd = (int)handle.DangerousGetHandle();
        SocketEndpoint local = default;
        uint length = (uint)sizeof(SocketEndpoint);
        if (TunnelApi.getsockname(handle, &local, &length) < 0 || *(ushort*)&local is not (Libc.AF_INET or Libc.AF_INET6))
        {
            handle.Dispose();
            throw new SocketException((int)SocketError.AddressFamilyNotSupported, "The descriptor is no UDP socket.");
        }

        Local = local.ToIPEndPoint();
    }

    /// <summary>The descriptor, readable when datagrams wait. This object keeps owning it.</summary>
    public SafeHandle Handle => _handle;

    /// <summary>What it receives: the address and port it is bound to.</summary>
    public IPEndPoint Local { get; }

    /// <summary>Opens a socket in the network namespace of the calling thread. It is a member of no group: joining is a matter of who keeps the memberships,
    /// and it receives what any socket of the host joined on its interface, unless the options say otherwise.</summary>
    /// <param name="options">How.</param>
    /// <returns>The descriptor; the caller disposes it.</returns>
    /// <exception cref="SocketException">A step failed; the message names it.</exception>
    public static SafeHandle Open(UdpReceiverOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        bool isIPv6 = options.Local.AddressFamily == AddressFamily.InterNetworkV6;
        SafeDescriptor fd = Libc.socket(isIPv6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        try
        {
            Check(fd.IsInvalid ? -1 : 0, "open a UDP socket");
            SetOption(fd, Libc.SOL_SOCKET, PacketApi.SO_REUSEADDR, 1, "set SO_REUSEADDR");
            if (isIPv6)
            {
                SetOption(fd, Libc.IPPROTO_IPV6, TunnelApi.IPV6_V6ONLY, 1, "set IPV6_V6ONLY");
            }

            if (!options.ReceivesForAll)
            {
                SetOption(fd, isIPv6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP, isIPv6 ? IPV6_MULTICAST_ALL : IP_MULTICAST_ALL, 0, "receive nothing for others");
            }

            int bytes = options.ReceiveBufferBytes;
            if (Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, &bytes, sizeof(int)) < 0)
            {
                SetOption(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, bytes, "set the receive buffer");
            }

            if (options.Device is not null)
            {
                byte[] device = Encoding.UTF8.GetBytes(options.Device);
                fixed (byte* name = device)
                {
                    Check(Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, name, (uint)device.Length), $"bind to {options.Device}");
                }
            }

            // A kernel without it delivers each datagram by itself, which is served just as well.
            int one = 1;
            _ = Libc.setsockopt(fd, TunnelApi.IPPROTO_UDP, TunnelApi.UDP_GRO, &one, sizeof(int));
            SocketEndpoint local = SocketEndpoint.From(options.Local);
            Check(Libc.bind(fd, &local, (uint)local.AsBytes.Length), $"bind to {options.Local}");
            return fd;
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>Receives what waits, up to a batch.</summary>
    /// <param name="batch">Where to; what was in it is gone.</param>
    /// <returns>How many messages came; 0 when there is nothing now.</returns>
    public int Receive(UdpReceiveBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Receive(_fd);
    }

    /// <summary>Takes the error the kernel noted, so that waiting for the descriptor does not return at once again and again.</summary>
    /// <returns>0, or an errno.</returns>
    public int TakeError()
    {
        int error = 0;
        uint length = sizeof(int);
        return Libc.getsockopt(_handle, Libc.SOL_SOCKET, PacketApi.SO_ERROR, &error, &length) < 0 ? Marshal.GetLastPInvokeError() : error;
    }

    /// <summary>How many datagrams the kernel has dropped in the socket's life because its buffer was full (SO_MEMINFO, sock_diag(7)).</summary>
    /// <returns>The number.</returns>
    public long ReadOverruns()
    {
        uint* values = stackalloc uint[PacketApi.SK_MEMINFO_VARS];
        uint length = PacketApi.SK_MEMINFO_VARS * sizeof(uint);
        return Libc.getsockopt(_handle, Libc.SOL_SOCKET, PacketApi.SO_MEMINFO, values, &length) < 0 ? 0 : values[PacketApi.SK_MEMINFO_DROPS];
    }

    /// <inheritdoc />
    public void Dispose() => _handle.Dispose();

    private static void SetOption(SafeDescriptor fd, int level, int name, int value, string step) =>
        Check(Libc.setsockopt(fd, level, name, &value, sizeof(int)), step);

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            throw DescriptorChannel.Failure(step, Marshal.GetLastPInvokeError());
        }
    }
}
