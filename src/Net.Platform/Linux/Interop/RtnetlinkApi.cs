using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>linux/rtnetlink.h, if_link.h, if_addr.h, neighbour.h, fib_rules.h.</summary>
internal static class RtnetlinkApi
{
    internal const int RTM_NEWLINK = 16;
    internal const int RTM_DELLINK = 17;
    internal const int RTM_GETLINK = 18;
    internal const int RTM_SETLINK = 19;
    internal const int RTM_NEWADDR = 20;
    internal const int RTM_DELADDR = 21;
    internal const int RTM_GETADDR = 22;
    internal const int RTM_NEWROUTE = 24;
    internal const int RTM_DELROUTE = 25;
    internal const int RTM_GETROUTE = 26;
    internal const int RTM_NEWNEIGH = 28;
    internal const int RTM_DELNEIGH = 29;
    internal const int RTM_GETNEIGH = 30;
    internal const int RTM_NEWRULE = 32;
    internal const int RTM_DELRULE = 33;
    internal const int RTM_GETRULE = 34;

    internal const int RTNLGRP_LINK = 1;
    internal const int RTNLGRP_NEIGH = 3;
    internal const int RTNLGRP_IPV4_IFADDR = 5;
    internal const int RTNLGRP_IPV4_ROUTE = 7;
    internal const int RTNLGRP_IPV4_RULE = 8;
    internal const int RTNLGRP_IPV6_IFADDR = 9;
    internal const int RTNLGRP_IPV6_ROUTE = 11;
    internal const int RTNLGRP_IPV6_RULE = 19;

    internal const int IFF_UP = 0x1;
    internal const int IFF_LOOPBACK = 0x8;
    internal const int IFF_LOWER_UP = 0x10000;

    internal const int IFLA_ADDRESS = 1;
    internal const int IFLA_IFNAME = 3;
    internal const int IFLA_MTU = 4;
    internal const int IFLA_LINK = 5;
    internal const int IFLA_MASTER = 10;
    internal const int IFLA_OPERSTATE = 16;
    internal const int IFLA_LINKINFO = 18;
    internal const int IFLA_STATS64 = 23;
    internal const int IFLA_CARRIER = 33;
    internal const int IFLA_INFO_KIND = 1;
    internal const int IFNAMSIZ = 16;

    internal const int IFA_ADDRESS = 1;
    internal const int IFA_LOCAL = 2;
    internal const int IFA_FLAGS = 8;

    internal const int RTA_DST = 1;
    internal const int RTA_SRC = 2;
    internal const int RTA_IIF = 3;
    internal const int RTA_OIF = 4;
    internal const int RTA_GATEWAY = 5;
    internal const int RTA_PRIORITY = 6;
    internal const int RTA_PREFSRC = 7;
    internal const int RTA_MULTIPATH = 9;
    internal const int RTA_TABLE = 15;
    internal const int RTA_MARK = 16;
    internal const int RTA_VIA = 18;
    internal const int RTA_UID = 25;
    internal const int RTA_IP_PROTO = 27;
    internal const int RTA_SPORT = 28;
    internal const int RTA_DPORT = 29;
    internal const int RTM_F_CLONED = 0x200;
    internal const int RTM_F_LOOKUP_TABLE = 0x1000;
    internal const int RTM_F_FIB_MATCH = 0x2000;
    internal const int RTNH_F_DEAD = 1;
    internal const int RTNH_F_ONLINK = 4;
    internal const int RTNH_F_LINKDOWN = 16;
    internal const int RT_TABLE_UNSPEC = 0;
    internal const int RT_TABLE_COMPAT = 252;

    internal const int FRA_DST = 1;
    internal const int FRA_SRC = 2;
    internal const int FRA_IIFNAME = 3;
    internal const int FRA_PRIORITY = 6;
    internal const int FRA_FWMARK = 10;
    internal const int FRA_SUPPRESS_PREFIXLEN = 14;
    internal const int FRA_TABLE = 15;
    internal const int FRA_FWMASK = 16;
    internal const int FRA_OIFNAME = 17;
    internal const int FRA_UID_RANGE = 20;
    internal const int FRA_PROTOCOL = 21;
    internal const int FRA_IP_PROTO = 22;
    internal const int FRA_DPORT_RANGE = 24;
    internal const int FIB_RULE_INVERT = 2;

    internal const int NDA_DST = 1;
    internal const int NDA_LLADDR = 2;
    internal const int NTF_ROUTER = 0x80;

    [StructLayout(LayoutKind.Sequential)]
    internal struct ifinfomsg
    {
        public byte ifi_family;
        private readonly byte _pad;
        public ushort ifi_type;
        public int ifi_index;
        public uint ifi_flags;
        public uint ifi_change;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ifaddrmsg
    {
        public byte ifa_family;
        public byte ifa_prefixlen;
        public byte ifa_flags;
        public byte ifa_scope;
        public int ifa_index;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct rtmsg
    {
        public byte rtm_family;
        public byte rtm_dst_len;
        public byte rtm_src_len;
        public byte rtm_tos;
        public byte rtm_table;
        public byte rtm_protocol;
        public byte rtm_scope;
        public byte rtm_type;
        public uint rtm_flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct rtnexthop
    {
        public ushort rtnh_len;
        public byte rtnh_flags;
        public byte rtnh_hops;
        public int rtnh_ifindex;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ndmsg
    {
        public byte ndm_family;
        private readonly byte _pad1;
        private readonly ushort _pad2;
        public int ndm_ifindex;
        public ushort ndm_state;
        public byte ndm_flags;
        public byte ndm_type;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct fib_rule_hdr
    {
        public byte family;
        public byte dst_len;
        public byte src_len;
        public byte tos;
        public byte table;
        private readonly byte _res1;
        private readonly byte _res2;
        public byte action;
        public uint flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct fib_rule_uid_range
    {
        public uint start;
        public uint end;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct fib_rule_port_range
    {
        public ushort start;
        public ushort end;
    }

    /// <summary>The first fields of rtnl_link_stats64; newer kernels add more behind them.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct rtnl_link_stats64
    {
        public ulong rx_packets;
        public ulong tx_packets;
        public ulong rx_bytes;
        public ulong tx_bytes;
        public ulong rx_errors;
        public ulong tx_errors;
        public ulong rx_dropped;
        public ulong tx_dropped;
    }
}
