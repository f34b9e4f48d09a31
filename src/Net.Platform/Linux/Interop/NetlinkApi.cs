using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>linux/netlink.h.</summary>
internal static class NetlinkApi
{
    internal const int NETLINK_ROUTE = 0;
    internal const int NETLINK_SOCK_DIAG = 4;
    internal const int NETLINK_NETFILTER = 12;

    internal const int SOL_NETLINK = 270;
    internal const int NETLINK_ADD_MEMBERSHIP = 1;
    internal const int NETLINK_DROP_MEMBERSHIP = 2;
    internal const int NETLINK_CAP_ACK = 10;
    internal const int NETLINK_EXT_ACK = 11;

    internal const int NLMSG_NOOP = 1;
    internal const int NLMSG_ERROR = 2;
    internal const int NLMSG_DONE = 3;
    internal const int NLMSG_OVERRUN = 4;

    internal const int NLM_F_REQUEST = 0x01;
    internal const int NLM_F_MULTI = 0x02;
    internal const int NLM_F_ACK = 0x04;
    internal const int NLM_F_DUMP_INTR = 0x10;
    internal const int NLM_F_DUMP = 0x300;
    internal const int NLM_F_REPLACE = 0x100;
    internal const int NLM_F_EXCL = 0x200;
    internal const int NLM_F_CREATE = 0x400;
    internal const int NLM_F_APPEND = 0x800;
    internal const int NLM_F_CAPPED = 0x100;
    internal const int NLM_F_ACK_TLVS = 0x200;

    internal const int NLMSGERR_ATTR_MSG = 1;

    internal const int NLA_F_NESTED = 0x8000;
    internal const int NLA_F_NET_BYTEORDER = 0x4000;

    [StructLayout(LayoutKind.Sequential)]
    internal struct sockaddr_nl
    {
        public ushort nl_family;
        private readonly ushort _pad;
        public uint nl_pid;
        public uint nl_groups;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct nlmsghdr
    {
        public uint nlmsg_len;
        public ushort nlmsg_type;
        public ushort nlmsg_flags;
        public uint nlmsg_seq;
        public uint nlmsg_pid;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct nlattr
    {
        public ushort nla_len;
        public ushort nla_type;
    }
}
