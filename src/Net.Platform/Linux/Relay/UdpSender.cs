using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>Sends UDP datagrams by a socket, many with one system call, and runs of one size as one message that the kernel splits (UDP_SEGMENT, udp(7)).
/// Needs no capability. It owns its descriptor; one thread uses it and nothing is allocated per message. A message is made of <see cref="Begin()"/>,
/// <see cref="AddPayload"/> for each part, and <see cref="End"/>.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class UdpSender : IDisposable
{
    /// <summary>Datagrams one message may be split into (UDP_MAX_SEGMENTS of linux/udp.h before 6.7).</summary>
    public const int MaxSegments = 64;

    /// <summary>Payload of one message.</summary>
    public const int MaxMessageBytes = 65_000;

    // CMSG_SPACE(2) is 24 (sys/socket.h, 64-bit); a sockaddr behind it.
    private const int ControlBytes = 24;
    private const int HeadBytes = ControlBytes + 32;
    private const int Messages = 64;
    private const int Vectors = 320;

    private readonly SafeHandle _handle;
    private readonly int _fd;
    private readonly PacketSendBatch _batch = new(Messages, Vectors, HeadBytes);
    private byte* _head;

    /// <summary>Takes a descriptor of <see cref="Open"/>, or any UDP socket's.</summary>
    /// <param name="handle">The descriptor, owned by the result from now on.</param>
    public UdpSender(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handle = handle;
        _fd = (int)handle.DangerousGetHandle();
    }

    /// <summary>Messages that wait for <see cref="Flush"/>.</summary>
    public int Count => _batch.Count;

    /// <summary>Opens a socket in the network namespace of the calling thread.</summary>
    /// <param name="options">How.</param>
    /// <returns>The descriptor; the caller disposes it.</returns>
    /// <exception cref="SocketException">A step failed; the message names it.</exception>
    public static SafeHandle Open(UdpSenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        bool isIPv6 = options.Source.AddressFamily == AddressFamily.InterNetworkV6;
        SafeDescriptor fd = Libc.socket(isIPv6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        try
        {
            Check(fd.IsInvalid ? -1 : 0, "open a UDP socket");
            SetFamilyOptions(fd, options, isIPv6);
            int bytes = options.SendBufferBytes;
            if (Libc.setsockopt(fd, Libc.SOL_SOCKET, TunnelApi.SO_SNDBUFFORCE, &bytes, sizeof(int)) < 0)
            {
                SetOption(fd, Libc.SOL_SOCKET, TunnelApi.SO_SNDBUF, bytes, "set the send buffer");
            }

            if (options.Device is not null)
            {
                byte[] device = Encoding.UTF8.GetBytes(options.Device);
                fixed (byte* name = device)
                {
                    Check(Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, name, (uint)device.Length), $"bind to {options.Device}");
                }
            }

            if (options.Source.Port != 0 || !(options.Source.Address.Equals(IPAddress.Any) || options.Source.Address.Equals(IPAddress.IPv6Any)))
            {
                // Several senders may leave with one source; none of them receives.
                SetOption(fd, Libc.SOL_SOCKET, PacketApi.SO_REUSEADDR, 1, "set SO_REUSEADDR");
                SocketEndpoint source = SocketEndpoint.From(options.Source);
                Check(Libc.bind(fd, &source, (uint)source.AsBytes.Length), $"bind to {options.Source}");
            }

            if (options.Destination is { } to)
            {
                SocketEndpoint destination = SocketEndpoint.From(to);
                Check(Libc.connect(fd, &destination, (uint)destination.AsBytes.Length), $"connect to {to}");
            }

            return fd;
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>Whether one more message has room; if not, flush first.</summary>
    /// <param name="parts">Parts it will have.</param>
    /// <returns>True when so.</returns>
    public bool HasRoom(int parts) => _batch.HasRoom(parts);

    /// <summary>Begins a message, for which <see cref="HasRoom"/> was asked, to where the socket is connected.</summary>
    public void Begin() => _head = _batch.Begin();

    /// <summary>Begins a message, for which <see cref="HasRoom"/> was asked.</summary>
    /// <param name="to">Where to.</param>
    public void Begin(in SocketEndpoint to)
    {
        _head = _batch.Begin();
        *(SocketEndpoint*)(_head + ControlBytes) = to;
        _batch.Address(_head + ControlBytes, to.IsIPv4 ? sizeof(Libc.sockaddr_in) : sizeof(Libc.sockaddr_in6));
    }

    /// <summary>Adds a part.</summary>
    /// <param name="part">The part: it is read by <see cref="Flush"/> and must not change until then.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPayload(PacketMemory part) => _batch.Add(part.Start, part.Length);

    /// <summary>Has the open message split into datagrams.</summary>
    /// <param name="segmentBytes">Payload of each; the last may have less.</param>
    public void Split(int segmentBytes)
    {
        var header = (Libc.cmsghdr*)_head;
        header->cmsg_len = (nuint)sizeof(Libc.cmsghdr) + sizeof(ushort);
        header->cmsg_level = TunnelApi.IPPROTO_UDP;
        header->cmsg_type = TunnelApi.UDP_SEGMENT;
        *(ushort*)(header + 1) = (ushort)segmentBytes;
        _batch.Control(_head, ControlBytes);
    }

    /// <summary>Ends the open message.</summary>
    /// <param name="tag">A number by which a failure is told.</param>
    /// <param name="packets">Packets it stands for.</param>
    /// <param name="bytes">Bytes it stands for in the caller's counters.</param>
    public void End(int tag, int packets, int bytes) => _batch.End(tag, packets, bytes);

    /// <summary>Sends all messages. Never waits for the interface.</summary>
    /// <returns>Those that were not sent; valid until the next flush.</returns>
    public ReadOnlySpan<SendFailure> Flush() => _batch.Count == 0 ? [] : _batch.Flush(_fd);

    /// <inheritdoc />
    public void Dispose()
    {
        _batch.Dispose();
        _handle.Dispose();
    }

    private static void SetFamilyOptions(SafeDescriptor fd, UdpSenderOptions options, bool isIPv6)
    {
        if (isIPv6)
        {
            SetOption(fd, Libc.IPPROTO_IPV6, TunnelApi.IPV6_V6ONLY, 1, "set IPV6_V6ONLY");
            SetOption(fd, Libc.IPPROTO_IPV6, PacketApi.IPV6_MULTICAST_IF, options.InterfaceIndex, "set IPV6_MULTICAST_IF");
            SetOption(fd, Libc.IPPROTO_IPV6, PacketApi.IPV6_MULTICAST_HOPS, options.Ttl, "set IPV6_MULTICAST_HOPS");
            SetOption(fd, Libc.IPPROTO_IPV6, Libc.IPV6_UNICAST_HOPS, options.Ttl, "set IPV6_UNICAST_HOPS");
            SetOption(fd, Libc.IPPROTO_IPV6, PacketApi.IPV6_MULTICAST_LOOP, 0, "set IPV6_MULTICAST_LOOP");
            SetOption(fd, Libc.IPPROTO_IPV6, PacketApi.IPV6_TCLASS, options.Dscp << 2, "set IPV6_TCLASS");
            SetOption(fd, Libc.IPPROTO_IPV6, TunnelApi.IPV6_MTU_DISCOVER, options.Fragment ? PacketApi.IPV6_PMTUDISC_DONT : TunnelApi.IPV6_PMTUDISC_PROBE, "set IPV6_MTU_DISCOVER");
            return;
        }

        PacketApi.ip_mreqn by = new() { imr_ifindex = options.InterfaceIndex };
        Check(Libc.setsockopt(fd, Libc.IPPROTO_IP, PacketApi.IP_MULTICAST_IF, &by, (uint)sizeof(PacketApi.ip_mreqn)), "set IP_MULTICAST_IF");
        SetOption(fd, Libc.IPPROTO_IP, PacketApi.IP_MULTICAST_TTL, options.Ttl, "set IP_MULTICAST_TTL");
        SetOption(fd, Libc.IPPROTO_IP, Libc.IP_TTL, options.Ttl, "set IP_TTL");
        SetOption(fd, Libc.IPPROTO_IP, PacketApi.IP_MULTICAST_LOOP, 0, "set IP_MULTICAST_LOOP");
        SetOption(fd, Libc.IPPROTO_IP, PacketApi.IP_TOS, options.Dscp << 2, "set IP_TOS");
        SetOption(fd, Libc.IPPROTO_IP, TunnelApi.IP_MTU_DISCOVER, options.Fragment ? PacketApi.IP_PMTUDISC_DONT : TunnelApi.IP_PMTUDISC_PROBE, "set IP_MTU_DISCOVER");
    }

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
