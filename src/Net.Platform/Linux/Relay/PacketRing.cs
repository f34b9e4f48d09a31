using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>A ring of received frames shared with the kernel (AF_PACKET with TPACKET_V2, the kernel's Documentation/networking/packet_mmap.rst): frames are read
/// where the kernel put them, without a system call each. It is opened with CAP_NET_RAW and mapped without. It owns the descriptor; one thread uses it.
/// Another process may have used the descriptor before: reading goes on where that one stopped.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class PacketRing : IDisposable
{
    /// <summary>Bytes before a frame's own that may be overwritten: room for an Ethernet header where there is none.</summary>
    public const int HeadroomBytes = 14;

    // struct virtio_net_hdr of linux/virtio_net.h: flags, gso_type, hdr_len, gso_size, csum_start, csum_offset.
    private const int VirtioHeaderBytes = 10;
    private const int GsoTypeUdp = 5;
    private const int GsoTypeMask = 0x7f;

    // sll_pkttype in the sockaddr_ll that follows the header, which is aligned to 16.
    private const int PacketTypeOffset = 32 + 10;

    // The kernel writes on another core: each line of a frame is on its way from there for as long as it takes to relay several packets. The headers of a place are asked for this many
    // frames before they are looked at, and the first bytes of a frame that is known to be there a little later.
    private const int HeaderLookahead = 8;
    private const int FrameLookahead = 4;
    private const int CacheLineBytes = 64;

    private readonly SafeHandle _handle;
    private readonly int _fd;
    private readonly PacketRingLayout _layout;
    private readonly int[] _offsets;
    private byte* _memory;
    private int _next;
    private int _peeked;
    private bool _isPlaced;
    private int _filled;

    /// <summary>Maps a ring.</summary>
    /// <param name="handle">A descriptor of <see cref="Open"/>, owned by the result from now on, also when this throws.</param>
    /// <param name="layout">The layout it was opened with.</param>
    /// <exception cref="SocketException">It cannot be mapped: it has no ring, or one of another layout.</exception>
    public PacketRing(SafeHandle handle, PacketRingLayout layout)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handle = handle;
        _fd = (int)handle.DangerousGetHandle();
        _layout = layout;
        void* memory = layout.IsPossible ? PacketApi.mmap(null, (nuint)layout.Bytes, PacketApi.PROT_READ | PacketApi.PROT_WRITE, PacketApi.MAP_SHARED, handle, 0) : (void*)-1;
        if (memory == (void*)-1)
        {
            int error = layout.IsPossible ? Marshal.GetLastPInvokeError() : Libc.EINVAL;
            handle.Dispose();
            throw DescriptorChannel.Failure("map a ring of frames", error);
        }

        _memory = (byte*)memory;
        _offsets = new int[layout.FrameCount];
        int perBlock = layout.BlockBytes / layout.FrameBytes;
        for (int frame = 0; frame < _offsets.Length; frame++)
        {
            _offsets[frame] = (frame / perBlock * layout.BlockBytes) + (frame % perBlock * layout.FrameBytes);
        }
    }

    /// <summary>The descriptor, readable when frames wait. This object keeps owning it.</summary>
    public SafeHandle Handle => _handle;

    /// <summary>Frames looked at and not released yet.</summary>
    public int Peeked => _peeked;

    /// <summary>Opens a ring in the network namespace of the calling thread and lets frames of all kinds of its interface come in, before any hook of the
    /// interface's ingress sees them. What this host sends by the interface does not come. Its filter is locked for good. Takes CAP_NET_RAW.</summary>
    /// <param name="options">Which interface, how much memory, which filter, which group.</param>
    /// <param name="layout">Gets the layout, for <see cref="PacketRing(SafeHandle, PacketRingLayout)"/> in whatever process.</param>
    /// <returns>The descriptor; the caller disposes it. While a copy of it is open the kernel goes on filling the ring.</returns>
    /// <exception cref="SocketException">A step failed: no such interface (ENODEV), no memory, a capability is missing; the message names the step.</exception>
    public static SafeHandle Open(PacketRingOptions options, out PacketRingLayout layout)
    {
        ArgumentNullException.ThrowIfNull(options);
        layout = PacketRingLayout.For(options.MtuBytes, options.RingBytes);
        SafeDescriptor fd = Libc.socket(PacketApi.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        try
        {
            Check(fd.IsInvalid ? -1 : 0, "open a packet socket");
            SetOption(fd, PacketApi.PACKET_VERSION, PacketApi.TPACKET_V2, "set PACKET_VERSION");
            SetOption(fd, PacketApi.PACKET_VNET_HDR, 1, "set PACKET_VNET_HDR");
            SetOption(fd, PacketApi.PACKET_IGNORE_OUTGOING, 1, "set PACKET_IGNORE_OUTGOING");

            // Frames larger than a place, which are batches joined by the kernel or their sender, are kept whole in the socket's buffer. The kernel counts four times their payload, so that this
            // is for 40 ms of 400,000 packets of 1,024 bytes a second; it is memory of the kernel, and used only while the worker stands still.
            SetOption(fd, PacketApi.PACKET_COPY_THRESH, 1, "set PACKET_COPY_THRESH");
            int receiveBuffer = 32 * 1024 * 1024;
            _ = PacketApi.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, &receiveBuffer, sizeof(int));
            PacketRingFilter.Accept(options.AcceptUnicast).Attach(fd, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, "attach the filter of a ring");

            PacketApi.tpacket_req request = new()
            {
                tp_block_size = (uint)layout.BlockBytes,
                tp_block_nr = (uint)layout.BlockCount,
                tp_frame_size = (uint)layout.FrameBytes,
                tp_frame_nr = (uint)layout.FrameCount,
            };
            Check(Libc.setsockopt(fd, PacketApi.SOL_PACKET, PacketApi.PACKET_RX_RING, &request, (uint)sizeof(PacketApi.tpacket_req)), "make a ring of frames");
            PacketApi.sockaddr_ll address = new() { sll_family = PacketApi.AF_PACKET, sll_protocol = NetworkOrder(PacketApi.ETH_P_ALL), sll_ifindex = options.InterfaceIndex };
            Check(Libc.bind(fd, &address, (uint)sizeof(PacketApi.sockaddr_ll)), $"bind a ring to interface {options.InterfaceIndex}");
            if (options.FanoutGroup is int group)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(group, nameof(options));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(group, ushort.MaxValue, nameof(options));
                SetOption(fd, PacketApi.PACKET_FANOUT, group | (PacketApi.PACKET_FANOUT_CBPF << 16), $"join group {group} of rings");
                PacketRingProgram.Attach([.. options.Steering.Select(static one => new Libc.sock_filter { code = one.Code, jt = one.JumpTrue, jf = one.JumpFalse, k = one.Value })], fd, PacketApi.SOL_PACKET, PacketApi.PACKET_FANOUT_DATA, "attach the steering of a group of rings");
            }

            SocketLock.Lock(fd);
            return fd;
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>Looks at the next frame, which stays the ring's.</summary>
    /// <param name="frame">Gets the frame.</param>
    /// <returns>False when there is none now.</returns>
    public bool TryPeek(out PacketFrame frame)
    {
        if (!_isPlaced && !TryPlace())
        {
            frame = default;
            return false;
        }

        int index = _next + _peeked;
        index = index >= _offsets.Length ? index - _offsets.Length : index;
        byte* place = _memory + _offsets[index];
        var header = (PacketApi.tpacket2_hdr*)place;
        uint status = Volatile.Read(ref header->tp_status);
        if ((status & PacketApi.TP_STATUS_USER) == 0 || _peeked == _offsets.Length)
        {
            frame = default;
            return false;
        }

        _peeked++;
        Prefetch(index);
        frame = Describe(place, status);
        return true;
    }

    /// <summary>Gives all frames that were looked at back to the kernel.</summary>
    public void Release()
    {
        for (; _peeked > 0; _peeked--)
        {
            Volatile.Write(ref ((PacketApi.tpacket2_hdr*)(_memory + _offsets[_next]))->tp_status, PacketApi.TP_STATUS_KERNEL);
            _next = _next + 1 == _offsets.Length ? 0 : _next + 1;
        }
    }

    /// <summary>Gets the oldest frame that was too large for a place. They come in the order of their places.</summary>
    /// <param name="buffer">Where to; 66,000 bytes hold every frame.</param>
    /// <param name="frame">Gets the frame.</param>
    /// <returns>False when there is none.</returns>
    [SkipLocalsInit]
    public bool ReadOversize(PacketMemory buffer, out PacketFrame frame)
    {
        byte* virtio = stackalloc byte[VirtioHeaderBytes];
        PacketApi.sockaddr_ll from;
        PacketMemory data = buffer.Slice(HeadroomBytes, buffer.Length - HeadroomBytes);
        Libc.iovec* vectors = stackalloc Libc.iovec[2];
        vectors[0] = new Libc.iovec { iov_base = virtio, iov_len = VirtioHeaderBytes };
        vectors[1] = new Libc.iovec { iov_base = data.Start, iov_len = (nuint)data.Length };
        Libc.msghdr message = new() { msg_name = &from, msg_namelen = (uint)sizeof(PacketApi.sockaddr_ll), msg_iov = vectors, msg_iovlen = 2 };
        nint received = TunnelApi.recvmsg(_fd, &message, Libc.MSG_DONTWAIT);
        if (received <= VirtioHeaderBytes || (message.msg_flags & Libc.MSG_TRUNC) != 0)
        {
            frame = default;
            return false;
        }

        frame = new PacketFrame
        {
            Memory = data.Slice(0, (int)received - VirtioHeaderBytes),
            LinkBytes = from.sll_hatype == PacketApi.ARPHRD_NONE ? 0 : HeadroomBytes,
            SegmentBytes = SegmentBytesOf(virtio),
            IsChecksumPartial = (virtio[0] & 1) != 0,
            IsChecksumVerified = (virtio[0] & 2) != 0,
            IsForOtherHost = from.sll_pkttype == PacketApi.PACKET_OTHERHOST,
        };
        return true;
    }

    /// <summary>How many frames the kernel dropped since the last call because no place was free (PACKET_STATISTICS, which counts from 0 again).</summary>
    /// <returns>The number.</returns>
    public long TakeOverruns()
    {
        PacketApi.tpacket_stats statistics = default;
        uint length = (uint)sizeof(PacketApi.tpacket_stats);
        return Libc.getsockopt(_handle, PacketApi.SOL_PACKET, PacketApi.PACKET_STATISTICS, &statistics, &length) < 0 ? 0 : statistics.tp_drops;
    }

    /// <summary>Takes the error the kernel noted, so that waiting for the descriptor does not return at once again and again.</summary>
    /// <returns>0, or an errno: ENETDOWN (100) when the interface went down; frames come again once it is up.</returns>
    public int TakeError()
    {
        int error = 0;
        uint length = sizeof(int);
        return Libc.getsockopt(_handle, Libc.SOL_SOCKET, PacketApi.SO_ERROR, &error, &length) < 0 ? Marshal.GetLastPInvokeError() : error;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_memory is not null)
        {
            _ = PacketApi.munmap(_memory, (nuint)_layout.Bytes);
            _memory = null;
        }

        _handle.Dispose();
    }

    /// <summary>Does what the kernel does with a frame whose checksum it verified, for a ring that is in memory of this process only.</summary>
    /// <param name="frame">The frame, from its Ethernet header on.</param>
    /// <param name="segmentBytes">Size of each datagram when it stands for several; 0 for one.</param>
    /// <param name="isOversize">Whether to say that the frame waits elsewhere.</param>
    /// <returns>False when the ring is full.</returns>
    internal bool TryPut(ReadOnlySpan<byte> frame, int segmentBytes, bool isOversize)
    {
        const int frameOffset = 80;
        byte* place = _memory + _offsets[_filled];
        var header = (PacketApi.tpacket2_hdr*)place;
        if ((header->tp_status & PacketApi.TP_STATUS_USER) != 0)
        {
            return false;
        }

        frame.CopyTo(new Span<byte>(place + frameOffset, frame.Length));
        header->tp_mac = frameOffset;
        header->tp_net = frameOffset + HeadroomBytes;
        header->tp_len = header->tp_snaplen = (uint)frame.Length;
        byte* virtio = place + frameOffset - VirtioHeaderBytes;
        virtio[1] = (byte)(segmentBytes > 0 ? GsoTypeUdp : 0);
        *(ushort*)(virtio + 4) = (ushort)segmentBytes;
        Volatile.Write(ref header->tp_status, PacketApi.TP_STATUS_USER | PacketApi.TP_STATUS_CSUM_VALID | (isOversize ? PacketApi.TP_STATUS_COPY : 0));
        _filled = _filled + 1 == _offsets.Length ? 0 : _filled + 1;
        return true;
    }

    /// <summary>A number of 16 bits in network byte order.</summary>
    /// <param name="value">The number.</param>
    internal static ushort NetworkOrder(int value) => BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((ushort)value) : (ushort)value;

    private static int SegmentBytesOf(byte* virtio) => (virtio[1] & GsoTypeMask) == GsoTypeUdp ? *(ushort*)(virtio + 4) : 0;

    private static void SetOption(SafeDescriptor fd, int name, int value, string step) =>
        Check(Libc.setsockopt(fd, PacketApi.SOL_PACKET, name, &value, sizeof(int)), step);

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            throw DescriptorChannel.Failure(step, Marshal.GetLastPInvokeError());
        }
    }

    private PacketFrame Describe(byte* place, uint status)
    {
        var header = (PacketApi.tpacket2_hdr*)place;
        byte* data = place + header->tp_mac;
        return new PacketFrame
        {
            Memory = new PacketMemory(data, (int)header->tp_snaplen),
            LinkBytes = header->tp_net - header->tp_mac,
            MissingBytes = (int)(header->tp_len - header->tp_snaplen),
            SegmentBytes = SegmentBytesOf(data - VirtioHeaderBytes),
            VlanId = (status & PacketApi.TP_STATUS_VLAN_VALID) != 0 ? header->tp_vlan_tci & 0xfff : 0,
            IsOversize = (status & PacketApi.TP_STATUS_COPY) != 0,
            IsChecksumPartial = (status & PacketApi.TP_STATUS_CSUMNOTREADY) != 0,
            IsChecksumVerified = (status & PacketApi.TP_STATUS_CSUM_VALID) != 0,
            IsForOtherHost = place[PacketTypeOffset] == PacketApi.PACKET_OTHERHOST,
        };
    }

    private void Prefetch(int index)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        Sse.Prefetch0(PlaceOf(index + HeaderLookahead));
        byte* near = PlaceOf(index + FrameLookahead);
        if ((Volatile.Read(ref ((PacketApi.tpacket2_hdr*)near)->tp_status) & PacketApi.TP_STATUS_USER) != 0)
        {
            Sse.Prefetch0(near + CacheLineBytes);
            Sse.Prefetch0(near + (2 * CacheLineBytes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* PlaceOf(int index) => _memory + _offsets[index < _offsets.Length ? index : index % _offsets.Length];

    // The kernel fills one place after the other, wherever the process before this one stopped: what waits begins behind a free place.
    private bool TryPlace()
    {
        // Asking the kernel costs less than looking at thousands of places in vain, four times a second on an idle link.
        Libc.pollfd ready = new() { fd = _fd, events = Libc.POLLIN };
        if (Libc.poll(&ready, 1, 0) <= 0)
        {
            return false;
        }

        if (IsFilled(0) && !IsFilled(_offsets.Length - 1))
        {
            return PlaceAt(0);
        }

        for (int frame = 1; frame < _offsets.Length; frame++)
        {
            if (IsFilled(frame) && !IsFilled(frame - 1))
            {
                return PlaceAt(frame);
            }
        }

        // All places wait: the oldest is first. None waits: nobody knows where the kernel stands.
        return IsFilled(0) && PlaceAt(OldestFrame());
    }

    private bool PlaceAt(int frame)
    {
        _next = frame;
        _isPlaced = true;
        return true;
    }

    private bool IsFilled(int frame) => (Volatile.Read(ref ((PacketApi.tpacket2_hdr*)(_memory + _offsets[frame]))->tp_status) & PacketApi.TP_STATUS_USER) != 0;

    private int OldestFrame()
    {
        int oldest = 0;
        ulong best = ulong.MaxValue;
        for (int frame = 0; frame < _offsets.Length; frame++)
        {
            var header = (PacketApi.tpacket2_hdr*)(_memory + _offsets[frame]);
            ulong time = ((ulong)header->tp_sec * 1_000_000_000) + header->tp_nsec;
            if (time < best)
            {
                best = time;
                oldest = frame;
            }
        }

        return oldest;
    }
}
