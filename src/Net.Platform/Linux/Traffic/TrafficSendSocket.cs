using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>A UDP socket that sends batches of equal datagrams to any number of places: one sendmmsg(2), in which a run of neighbours to one place is one
/// message that the kernel cuts (UDP_SEGMENT). It owns its descriptor and memory, is for one thread, and allocates nothing per call.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class TrafficSendSocket : IDisposable
{
    /// <summary>Most datagrams the kernel cuts one message into (UDP_MAX_SEGMENTS of include/linux/udp.h, before it was raised).</summary>
    public const int MostSegments = 64;

    private const int MostBytes = 65_507;
    private const int ControlBytes = 24;

    private readonly SafeDescriptor _fd;
    private readonly NativeBuffer _payloads;
    private readonly NativeBuffer _heads;
    private readonly int _bytes;
    private readonly int _capacity;
    private readonly int _mostRun;
    private readonly TrafficApi.mmsghdr* _messages;
    private readonly Libc.iovec* _vectors;
    private readonly byte* _controls;
    private readonly SocketEndpoint* _names;
    private readonly byte* _data;
    private int _queued;
    private bool _hasSegmentation = true;

    private TrafficSendSocket(SafeDescriptor fd, TrafficSenderOptions options)
    {
        _fd = fd;
        _bytes = options.PayloadBytes;
        _capacity = options.Capacity;
        _mostRun = Math.Clamp(MostBytes / _bytes, 1, MostSegments);
        _payloads = new NativeBuffer(_bytes * _capacity);
        int each = sizeof(TrafficApi.mmsghdr) + sizeof(Libc.iovec) + ControlBytes + sizeof(SocketEndpoint);
        _heads = new NativeBuffer(each * _capacity);

        // Native memory does not move: the pointers stay good until it is disposed.
        _data = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(_payloads.Span));
        _messages = (TrafficApi.mmsghdr*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(_heads.Span));
        _vectors = (Libc.iovec*)(_messages + _capacity);
        _controls = (byte*)(_vectors + _capacity);
        _names = (SocketEndpoint*)(_controls + (ControlBytes * _capacity));
    }

    /// <summary>Datagrams that fit in a batch.</summary>
    public int Capacity => _capacity;

    /// <summary>Datagrams a run may have: as many as the kernel cuts one message into.</summary>
    public int MostRun => _mostRun;

    /// <summary>Datagrams the kernel refused, other than for want of room: the way was not there or not allowed.</summary>
    public long Refused { get; private set; }

    /// <summary>The last errno it refused with; 0 for none.</summary>
    public int LastError { get; private set; }

    /// <summary>The same in the kernel's words; null for none.</summary>
    public string? LastErrorText => LastError == 0 ? null : Libc.Describe(LastError);

    /// <summary>Opens it in the network namespace of the calling thread. Needs no capability.</summary>
    /// <param name="options">How.</param>
    /// <returns>The socket.</returns>
    /// <exception cref="SocketException">There is no such interface, or a step failed; the message names it.</exception>
    public static TrafficSendSocket Open(TrafficSenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.PayloadBytes is > 0 and <= MostBytes, true, nameof(options));
        uint index = TrafficSocketOptions.IndexOf(options.Interface);
        SafeDescriptor fd = TrafficSocketOptions.OpenSocket(options.IsIPv6);
        try
        {
            TrafficSocketOptions.BindToDevice(fd, options.Interface);
            TrafficSocketOptions.SetBuffer(fd, TunnelApi.SO_SNDBUFFORCE, TunnelApi.SO_SNDBUF, options.SendBufferBytes, "set the send buffer");
            int loop = options.LoopsBack ? 1 : 0;
            if (options.IsIPv6)
            {
                int discover = options.Fragments ? TrafficApi.IP_PMTUDISC_DONT : TunnelApi.IPV6_PMTUDISC_PROBE;
                TrafficSocketOptions.Set(fd, Libc.IPPROTO_IPV6, TunnelApi.IPV6_MTU_DISCOVER, discover, "set IPV6_MTU_DISCOVER");
                TrafficSocketOptions.Set(fd, Libc.IPPROTO_IPV6, TrafficApi.IPV6_MULTICAST_IF, (int)index, "set IPV6_MULTICAST_IF");
                TrafficSocketOptions.Set(fd, Libc.IPPROTO_IPV6, TrafficApi.IPV6_MULTICAST_HOPS, options.Ttl, "set IPV6_MULTICAST_HOPS");
                TrafficSocketOptions.Set(fd, Libc.IPPROTO_IPV6, Libc.IPV6_UNICAST_HOPS, options.Ttl, "set IPV6_UNICAST_HOPS");
                TrafficSocketOptions.Set(fd, Libc.IPPROTO_IPV6, TrafficApi.IPV6_MULTICAST_LOOP, loop, "set IPV6_MULTICAST_LOOP");
            }
            else
            {
                int discover = options.Fragments ? TrafficApi.IP_PMTUDISC_DONT : TunnelApi.IP_PMTUDISC_PROBE;
                TrafficSocketOptions.Set(fd, Libc.IPPROTO_IP, TunnelApi.IP_MTU_DISCOVER, discover, "set IP_MTU_DISCOVER");
                TrafficApi.ip_mreqn request = new() { imr_ifindex = (int)index };
                TrafficSocketOptions.Check(
                    Libc.setsockopt(fd, Libc.IPPROTO_IP, TrafficApi.IP_MULTICAST_IF, &request, (uint)sizeof(TrafficApi.ip_mreqn)), "set IP_MULTICAST_IF");
                TrafficSocketOptions.Set(fd, Libc.IPPROTO_IP, TrafficApi.IP_MULTICAST_TTL, options.Ttl, "set IP_MULTICAST_TTL");
                TrafficSocketOptions.Set(fd, Libc.IPPROTO_IP, Libc.IP_TTL, options.Ttl, "set IP_TTL");
                TrafficSocketOptions.Set(fd, Libc.IPPROTO_IP, TrafficApi.IP_MULTICAST_LOOP, loop, "set IP_MULTICAST_LOOP");
            }

            if (options.Source is not null)
            {
                TrafficSocketOptions.Bind(fd, options.Source, 0);
            }

            return new TrafficSendSocket(fd, options);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>The payload at a place of the batch, to be written before it is queued. Places follow each other in memory.</summary>
    /// <param name="index">0 to <see cref="Capacity"/> - 1.</param>
    /// <returns>Its bytes; they stay from batch to batch.</returns>
    public Span<byte> Payload(int index) => _payloads.Span.Slice(index * _bytes, _bytes);

    /// <summary>Puts a run of neighbouring payloads into the batch, all of them to one place.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many, <see cref="MostRun"/> at most.</param>
    /// <param name="to">Where to.</param>
    public void Queue(int first, int count, in SocketEndpoint to)
    {
        if (count == 1 || _hasSegmentation)
        {
            Add(first, count, in to);
            return;
        }

        for (int index = 0; index < count; index++)
        {
            Add(first + index, 1, in to);
        }
    }

    /// <summary>Sends the batch and empties it. Where there is no room it waits; what the kernel refuses is counted and left out.</summary>
    /// <returns>Datagrams the kernel took.</returns>
    public int Flush()
    {
        int taken = 0;
        int next = 0;
        while (next < _queued)
        {
            int sent = TrafficApi.sendmmsg((int)_fd.DangerousGetHandle(), _messages + next, (uint)(_queued - next), Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            if (sent > 0)
            {
                for (int end = next + sent; next < end; next++)
                {
                    taken += CountOf(next);
                }

                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == Libc.EAGAIN)
            {
                WaitForRoom();
            }
            else if (error != Libc.EINTR)
            {
                taken += Refuse(next++, error);
            }
        }

        _queued = 0;
        return taken;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _fd.Dispose();
        _payloads.Dispose();
        _heads.Dispose();
    }

    private void Add(int first, int count, in SocketEndpoint to)
    {
        int place = _queued++;
        _names[place] = to;
        _vectors[place] = new Libc.iovec { iov_base = _data + (first * _bytes), iov_len = (nuint)(count * _bytes) };
        Libc.msghdr message = new()
        {
            msg_name = _names + place,
            msg_namelen = (uint)(to.IsIPv4 ? sizeof(Libc.sockaddr_in) : sizeof(Libc.sockaddr_in6)),
            msg_iov = _vectors + place,
            msg_iovlen = 1,
        };
        if (count > 1)
        {
            // CMSG_LEN(2) is 18, CMSG_SPACE(2) is 24 (sys/socket.h, 64-bit).
            var header = (Libc.cmsghdr*)(_controls + (ControlBytes * place));
            header->cmsg_len = (nuint)sizeof(Libc.cmsghdr) + sizeof(ushort);
            header->cmsg_level = TunnelApi.IPPROTO_UDP;
            header->cmsg_type = TunnelApi.UDP_SEGMENT;
            *(ushort*)(header + 1) = (ushort)_bytes;
            message.msg_control = header;
            message.msg_controllen = ControlBytes;
        }

        _messages[place].msg_hdr = message;
    }

    private int CountOf(int place) => (int)_vectors[place].iov_len / _bytes;

    // udp(7): EIO where the interface cannot checksum what it segments, EINVAL where a segment exceeds the interface's MTU: then one by one, for good.
    private int Refuse(int place, int error)
    {
        int count = CountOf(place);
        if (count == 1 || error is not (TunnelApi.EIO or Libc.EINVAL))
        {
            LastError = error;
            Refused += count;
            return 0;
        }

        _hasSegmentation = false;
        int taken = 0;
        Libc.msghdr message = _messages[place].msg_hdr;
        message.msg_control = null;
        message.msg_controllen = 0;
        Libc.iovec vector = _vectors[place];
        message.msg_iov = &vector;
        vector.iov_len = (nuint)_bytes;
        for (int index = 0; index < count; index++)
        {
            while (TunnelApi.sendmsg((int)_fd.DangerousGetHandle(), &message, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL) < 0)
            {
                int failed = Marshal.GetLastPInvokeError();
                if (failed is not (Libc.EAGAIN or Libc.EINTR))
                {
                    LastError = failed;
                    Refused++;
                    taken--;
                    break;
                }

                WaitForRoom();
            }

            taken++;
            vector.iov_base = (byte*)vector.iov_base + _bytes;
        }

        return taken;
    }

    private void WaitForRoom()
    {
        Libc.pollfd entry = new() { fd = (int)_fd.DangerousGetHandle(), events = TunnelApi.POLLOUT };
        _ = Libc.poll(&entry, 1, 1);
    }
}
