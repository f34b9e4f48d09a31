using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>Memory for the messages of one recvmmsg(2), allocated once and shared by the receivers of a thread.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class UdpReceiveBatch : IDisposable
{
    /// <summary>Messages of a batch.</summary>
    public const int Capacity = 32;

    private const int MessageBytes = 65_536;
    private const int ControlBytes = 64;

    private readonly NativeBuffer _data = new(Capacity * MessageBytes);
    private PacketApi.mmsghdr* _messages;
    private Libc.iovec* _vectors;
    private SocketEndpoint* _names;
    private byte* _controls;

    /// <summary>Allocates the memory: about 2 MB.</summary>
    public UdpReceiveBatch()
    {
        _messages = (PacketApi.mmsghdr*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(PacketApi.mmsghdr));
        _vectors = (Libc.iovec*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(Libc.iovec));
        _names = (SocketEndpoint*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(SocketEndpoint));
        _controls = (byte*)NativeMemory.AllocZeroed(Capacity, ControlBytes);
        fixed (byte* data = _data.Span)
        {
            for (int i = 0; i < Capacity; i++)
            {
                _vectors[i] = new Libc.iovec { iov_base = data + (i * MessageBytes), iov_len = MessageBytes };
            }
        }
    }

    /// <summary>Bytes of a message: one datagram, or several of one size behind each other. They stay until the next receive.</summary>
    /// <param name="index">The message.</param>
    public PacketMemory Data(int index) => new((byte*)_vectors[index].iov_base, (int)_messages[index].msg_len);

    /// <summary>The sender of a message.</summary>
    /// <param name="index">The message.</param>
    public ref readonly SocketEndpoint From(int index) => ref _names[index];

    /// <summary>Size of each datagram of a message; the last may be shorter.</summary>
    /// <param name="index">The message.</param>
    public int SegmentBytes(int index)
    {
        Libc.msghdr* message = &_messages[index].msg_hdr;
        var header = (Libc.cmsghdr*)message->msg_control;
        return message->msg_controllen >= (nuint)sizeof(Libc.cmsghdr) + sizeof(int) && header->cmsg_level == TunnelApi.IPPROTO_UDP && header->cmsg_type == TunnelApi.UDP_GRO
            ? *(int*)(header + 1)
            : (int)_messages[index].msg_len;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        _messages = null;
        _vectors = null;
        _names = null;
        _controls = null;
        _data.Dispose();
    }

    /// <summary>Receives what waits.</summary>
    /// <param name="fd">The socket.</param>
    /// <returns>How many messages came.</returns>
    internal int Receive(int fd)
    {
        for (int i = 0; i < Capacity; i++)
        {
            _messages[i].msg_hdr = new Libc.msghdr
            {
                msg_name = _names + i,
                msg_namelen = (uint)sizeof(SocketEndpoint),
                msg_iov = _vectors + i,
                msg_iovlen = 1,
                msg_control = _controls + (i * ControlBytes),
                msg_controllen = ControlBytes,
            };
        }

        int count = Math.Max(0, PacketApi.recvmmsg(fd, _messages, Capacity, Libc.MSG_DONTWAIT, null));
        for (int i = 0; i < count; i++)
        {
            _names[i].Normalize();
        }

        return count;
    }
}
