using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Hears and sends IGMP or MLD on one interface. A packet socket, not a raw IP one: hosts of IGMPv2 and MLDv1 report to the group itself, and a raw IP socket gets such packets
/// only of groups this host has joined, or by taking the kernel's multicast routing (MRT_INIT), of which there is one per namespace and which smcroute, pimd or mrouted may have.
/// Needs CAP_NET_RAW as that would. It hears every other host of the link, not programs of this one.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class RawGroupSocket : IDisposable
{
    // Larger than any MTU that carries reports; what is longer is cut and then refused by its length.
    internal const int BufferBytes = 64 << 10;

    private const int MaximumPacketsPerTurn = 256;
    private const int EthernetBytes = 6;
    private const byte IgmpProtocol = 2;
    private const byte Icmpv6Protocol = 58;
    private const int ReceiveBufferBytes = 1 << 20;

    private readonly SafeDescriptor _fd;
    private readonly AddressFamily _family;
    private readonly int _interfaceIndex;
    private readonly RawGroupHandler _handler;

    internal RawGroupSocket(int interfaceIndex, AddressFamily family, RawGroupHandler handler)
    {
        _interfaceIndex = interfaceIndex;
        _family = family;
        _handler = handler;

        // Protocol 0: nothing is heard before the filter stands and the interface is chosen.
        _fd = Libc.socket(GroupApi.AF_PACKET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        Check(_fd.IsInvalid ? -1 : 0, "open a packet socket (needs CAP_NET_RAW)");
        try
        {
            AttachFilter();
            int bytes = ReceiveBufferBytes;
            Libc.setsockopt(_fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, &bytes, sizeof(int));
            GroupApi.sockaddr_ll address = Address(group: null);
            Check(Libc.bind(_fd, &address, (uint)sizeof(GroupApi.sockaddr_ll)), $"listen to group reports on interface {interfaceIndex}");

            // Reports go to addresses the hardware would filter out; the kernel takes the wish back when the socket closes.
            var wish = new GroupApi.packet_mreq { mr_ifindex = interfaceIndex, mr_type = GroupApi.PACKET_MR_ALLMULTI };
            Check(
                Libc.setsockopt(_fd, GroupApi.SOL_PACKET, GroupApi.PACKET_ADD_MEMBERSHIP, &wish, (uint)sizeof(GroupApi.packet_mreq)),
                $"receive all multicast on interface {interfaceIndex}");
        }
        catch
        {
            _fd.Dispose();
            throw;
        }
    }

    /// <summary>Ends hearing; made by the sockets' owner.</summary>
    internal Action<RawGroupSocket>? Closing { get; set; }

    /// <summary>The descriptor. This object keeps owning it.</summary>
    internal SafeDescriptor Descriptor => _fd;

    /// <summary>Sends a packet.</summary>
    /// <param name="destination">The multicast address it goes to; its link-layer address is made from it (RFC 1112 section 6.4, RFC 2464 section 7).</param>
    /// <param name="packet">The packet from its IP header on.</param>
    /// <returns>Null when the kernel took it, otherwise why not, as one sentence.</returns>
    public string? Send(IPAddress destination, ReadOnlySpan<byte> packet)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (_fd.IsClosed)
        {
            return "The socket is closed.";
        }

        GroupApi.sockaddr_ll address = Address(destination);
        fixed (byte* data = packet)
        {
            nint sent = Libc.sendto(_fd, data, (nuint)packet.Length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL, &address, (uint)sizeof(GroupApi.sockaddr_ll));
            return sent < 0 ? $"A query could not be sent: {Libc.Describe(Marshal.GetLastPInvokeError())}." : null;
        }
    }

    /// <summary>Stops hearing. The handler may still be called once while this happens.</summary>
    public void Dispose()
    {
        if (Closing is { } closing)
        {
            closing(this);
        }
        else
        {
            _fd.Dispose();
        }
    }

    /// <summary>Closes the descriptor; for the thread that polls it.</summary>
    internal void Close() => _fd.Dispose();

    /// <summary>Hands on the packets that are waiting.</summary>
    /// <param name="buffer">Room for one.</param>
    internal void Drain(Span<byte> buffer)
    {
        for (int i = 0; i < MaximumPacketsPerTurn; i++)
        {
            nint length;
            fixed (byte* data = buffer)
            {
                // Reading also takes away the error that a socket has after its interface went down; it hears again once that is up.
                length = Libc.recvfrom(_fd, data, (nuint)buffer.Length, Libc.MSG_DONTWAIT, null, null);
            }

            if (length < 0)
            {
                return;
            }

            _handler(buffer[..(int)length]);
        }
    }

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            throw new NetlinkException(step, Marshal.GetLastPInvokeError());
        }
    }

    private GroupApi.sockaddr_ll Address(IPAddress? group)
    {
        int protocol = _family == AddressFamily.InterNetwork ? GroupApi.ETH_P_IP : GroupApi.ETH_P_IPV6;
        var address = new GroupApi.sockaddr_ll
        {
            sll_family = GroupApi.AF_PACKET,
            sll_protocol = BinaryPrimitives.ReverseEndianness((ushort)protocol),
            sll_ifindex = _interfaceIndex,
        };
        Span<byte> bytes = stackalloc byte[16];
        if (group is null || !group.TryWriteBytes(bytes, out int length))
        {
            return address;
        }

        // 01:00:5e and the last 23 bits of an IPv4 group; 33:33 and the last 32 bits of an IPv6 group.
        ReadOnlySpan<byte> mac = length == 4
            ? [0x01, 0x00, 0x5e, (byte)(bytes[1] & 0x7f), bytes[2], bytes[3]]
            : [0x33, 0x33, bytes[12], bytes[13], bytes[14], bytes[15]];
        mac.CopyTo(new Span<byte>(address.sll_addr, EthernetBytes));
        address.sll_halen = EthernetBytes;
        return address;
    }

    /// <summary>Lets the kernel drop all but IGMP; of IPv6 all but ICMPv6 behind hop-by-hop options, which is MLD alone but for a few.</summary>
    private void AttachFilter()
    {
        ReadOnlySpan<Libc.sock_filter> v4 = [Load(9), SkipUnless(IgmpProtocol, 1), Return(uint.MaxValue), Return(0)];
        ReadOnlySpan<Libc.sock_filter> v6 = [Load(6), SkipUnless(0, 3), Load(40), SkipUnless(Icmpv6Protocol, 1), Return(uint.MaxValue), Return(0)];
        ReadOnlySpan<Libc.sock_filter> program = _family == AddressFamily.InterNetwork ? v4 : v6;
        fixed (Libc.sock_filter* first = program)
        {
            var filter = new Libc.sock_fprog { len = (ushort)program.Length, filter = first };
            Check(Libc.setsockopt(_fd, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, &filter, (uint)sizeof(Libc.sock_fprog)), "attach a filter to a packet socket");
        }

        static Libc.sock_filter Load(uint offset) => new() { code = Libc.BPF_LD | Libc.BPF_B | Libc.BPF_ABS, k = offset };
        static Libc.sock_filter SkipUnless(uint value, byte skip) => new() { code = Libc.BPF_JMP | Libc.BPF_JEQ | Libc.BPF_K, k = value, jf = skip };
        static Libc.sock_filter Return(uint bytes) => new() { code = Libc.BPF_RET | Libc.BPF_K, k = bytes };
    }
}
