using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>Sends whole frames by one interface, many with one system call, and runs of UDP datagrams of one size as one frame that the kernel or the interface
/// splits (AF_PACKET with PACKET_VNET_HDR, packet(7)). Opened with CAP_NET_RAW, used without. It owns its descriptor; one thread uses it and nothing is allocated
/// per frame. A message is made of <see cref="Begin"/>, <see cref="AddPayload"/> for each part, and <see cref="End"/>.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class PacketSender : IDisposable
{
    /// <summary>Room for a frame's headers: Ethernet with two tags, IPv4 with options or IPv6 with a fragment header, UDP.</summary>
    public const int MaxHeaderBytes = 118;

    /// <summary>Datagrams one message may be split into (UDP_MAX_SEGMENTS of linux/udp.h before 6.7).</summary>
    public const int MaxSegments = 64;

    /// <summary>Bytes of a frame that is split, headers and all: a total length of IPv4 has 16 bits.</summary>
    public const int MaxFrameBytes = 65_000;

    private const int VirtioHeaderBytes = 10;
    private const int HeadBytes = VirtioHeaderBytes + MaxHeaderBytes;
    private const int Messages = 128;
    private const int Vectors = 640;

    // linux/virtio_net.h.
    private const byte NeedsChecksum = 1;
    private const byte GsoTypeUdp = 5;
    private const int UdpChecksumOffset = 6;

    private readonly SafeHandle _handle;
    private readonly int _fd;
    private readonly PacketSendBatch _batch = new(Messages, Vectors, HeadBytes);
    private byte* _head;

    /// <summary>Takes a descriptor of <see cref="Open"/>.</summary>
    /// <param name="handle">The descriptor, owned by the result from now on.</param>
    public PacketSender(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handle = handle;
        _fd = (int)handle.DangerousGetHandle();
    }

    /// <summary>Messages that wait for <see cref="Flush"/>.</summary>
    public int Count => _batch.Count;

    /// <summary>Opens a socket that sends by one interface and receives nothing, in the network namespace of the calling thread. Takes CAP_NET_RAW, and
    /// CAP_NET_ADMIN for a buffer beyond the host's limit.</summary>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="sendBufferBytes">Bytes that may wait for the interface.</param>
    /// <returns>The descriptor; the caller disposes it.</returns>
    /// <exception cref="SocketException">A step failed: no such interface (ENODEV), a capability is missing; the message names the step.</exception>
    public static SafeHandle Open(int interfaceIndex, int sendBufferBytes = 8 * 1024 * 1024)
    {
        SafeDescriptor fd = Libc.socket(PacketApi.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        try
        {
            Check(fd.IsInvalid ? -1 : 0, "open a packet socket");
            int one = 1;
            Check(Libc.setsockopt(fd, PacketApi.SOL_PACKET, PacketApi.PACKET_VNET_HDR, &one, sizeof(int)), "set PACKET_VNET_HDR");
            if (Libc.setsockopt(fd, Libc.SOL_SOCKET, TunnelApi.SO_SNDBUFFORCE, &sendBufferBytes, sizeof(int)) < 0)
            {
                Check(Libc.setsockopt(fd, Libc.SOL_SOCKET, TunnelApi.SO_SNDBUF, &sendBufferBytes, sizeof(int)), "set the send buffer");
            }

            // Protocol 0: it is never given a frame.
            PacketApi.sockaddr_ll address = new() { sll_family = PacketApi.AF_PACKET, sll_ifindex = interfaceIndex };
            Check(Libc.bind(fd, &address, (uint)sizeof(PacketApi.sockaddr_ll)), $"bind a sender to interface {interfaceIndex}");
            SocketLock.Lock(fd);
            return fd;
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>Whether one more message has room; if not, flush first.</summary>
    /// <param name="parts">Parts it will have besides the headers.</param>
    /// <returns>True when so.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasRoom(int parts) => _batch.HasRoom(parts + 1);

    /// <summary>Begins a message, for which <see cref="HasRoom"/> was asked.</summary>
    /// <param name="headerBytes">Length of its headers, 118 at most.</param>
    /// <returns>Where to write the headers; what is there is of earlier messages.</returns>
    public Span<byte> Begin(int headerBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)headerBytes, (uint)MaxHeaderBytes, nameof(headerBytes));
        _head = _batch.Begin();
        new Span<byte>(_head, VirtioHeaderBytes).Clear();
        _batch.Add(_head, VirtioHeaderBytes + headerBytes);
        return new Span<byte>(_head + VirtioHeaderBytes, headerBytes);
    }

    /// <summary>Adds a part behind the headers.</summary>
    /// <param name="part">The part: it is read by <see cref="Flush"/> and must not change until then.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPayload(PacketMemory part) => _batch.Add(part.Start, part.Length);

    /// <summary>Leaves the UDP checksum of the open message to the kernel or the interface. Its field must hold the sum of the pseudo header.</summary>
    /// <param name="udpOffset">Where the UDP header begins.</param>
    public void CompleteChecksum(int udpOffset)
    {
        _head[0] = NeedsChecksum;
        *(ushort*)(_head + 6) = (ushort)udpOffset;
        *(ushort*)(_head + 8) = UdpChecksumOffset;
    }

    /// <summary>Has the open message split into datagrams, each with a checksum of its own; lengths and pseudo header are those of the whole.</summary>
    /// <param name="udpOffset">Where the UDP header begins; it ends the headers.</param>
    /// <param name="segmentBytes">Payload of each datagram; the last may have less.</param>
    public void Split(int udpOffset, int segmentBytes)
    {
        CompleteChecksum(udpOffset);
        _head[1] = GsoTypeUdp;
        *(ushort*)(_head + 2) = (ushort)(udpOffset + 8);
        *(ushort*)(_head + 4) = (ushort)segmentBytes;
    }

    /// <summary>Takes the open message back.</summary>
    public void Cancel() => _batch.Cancel();

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

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            throw DescriptorChannel.Failure(step, Marshal.GetLastPInvokeError());
        }
    }
}
