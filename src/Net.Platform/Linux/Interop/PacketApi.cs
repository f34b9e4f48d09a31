using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>What the multicast relay calls: AF_PACKET sockets with rings (linux/if_packet.h), batches of messages (recvmmsg(2), sendmmsg(2)), memory of the
/// kernel mapped into this process, and classic BPF (linux/filter.h). The functions of the hot path take a plain descriptor, as those of <see cref="TunnelApi"/>.</summary>
internal static unsafe partial class PacketApi
{
    internal const int AF_PACKET = 17;
    internal const int SOL_PACKET = 263;
    internal const int ETH_P_ALL = 3;
    internal const int PACKET_RX_RING = 5;
    internal const int PACKET_STATISTICS = 6;
    internal const int PACKET_COPY_THRESH = 7;
    internal const int PACKET_VERSION = 10;
    internal const int PACKET_VNET_HDR = 15;
    internal const int PACKET_FANOUT = 18;
    internal const int PACKET_FANOUT_DATA = 22;
    internal const int PACKET_IGNORE_OUTGOING = 23;
    internal const int PACKET_FANOUT_CBPF = 6;
    internal const int ARPHRD_NONE = 0xFFFE;
    internal const int PACKET_OTHERHOST = 3;
    internal const int TPACKET_V2 = 1;
    internal const int TPACKET_ALIGNMENT = 16;
    internal const uint TP_STATUS_KERNEL = 0;
    internal const uint TP_STATUS_USER = 1;
    internal const uint TP_STATUS_COPY = 2;
    internal const uint TP_STATUS_CSUMNOTREADY = 8;
    internal const uint TP_STATUS_VLAN_VALID = 16;
    internal const uint TP_STATUS_CSUM_VALID = 128;

    internal const int SO_ERROR = 4;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_DETACH_FILTER = 27;
    internal const int SO_LOCK_FILTER = 44;
    internal const int SO_MEMINFO = 55;
    internal const int SK_MEMINFO_DROPS = 8;
    internal const int SK_MEMINFO_VARS = 9;
    internal const int IP_TOS = 1;
    internal const int IP_MULTICAST_IF = 32;
    internal const int IP_MULTICAST_TTL = 33;
    internal const int IP_MULTICAST_LOOP = 34;
    internal const int IP_PMTUDISC_DONT = 0;
    internal const int IPV6_MULTICAST_IF = 17;
    internal const int IPV6_MULTICAST_HOPS = 18;
    internal const int IPV6_MULTICAST_LOOP = 19;
    internal const int IPV6_PMTUDISC_DONT = 0;
    internal const int IPV6_TCLASS = 67;

    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_SHARED = 1;

    internal const int BPF_W = 0x00;
    internal const int BPF_ALU = 0x04;
    internal const int BPF_AND = 0x50;
    internal const int BPF_RSH = 0x70;
    internal const int BPF_JGE = 0x30;
    internal const int BPF_JSET = 0x40;
    internal const int SKF_NET_OFF = -0x100000;

    internal const int ENETDOWN = 100;

    private const string Library = "libc";

    [StructLayout(LayoutKind.Sequential)]
    internal struct tpacket_req
    {
        public uint tp_block_size;
        public uint tp_block_nr;
        public uint tp_frame_size;
        public uint tp_frame_nr;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct tpacket2_hdr
    {
        public uint tp_status;
        public uint tp_len;
        public uint tp_snaplen;
        public ushort tp_mac;
        public ushort tp_net;
        public uint tp_sec;
        public uint tp_nsec;
        public ushort tp_vlan_tci;
        public ushort tp_vlan_tpid;
        public fixed byte tp_padding[4];
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct tpacket_stats
    {
        public uint tp_packets;
        public uint tp_drops;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct sockaddr_ll
    {
        public ushort sll_family;
        public ushort sll_protocol;
        public int sll_ifindex;
        public ushort sll_hatype;
        public byte sll_pkttype;
        public byte sll_halen;
        public fixed byte sll_addr[8];
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct mmsghdr
    {
        public Libc.msghdr msg_hdr;
        public uint msg_len;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ip_mreqn
    {
        public uint imr_multiaddr;
        public uint imr_address;
        public int imr_ifindex;
    }

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sendmmsg(int fd, mmsghdr* messages, uint count, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int recvmmsg(int fd, mmsghdr* messages, uint count, int flags, Libc.timespec* timeout);

    internal const uint MFD_CLOEXEC = 1;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial SafeDescriptor memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ftruncate(SafeDescriptor fd, nint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, SafeHandle fd, nint offset);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int munmap(void* address, nuint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setsockopt(SafeHandle fd, int level, int name, void* value, uint length);
}
