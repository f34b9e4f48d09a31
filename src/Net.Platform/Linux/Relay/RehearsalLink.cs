using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>A ring in memory of this process and a sender that leads nowhere, on which code that relays can be run before packets come. It takes no rights; what it needs is opened at once, so that it
/// works on when the process may open nothing any more. It owns all of it; one thread uses it.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class RehearsalLink : IDisposable
{
    private const int DrainBytes = 128 * 1024;
    private static readonly PacketRingLayout s_layout = PacketRingLayout.For(9000, 1) with { BlockBytes = 512 * 1024 };

    private readonly SafeDescriptor _far;
    private readonly NativeBuffer _drain = new(DrainBytes);

    /// <summary>Opens one.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The process has no memory or descriptors left.</exception>
    public RehearsalLink()
    {
        SafeDescriptor memory = PacketApi.memfd_create("rehearsal", PacketApi.MFD_CLOEXEC);
        if (memory.IsInvalid || PacketApi.ftruncate(memory, s_layout.Bytes) < 0)
        {
            memory.Dispose();
            throw DescriptorChannel.Failure("make memory for a rehearsal", Marshal.GetLastPInvokeError());
        }

        Ring = new PacketRing(memory, s_layout);
        int* pair = stackalloc int[2];
        if (TunnelApi.socketpair(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0, pair) < 0)
        {
            Ring.Dispose();
            throw DescriptorChannel.Failure("make a pair of Unix sockets", Marshal.GetLastPInvokeError());
        }

        Sender = new PacketSender(Own(pair[0]));
        _far = Own(pair[1]);
    }

    /// <summary>The ring.</summary>
    public PacketRing Ring { get; }

    /// <summary>The sender. It takes a few messages, and more after <see cref="Drain"/>.</summary>
    public PacketSender Sender { get; }

    /// <summary>Puts a frame into the ring as the kernel would.</summary>
    /// <param name="frame">The frame, from its Ethernet header on.</param>
    /// <param name="segmentBytes">Size of each datagram when it stands for several; 0 for one.</param>
    /// <param name="isOversize">Whether to say that it waits outside of the ring, where it is not found.</param>
    /// <returns>False when the ring is full.</returns>
    public bool TryPut(ReadOnlySpan<byte> frame, int segmentBytes, bool isOversize = false) => Ring.TryPut(frame, segmentBytes, isOversize);

    /// <summary>Throws away what was sent.</summary>
    public void Drain()
    {
        fixed (byte* buffer = _drain.Span)
        {
            while (Libc.recvfrom(_far, buffer, DrainBytes, Libc.MSG_DONTWAIT, null, null) > 0)
            {
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Ring.Dispose();
        Sender.Dispose();
        _far.Dispose();
        _drain.Dispose();
    }

    private static SafeDescriptor Own(int fd)
    {
        var handle = new SafeDescriptor();
        Marshal.InitHandle(handle, fd);
        return handle;
    }
}
