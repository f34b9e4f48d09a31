using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>What the data path calls: TUN devices (linux/if_tun.h, linux/virtio_net.h), UDP sockets with segmentation (linux/udp.h), ppoll, and descriptors
/// handed over by Unix sockets. The functions of the hot path take a plain descriptor: a SafeHandle costs two interlocked operations per call.</summary>
internal static unsafe partial class TunnelApi
{
    internal const int TUNSETIFF = 0x400454ca;
    internal const int TUNSETOFFLOAD = 0x400454d0;
    internal const int TUNGETIFF = unchecked((int)0x800454d2);
    internal const int TUNSETVNETHDRSZ = 0x400454d8;
    internal const int IFF_TUN = 0x0001;
    internal const int IFF_NO_PI = 0x1000;
    internal const int IFF_VNET_HDR = 0x4000;
    internal const int IFF_MULTI_QUEUE = 0x0100;
    internal const int TUN_F_CSUM = 0x01;
    internal const int TUN_F_TSO4 = 0x02;
    internal const int TUN_F_TSO6 = 0x04;
    internal const int TUN_F_USO4 = 0x20;
    internal const int TUN_F_USO6 = 0x40;

    internal const int SIOCSIFMTU = 0x8922;
    internal const int SIOCSIFTXQLEN = 0x8943;

    internal const int SOCK_STREAM = 1;
    internal const int SO_SNDBUF = 7;
    internal const int SO_REUSEPORT = 15;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SO_MARK = 36;
    internal const int SO_ATTACH_REUSEPORT_CBPF = 51;
    internal const int IPPROTO_UDP = 17;
    internal const int UDP_SEGMENT = 103;
    internal const int UDP_GRO = 104;
    internal const int IP_MTU_DISCOVER = 10;
    internal const int IP_PMTUDISC_PROBE = 3;
    internal const int IP_RECVTOS = 13;
    internal const int IPV6_MTU_DISCOVER = 23;
    internal const int IPV6_PMTUDISC_PROBE = 3;
    internal const int IPV6_V6ONLY = 26;
    internal const int IPV6_RECVTCLASS = 66;
    internal const int SCM_RIGHTS = 1;
    internal const int MSG_CTRUNC = 0x08;
    internal const int MSG_CMSG_CLOEXEC = 0x40000000;
    internal const int SHUT_RDWR = 2;
    internal const short POLLOUT = 4;
    internal const int O_NONBLOCK = 0x800;
    internal const int F_SETFD = 2;
    internal const int FD_CLOEXEC = 1;

    internal const int EIO = 5;
    internal const int EBADF = 9;
    internal const int ENOMEM = 12;
    internal const int EFAULT = 14;
    internal const int ENXIO = 6;
    internal const int EPIPE = 32;
    internal const int EBADFD = 77;
    internal const int EAFNOSUPPORT = 97;
    internal const int EADDRINUSE = 98;
    internal const int EADDRNOTAVAIL = 99;
    internal const int ECONNRESET = 104;

    private const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint read(int fd, void* buffer, nuint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint write(int fd, void* buffer, nuint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint sendmsg(int fd, Libc.msghdr* message, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint recvmsg(int fd, Libc.msghdr* message, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ppoll(Libc.pollfd* descriptors, nuint count, Libc.timespec* timeout, void* signalMask);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ioctl(SafeHandle fd, nuint request, void* argument);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int getsockname(SafeHandle fd, void* address, uint* length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int socketpair(int domain, int type, int protocol, int* descriptors);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int shutdown(SafeHandle fd, int how);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fcntl(int fd, int command, int argument);
}
