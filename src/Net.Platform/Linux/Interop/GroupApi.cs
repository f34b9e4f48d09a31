using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>Group memberships (netinet/in.h) and packet sockets that hear those of others (linux/if_packet.h).</summary>
internal static unsafe class GroupApi
{
    internal const int MCAST_JOIN_GROUP = 42;
    internal const int MCAST_LEAVE_GROUP = 45;
    internal const int MCAST_JOIN_SOURCE_GROUP = 46;
    internal const int MCAST_LEAVE_SOURCE_GROUP = 47;

    internal const int AF_PACKET = 17;
    internal const int SOL_PACKET = 263;
    internal const int PACKET_ADD_MEMBERSHIP = 1;
    internal const int PACKET_MR_ALLMULTI = 2;
    internal const int ETH_P_IP = 0x0800;
    internal const int ETH_P_IPV6 = 0x86dd;

    internal const int EMFILE = 24;
    internal const int ENFILE = 23;
    internal const int EADDRINUSE = 98;
    internal const int EADDRNOTAVAIL = 99;
    internal const int ENOMEM = 12;

    /// <summary>Which group on which interface. The group stands for a sockaddr_storage of 128 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct group_req
    {
        public uint gr_interface;
        private readonly uint _padding;
        public fixed byte gr_group[128];
    }

    /// <summary>Which source of which group on which interface.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct group_source_req
    {
        public uint gsr_interface;
        private readonly uint _padding;
        public fixed byte gsr_group[128];
        public fixed byte gsr_source[128];
    }

    /// <summary>The address of a packet socket.</summary>
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

    /// <summary>What else a packet socket wants of its interface.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct packet_mreq
    {
        public int mr_ifindex;
        public ushort mr_type;
        public ushort mr_alen;
        public fixed byte mr_address[8];
    }
}
