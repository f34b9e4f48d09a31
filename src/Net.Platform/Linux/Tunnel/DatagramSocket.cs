using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Packets.Bytecode;
using Net.Platform.Linux.Interop;
using Net.Platform.Linux.Relay;

namespace Net.Platform.Linux;

/// <summary>A UDP socket for the data path: batches both ways by the kernel's segmentation (UDP_SEGMENT, UDP_GRO), never fragments (IP_PMTUDISC_PROBE), never
/// blocks, and allocates nothing per call. It owns its descriptor. One thread receives and one sends; counters may be read by others.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class DatagramSocket : IDisposable
{
    private readonly int _fd;
    private long _sendErrors;
    private long _receiveErrors;
    private bool _hasSegmentation = true;

    private DatagramSocket(SafeHandle handle)
    {
        Handle = handle;
        _fd = (int)handle.DangerousGetHandle();
        SocketEndpoint local = default;
        uint length = (uint)sizeof(SocketEndpoint);
        Check(TunnelApi.getsockname(handle, &local, &length), "ask a socket for its address");
        IsIPv6 = *(ushort*)&local == Libc.AF_INET6;
        LocalEndPoint = IsIPv6 || *(ushort*)&local == Libc.AF_INET
            ? local.ToIPEndPoint()
            : throw new SocketException((int)SocketError.AddressFamilyNotSupported, "The descriptor is no UDP socket.");
    }

    /// <summary>The error of <see cref="Send"/> for a datagram that is larger than the MTU of the device it leaves by (EMSGSIZE, include/uapi/asm-generic/errno.h).</summary>
    public const int MessageTooLong = 90;

    /// <summary>The descriptor, to wait for and to hand over. This object keeps owning it.</summary>
    public SafeHandle Handle { get; }

    /// <summary>Where it is bound to, with the port the kernel chose.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Whether it is a socket of IPv6, which serves IPv4 too when bound to [::].</summary>
    public bool IsIPv6 { get; }

    /// <summary>Sends the kernel refused, other than for want of room.</summary>
    public long SendErrors => Volatile.Read(ref _sendErrors);

    /// <summary>Receives that failed, such as for an ICMP error that came back.</summary>
    public long ReceiveErrors => Volatile.Read(ref _receiveErrors);

    /// <summary>Opens and binds a socket in the network namespace of the calling thread.</summary>
    /// <param name="local">Address and port; [::] serves both families, or IPv4 alone on a host without IPv6. Port 0 lets the kernel choose.</param>
    /// <param name="options">How it is opened.</param>
    /// <returns>The socket.</returns>
    /// <exception cref="SocketException">The address is in use, not ours, or a step failed; the message names the step.</exception>
    public static DatagramSocket Bind(IPEndPoint local, DatagramSocketOptions options)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(options);
        bool isAny = local.Address.Equals(IPAddress.IPv6Any);
        try
        {
            return Open(local, options);
        }
        catch (SocketException exception) when (isAny && exception.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
        {
            return Open(new IPEndPoint(IPAddress.Any, local.Port), options);
        }
    }

    /// <summary>Opens several sockets and binds them to one address, in the network namespace of the calling thread; a program says which of them gets a datagram. One alone is bound as <see cref="Bind"/>
    /// does it. Others can join the group only as the same effective user (SO_REUSEPORT, socket(7)).</summary>
    /// <param name="local">As in <see cref="Bind"/>.</param>
    /// <param name="options">How they are opened.</param>
    /// <param name="count">How many, 1 at least.</param>
    /// <param name="program">A classic BPF program over the UDP payload that returns the place of the socket (SO_ATTACH_REUSEPORT_CBPF).</param>
    /// <returns>The sockets in the order of their places.</returns>
    /// <exception cref="SocketException">As in <see cref="Bind"/>.</exception>
    public static DatagramSocket[] BindGroup(IPEndPoint local, DatagramSocketOptions options, int count, IReadOnlyList<FilterInstruction> program)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count == 1)
        {
            return [Bind(local, options)];
        }

        var sockets = new DatagramSocket[count];
        try
        {
            // The first is bound alone, which fails where the address is anybody's already, a group's of ours included; from the moment it is shared others of ours can follow it.
            sockets[0] = Bind(local, options);
            SetOption(sockets[0].Handle, Libc.SOL_SOCKET, TunnelApi.SO_REUSEPORT, 1, "set SO_REUSEPORT");
            for (int place = 1; place < count; place++)
            {
                sockets[place] = Bind(sockets[0].LocalEndPoint, options with { IsShared = true });
            }

            PacketRingProgram.Attach(
                [.. program.Select(one => new Libc.sock_filter { code = one.Code, jt = one.JumpTrue, jf = one.JumpFalse, k = one.Value })],
                sockets[0].Handle, Libc.SOL_SOCKET, TunnelApi.SO_ATTACH_REUSEPORT_CBPF, "attach the program that spreads datagrams");
            return sockets;
        }
        catch
        {
            foreach (DatagramSocket? socket in sockets)
            {
                socket?.Dispose();
            }

            throw;
        }
    }

    /// <summary>Takes a descriptor another process opened with <see cref="Bind"/>. Needs no capability.</summary>
    /// <param name="handle">The descriptor, owned by the result from now on.</param>
    /// <returns>The socket.</returns>
    /// <exception cref="SocketException">It is no socket of IPv4 or IPv6.</exception>
    public static DatagramSocket FromDescriptor(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new DatagramSocket(handle);
    }

    /// <summary>Receives one datagram, or several of equal size from one sender that the kernel joined.</summary>
    /// <param name="buffer">Where to; 65,535 bytes hold every batch. A longer datagram is dropped and counted.</param>
    /// <param name="from">Gets the sender.</param>
    /// <param name="segmentBytes">Size of each datagram; the last may be shorter.</param>
    /// <returns>Bytes received; 0 when there is nothing now, or nothing but empty datagrams.</returns>
    [SkipLocalsInit]
    public int Receive(Span<byte> buffer, ref SocketEndpoint from, out int segmentBytes)
    {
        byte* control = stackalloc byte[64];
        fixed (byte* data = buffer)
        fixed (SocketEndpoint* name = &from)
        {
            Libc.iovec vector = new() { iov_base = data, iov_len = (nuint)buffer.Length };
            Libc.msghdr message = new()
            {
                msg_name = name,
                msg_namelen = (uint)sizeof(SocketEndpoint),
                msg_iov = &vector,
                msg_iovlen = 1,
                msg_control = control,
                msg_controllen = 64,
            };
            nint received = TunnelApi.recvmsg(_fd, &message, Libc.MSG_DONTWAIT);
            segmentBytes = 0;
            if (received < 0 || (message.msg_flags & Libc.MSG_TRUNC) != 0)
            {
                return ReceiveFailed(received < 0 ? Marshal.GetLastPInvokeError() : Libc.EMSGSIZE);
            }

            name->Normalize();
            segmentBytes = (int)received;
            var header = (Libc.cmsghdr*)control;
            if (message.msg_controllen >= (nuint)sizeof(Libc.cmsghdr) + sizeof(int) && header->cmsg_level == TunnelApi.IPPROTO_UDP && header->cmsg_type == TunnelApi.UDP_GRO)
            {
                segmentBytes = *(int*)(header + 1);
            }

            return (int)received;
        }
    }

    /// <summary>Sends datagrams to one place. Where the kernel or the interface cannot segment, they are sent one by one.</summary>
    /// <param name="data">One datagram, or several of equal size (the last may be shorter) behind each other: 64 at most and 65,507 bytes.</param>
    /// <param name="segmentBytes">Size of each.</param>
    /// <param name="to">Where to.</param>
    /// <param name="error">The errno when false comes back: EAGAIN (11) when there is no room now, EMSGSIZE (90) when a datagram is larger than the path's MTU.</param>
    /// <returns>False when not all of it was sent.</returns>
    [SkipLocalsInit]
    public bool Send(ReadOnlySpan<byte> data, int segmentBytes, in SocketEndpoint to, out int error)
    {
        byte* control = stackalloc byte[24];
        fixed (byte* bytes = data)
        fixed (SocketEndpoint* name = &to)
        {
            Libc.iovec vector = new() { iov_base = bytes, iov_len = (nuint)data.Length };
            Libc.msghdr message = new()
            {
                msg_name = name,
                msg_namelen = (uint)(name->IsIPv4 ? sizeof(Libc.sockaddr_in) : sizeof(Libc.sockaddr_in6)),
                msg_iov = &vector,
                msg_iovlen = 1,
            };
            if (data.Length > segmentBytes)
            {
                if (!_hasSegmentation)
                {
                    return SendEach(bytes, data.Length, segmentBytes, &message, out error);
                }

                // CMSG_LEN(2) is 18, CMSG_SPACE(2) is 24 (sys/socket.h, 64-bit).
                var header = (Libc.cmsghdr*)control;
                header->cmsg_len = (nuint)sizeof(Libc.cmsghdr) + sizeof(ushort);
                header->cmsg_level = TunnelApi.IPPROTO_UDP;
                header->cmsg_type = TunnelApi.UDP_SEGMENT;
                *(ushort*)(header + 1) = (ushort)segmentBytes;
                message.msg_control = control;
                message.msg_controllen = 24;
            }

            if (TunnelApi.sendmsg(_fd, &message, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL) >= 0)
            {
                error = 0;
                return true;
            }

            error = Marshal.GetLastPInvokeError();
            if (message.msg_controllen != 0 && error is TunnelApi.EIO or Libc.EINVAL)
            {
                // udp(7): EIO where the interface cannot checksum what it segments; that stays so. EINVAL where a segment exceeds the interface's MTU.
                _hasSegmentation = error == Libc.EINVAL;
                message.msg_control = null;
                message.msg_controllen = 0;
                return SendEach(bytes, data.Length, segmentBytes, &message, out error);
            }

            return SendFailed(error);
        }
    }

    /// <inheritdoc />
    public void Dispose() => Handle.Dispose();

    private static DatagramSocket Open(IPEndPoint local, DatagramSocketOptions options)
    {
        bool isIPv6 = local.AddressFamily == AddressFamily.InterNetworkV6;
        SafeDescriptor fd = Libc.socket(isIPv6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        try
        {
            Check(fd.IsInvalid ? -1 : 0, "open a UDP socket");
            if (isIPv6)
            {
                SetOption(fd, Libc.IPPROTO_IPV6, TunnelApi.IPV6_V6ONLY, local.Address.Equals(IPAddress.IPv6Any) ? 0 : 1, "set IPV6_V6ONLY");
                SetOption(fd, Libc.IPPROTO_IPV6, TunnelApi.IPV6_MTU_DISCOVER, TunnelApi.IPV6_PMTUDISC_PROBE, "set IPV6_MTU_DISCOVER");
                SetOption(fd, Libc.IPPROTO_IPV6, TunnelApi.IPV6_RECVTCLASS, 0, "set IPV6_RECVTCLASS");
            }

            SetOption(fd, Libc.IPPROTO_IP, TunnelApi.IP_MTU_DISCOVER, TunnelApi.IP_PMTUDISC_PROBE, "set IP_MTU_DISCOVER");
            SetOption(fd, Libc.IPPROTO_IP, TunnelApi.IP_RECVTOS, 0, "set IP_RECVTOS");
            SetBuffer(fd, Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF, options.ReceiveBufferBytes, "set the receive buffer");
            SetBuffer(fd, TunnelApi.SO_SNDBUFFORCE, TunnelApi.SO_SNDBUF, options.SendBufferBytes, "set the send buffer");
            if (options.Mark is uint mark)
            {
                SetOption(fd, Libc.SOL_SOCKET, TunnelApi.SO_MARK, (int)mark, "set the firewall mark");
            }

            if (options.Device is not null)
            {
                fixed (byte* device = Encoding.UTF8.GetBytes(options.Device))
                {
                    Check(Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, device, (uint)Encoding.UTF8.GetByteCount(options.Device)), $"bind to {options.Device}");
                }
            }

            if (options.IsShared)
            {
                SetOption(fd, Libc.SOL_SOCKET, TunnelApi.SO_REUSEPORT, 1, "set SO_REUSEPORT");
            }

            // A kernel without it delivers each datagram by itself, which is served just as well.
            int receiveOffload = options.ReceiveOffload ? 1 : 0;
            _ = Libc.setsockopt(fd, TunnelApi.IPPROTO_UDP, TunnelApi.UDP_GRO, &receiveOffload, sizeof(int));
            SocketEndpoint address = SocketEndpoint.From(local);
            Check(Libc.bind(fd, &address, (uint)address.AsBytes.Length), $"bind to {local}");
            return new DatagramSocket(fd);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    private static void SetBuffer(SafeDescriptor fd, int forced, int limited, int bytes, string step)
    {
        if (bytes > 0 && Libc.setsockopt(fd, Libc.SOL_SOCKET, forced, &bytes, sizeof(int)) < 0)
        {
            SetOption(fd, Libc.SOL_SOCKET, limited, bytes, step);
        }
    }

    private static void SetOption(SafeHandle fd, int level, int name, int value, string step) =>
        Check(PacketApi.setsockopt(fd, level, name, &value, sizeof(int)), step);

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            throw DescriptorChannel.Failure(step, Marshal.GetLastPInvokeError());
        }
    }

    private bool SendEach(byte* data, int length, int segmentBytes, Libc.msghdr* message, out int error)
    {
        for (int sent = 0; sent < length; sent += segmentBytes)
        {
            message->msg_iov->iov_base = data + sent;
            message->msg_iov->iov_len = (nuint)Math.Min(segmentBytes, length - sent);
            if (TunnelApi.sendmsg(_fd, message, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL) < 0)
            {
                error = Marshal.GetLastPInvokeError();
                return SendFailed(error);
            }
        }

        error = 0;
        return true;
    }

    private bool SendFailed(int error)
    {
        if (error != Libc.EAGAIN)
        {
            Volatile.Write(ref _sendErrors, _sendErrors + 1);
        }

        return false;
    }

    private int ReceiveFailed(int error)
    {
        if (error is not (Libc.EAGAIN or Libc.EINTR))
        {
            Volatile.Write(ref _receiveErrors, _receiveErrors + 1);
        }

        return 0;
    }
}
