using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Memory that packets are received into, many a call (recvmmsg(2)); each may be several the kernel joined (UDP_GRO). Shared by the sockets of one
/// thread, 1 MB by default. Allocates nothing per call.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class TrafficInbox : IDisposable
{
    // What one message may be at most: the kernel joins up to an IP packet's length.
    private const int MessageBytes = 65_536;
    private const int ControlBytes = 128;

    private readonly NativeBuffer _payloads;
    private readonly NativeBuffer _heads;
    private readonly int _capacity;
    private readonly TrafficApi.mmsghdr* _messages;
    private readonly Libc.iovec* _vectors;
    private readonly byte* _controls;

    /// <summary>Allocates the memory.</summary>
    /// <param name="capacity">Messages of one call.</param>
    public TrafficInbox(int capacity = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _payloads = new NativeBuffer(MessageBytes * capacity);
        _heads = new NativeBuffer((sizeof(TrafficApi.mmsghdr) + sizeof(Libc.iovec) + ControlBytes) * capacity);
        var data = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_payloads.Span));
        _messages = (TrafficApi.mmsghdr*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_heads.Span));
        _vectors = (Libc.iovec*)(_messages + capacity);
        _controls = (byte*)(_vectors + capacity);
        for (int index = 0; index < capacity; index++)
        {
            _vectors[index] = new Libc.iovec { iov_base = data + (index * MessageBytes), iov_len = MessageBytes };
        }
    }

    /// <summary>Takes what is there, without waiting.</summary>
    /// <param name="socket">From where.</param>
    /// <returns>Messages received; 0 when there is nothing now.</returns>
    public int Receive(TrafficReceiveSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        for (int index = 0; index < _capacity; index++)
        {
            _messages[index].msg_hdr = new Libc.msghdr { msg_iov = _vectors + index, msg_iovlen = 1, msg_control = _controls + (index * ControlBytes), msg_controllen = ControlBytes };
        }

        int received = TrafficApi.recvmmsg(socket.Number, _messages, (uint)_capacity, Libc.MSG_DONTWAIT, null);
        return Math.Max(received, 0);
    }

    /// <summary>A message of the last call.</summary>
    /// <param name="socket">From where it was.</param>
    /// <param name="index">Its number.</param>
    /// <param name="segmentBytes">Length of each datagram in it; the last may be shorter.</param>
    /// <param name="arrival">When it arrived, in nanoseconds of CLOCK_REALTIME; 0 when the kernel does not say.</param>
    /// <returns>Its bytes, good until the next call.</returns>
    public ReadOnlySpan<byte> Message(TrafficReceiveSocket socket, int index, out int segmentBytes, out long arrival)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ref TrafficApi.mmsghdr message = ref _messages[index];
        segmentBytes = (int)message.msg_len;
        arrival = 0;
        byte* control = _controls + (index * ControlBytes);
        byte* end = control + message.msg_hdr.msg_controllen;
        while (control + sizeof(Libc.cmsghdr) <= end)
        {
            var header = (Libc.cmsghdr*)control;
            if (header->cmsg_len < (nuint)sizeof(Libc.cmsghdr))
            {
                break;
            }

            switch ((header->cmsg_level, header->cmsg_type))
            {
                case (Libc.SOL_SOCKET, Libc.SCM_TIMESTAMPNS):
                    var time = (Libc.timespec*)(header + 1);
                    arrival = (time->tv_sec * 1_000_000_000) + time->tv_nsec;
                    break;
                case (Libc.SOL_SOCKET, TrafficApi.SO_RXQ_OVFL):
                    socket.SetOverruns(*(uint*)(header + 1));
                    break;
                case (TunnelApi.IPPROTO_UDP, TunnelApi.UDP_GRO):
                    segmentBytes = Math.Max(1, *(int*)(header + 1));
                    break;
                default:
                    break;
            }

            // CMSG_NXTHDR: lengths are rounded up to 8 (CMSG_ALIGN, 64-bit).
            control += ((long)header->cmsg_len + 7) & ~7L;
        }

        return new ReadOnlySpan<byte>(_vectors[index].iov_base, (int)message.msg_len);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _payloads.Dispose();
        _heads.Dispose();
    }
}
