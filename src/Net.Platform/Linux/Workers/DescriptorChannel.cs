using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>One end of a Unix stream socket that carries bytes and, beside them, descriptors (SCM_RIGHTS, unix(7)). It owns its end. One thread sends and one
/// receives; disposing wakes both. A descriptor arrives with the first of the bytes it was sent with, or before the last of them.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class DescriptorChannel : IDisposable
{
    /// <summary>Descriptors one message can carry (SCM_MAX_FD of the kernel's include/net/scm.h).</summary>
    public const int MaxDescriptors = 253;

    private static readonly int s_headerBytes = sizeof(Libc.cmsghdr);
    private readonly SafeDescriptor _fd;

    private DescriptorChannel(SafeDescriptor fd) => _fd = fd;

    /// <summary>The descriptor, to wait for. This object keeps owning it.</summary>
    public SafeHandle Handle => _fd;

    /// <summary>Makes two connected ends.</summary>
    /// <returns>Our end, and the other one to give to a process (<see cref="SpawnedProcess.Start"/>) and to dispose afterwards, or else its end is never noticed.</returns>
    /// <exception cref="SocketException">The process has no descriptors left.</exception>
    public static (DescriptorChannel Ours, SafeHandle Theirs) CreatePair()
    {
        int* pair = stackalloc int[2];
        if (TunnelApi.socketpair(Libc.AF_UNIX, TunnelApi.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, pair) < 0)
        {
            throw Failure("make a pair of Unix sockets", Marshal.GetLastPInvokeError());
        }

        return (new DescriptorChannel(Own(pair[0])), Own(pair[1]));
    }

    /// <summary>Takes the end this process was started with.</summary>
    /// <param name="fd">Its number, owned by the result from now on; it is not passed on to further processes.</param>
    /// <returns>The end.</returns>
    /// <exception cref="SocketException">There is no such descriptor.</exception>
    public static DescriptorChannel FromDescriptor(int fd)
    {
        if (TunnelApi.fcntl(fd, TunnelApi.F_SETFD, TunnelApi.FD_CLOEXEC) < 0)
        {
            throw Failure($"take descriptor {fd}", Marshal.GetLastPInvokeError());
        }

        return new DescriptorChannel(Own(fd));
    }

    /// <summary>Sends bytes, and descriptors with them. Waits while the other side does not receive.</summary>
    /// <param name="bytes">The bytes, at least one: descriptors cannot travel alone.</param>
    /// <param name="descriptors">The descriptors, 253 at most; the receiver gets copies, the caller keeps its own.</param>
    /// <exception cref="SocketException">The other end is closed (EPIPE), or another step failed.</exception>
    public void Send(ReadOnlySpan<byte> bytes, ReadOnlySpan<SafeHandle> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bytes.Length, nameof(bytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaxDescriptors, nameof(descriptors));
        int dataBytes = descriptors.Length * sizeof(int);
        int controlBytes = s_headerBytes + Align(dataBytes);
        byte* control = stackalloc byte[controlBytes];
        new Span<byte>(control, controlBytes).Clear();
        var header = (Libc.cmsghdr*)control;
        header->cmsg_len = (nuint)(s_headerBytes + dataBytes);
        header->cmsg_level = Libc.SOL_SOCKET;
        header->cmsg_type = TunnelApi.SCM_RIGHTS;
        int held = 0;
        try
        {
            // Held, so that a number does not become another file while it is on its way into the message.
            for (; held < descriptors.Length; held++)
            {
                bool added = false;
                descriptors[held].DangerousAddRef(ref added);
                ((int*)(header + 1))[held] = (int)descriptors[held].DangerousGetHandle();
            }

            SendAll(bytes, control, held == 0 ? 0 : controlBytes);
        }
        finally
        {
            for (int i = 0; i < held; i++)
            {
                descriptors[i].DangerousRelease();
            }
        }
    }

    /// <summary>Receives bytes, and the descriptors that came with them. Waits until there are some.</summary>
    /// <param name="buffer">Where to put the bytes; what does not fit comes with the next call.</param>
    /// <param name="descriptors">Gets the descriptors at its end, in the order they were sent; each belongs to the caller, who disposes it.</param>
    /// <returns>Bytes received; 0 when the other end was closed, or this one disposed.</returns>
    /// <exception cref="SocketException">More descriptors came than this process may open; those that came are closed again.</exception>
    public int Receive(Span<byte> buffer, List<SafeHandle> descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        ArgumentOutOfRangeException.ThrowIfZero(buffer.Length, nameof(buffer));
        int controlBytes = s_headerBytes + Align(MaxDescriptors * sizeof(int));
        byte* control = stackalloc byte[controlBytes];
        fixed (byte* data = buffer)
        {
            while (true)
            {
                Libc.iovec vector = new() { iov_base = data, iov_len = (nuint)buffer.Length };
                Libc.msghdr message = new() { msg_iov = &vector, msg_iovlen = 1, msg_control = control, msg_controllen = (nuint)controlBytes };
                if (_fd.IsClosed)
                {
                    return 0;
                }

                nint received = Libc.recvmsg(_fd, &message, TunnelApi.MSG_CMSG_CLOEXEC);
                if (received >= 0)
                {
                    TakeDescriptors(control, (int)message.msg_controllen, message.msg_flags, descriptors);
                    return (int)received;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error == TunnelApi.ECONNRESET)
                {
                    return 0;
                }

                if (error != Libc.EINTR)
                {
                    throw Failure("receive from a process", error);
                }
            }
        }
    }

    /// <summary>Ends both directions: the other side and threads that wait here see the end. The descriptor stays open until it is disposed.</summary>
    public void Shutdown() => _ = TunnelApi.shutdown(_fd, TunnelApi.SHUT_RDWR);

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_fd.IsClosed)
        {
            // A thread waiting in Receive holds the descriptor; without this it would wait on.
            Shutdown();
            _fd.Dispose();
        }
    }

    /// <summary>An exception of the framework that carries the errno's meaning and names the step.</summary>
    /// <param name="step">The step that failed.</param>
    /// <param name="error">The errno.</param>
    /// <returns>The exception.</returns>
    internal static SocketException Failure(string step, int error)
    {
        SocketError code = error switch
        {
            TunnelApi.EAFNOSUPPORT => SocketError.AddressFamilyNotSupported,
            TunnelApi.EADDRNOTAVAIL => SocketError.AddressNotAvailable,
            TunnelApi.EADDRINUSE => SocketError.AddressAlreadyInUse,
            Libc.EACCES or Libc.EPERM => SocketError.AccessDenied,
            TunnelApi.EPIPE => SocketError.Shutdown,
            Libc.ENODEV => SocketError.NetworkDown,
            Libc.EINVAL => SocketError.InvalidArgument,
            _ => SocketError.SocketError,
        };
        return new SocketException((int)code, $"{step}: {Libc.Describe(error)} (errno {error})");
    }

    private static SafeDescriptor Own(int fd)
    {
        var owner = new SafeDescriptor();
        Marshal.InitHandle(owner, fd);
        return owner;
    }

    // CMSG_ALIGN: to the size of size_t.
    private static int Align(int bytes) => (bytes + sizeof(nuint) - 1) & ~(sizeof(nuint) - 1);

    private static void TakeDescriptors(byte* control, int length, int flags, List<SafeHandle> descriptors)
    {
        int before = descriptors.Count;
        for (int at = 0; at + s_headerBytes <= length;)
        {
            var header = (Libc.cmsghdr*)(control + at);
            int bytes = (int)header->cmsg_len - s_headerBytes;
            if (bytes < 0 || at + s_headerBytes + bytes > length)
            {
                break;
            }

            if (header->cmsg_level == Libc.SOL_SOCKET && header->cmsg_type == TunnelApi.SCM_RIGHTS)
            {
                for (int i = 0; i < bytes / sizeof(int); i++)
                {
                    descriptors.Add(Own(((int*)(header + 1))[i]));
                }
            }

            at += s_headerBytes + Align(bytes);
        }

        if ((flags & TunnelApi.MSG_CTRUNC) != 0)
        {
            for (int i = before; i < descriptors.Count; i++)
            {
                descriptors[i].Dispose();
            }

            descriptors.RemoveRange(before, descriptors.Count - before);
            throw new SocketException((int)SocketError.TooManyOpenSockets, "A process passed more descriptors than this one may open.");
        }
    }

    private void SendAll(ReadOnlySpan<byte> bytes, byte* control, int controlBytes)
    {
        fixed (byte* data = bytes)
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                Libc.iovec vector = new() { iov_base = data + sent, iov_len = (nuint)(bytes.Length - sent) };
                Libc.msghdr message = new() { msg_iov = &vector, msg_iovlen = 1, msg_control = controlBytes == 0 ? null : control, msg_controllen = (nuint)controlBytes };
                nint count = Libc.sendmsg(_fd, &message, Libc.MSG_NOSIGNAL);
                if (count < 0)
                {
                    int error = Marshal.GetLastPInvokeError();
                    if (error == Libc.EINTR)
                    {
                        continue;
                    }

                    throw Failure("send to a process", error);
                }

                sent += (int)count;

                // The descriptors went with the first byte.
                controlBytes = 0;
            }
        }
    }
}
