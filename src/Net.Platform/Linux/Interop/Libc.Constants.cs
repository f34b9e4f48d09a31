namespace Net.Platform.Linux.Interop;

/// <content>Constants; a test compares them with what the C compiler says.</content>
internal static unsafe partial class Libc
{
    internal const int AF_UNSPEC = 0;
    internal const int AF_UNIX = 1;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_NETLINK = 16;

    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int SOCK_NONBLOCK = 0x800;

    internal const int IPPROTO_IP = 0;
    internal const int IPPROTO_ICMP = 1;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPPROTO_ICMPV6 = 58;

    internal const int SOL_SOCKET = 1;
    internal const int SO_RCVBUF = 8;
    internal const int SO_PEERCRED = 17;
    internal const int SO_RCVTIMEO = 20;
    internal const int SO_BINDTODEVICE = 25;
    internal const int SO_ATTACH_FILTER = 26;
    internal const int SO_RCVBUFFORCE = 33;
    internal const int SO_TIMESTAMPNS = 35;
    internal const int SCM_TIMESTAMPNS = 35;
    internal const int SO_PEERGROUPS = 59;

    internal const int SIOCGIFINDEX = 0x8933;

    internal const int IP_TTL = 2;
    internal const int IPV6_UNICAST_HOPS = 16;
    internal const int IPV6_RECVHOPLIMIT = 51;
    internal const int IPV6_HOPLIMIT = 52;
    internal const int ICMP6_FILTER = 1;

    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_NOSIGNAL = 0x4000;

    internal const short POLLIN = 1;
    internal const short POLLERR = 8;

    internal const int O_RDONLY = 0;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_DIRECTORY = 0x10000;
    internal const int O_CLOEXEC = 0x80000;

    internal const int EFD_CLOEXEC = 0x80000;
    internal const int EFD_NONBLOCK = 0x800;

    internal const int CLONE_NEWNET = 0x40000000;
    internal const int MS_BIND = 4096;
    internal const int MS_REC = 16384;
    internal const int MS_SHARED = 1 << 20;
    internal const int MNT_DETACH = 2;

    internal const int CLOCK_REALTIME = 0;
    internal const int CLOCK_MONOTONIC = 1;

    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int EAGAIN = 11;
    internal const int EACCES = 13;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int EXDEV = 18;
    internal const int ENODEV = 19;
    internal const int EINVAL = 22;
    internal const int ERANGE = 34;
    internal const int EPROTO = 71;
    internal const int EMSGSIZE = 90;
    internal const int EOPNOTSUPP = 95;
    internal const int ENETUNREACH = 101;
    internal const int ENOBUFS = 105;
    internal const int EHOSTUNREACH = 113;

    internal const int BPF_LD = 0x00;
    internal const int BPF_LDX = 0x01;
    internal const int BPF_JMP = 0x05;
    internal const int BPF_RET = 0x06;
    internal const int BPF_H = 0x08;
    internal const int BPF_B = 0x10;
    internal const int BPF_ABS = 0x20;
    internal const int BPF_IND = 0x40;
    internal const int BPF_MSH = 0xa0;
    internal const int BPF_JEQ = 0x10;
    internal const int BPF_K = 0x00;
}
