namespace Net.Platform.Linux.Interop;

/// <summary>linux/netfilter/nfnetlink.h, nfnetlink_conntrack.h, nf_conntrack_tcp.h.</summary>
internal static class ConntrackApi
{
    internal const int NFNL_SUBSYS_CTNETLINK = 1;
    internal const int NFNLGRP_CONNTRACK_NEW = 1;
    internal const int NFNLGRP_CONNTRACK_UPDATE = 2;
    internal const int NFNLGRP_CONNTRACK_DESTROY = 3;

    internal const int IPCTNL_MSG_CT_NEW = 0;
    internal const int IPCTNL_MSG_CT_GET = 1;
    internal const int IPCTNL_MSG_CT_DELETE = 2;
    internal const int IPCTNL_MSG_CT_GET_STATS_CPU = 4;
    internal const int IPCTNL_MSG_CT_GET_STATS = 5;

    internal const int CTA_TUPLE_ORIG = 1;
    internal const int CTA_TUPLE_REPLY = 2;
    internal const int CTA_STATUS = 3;
    internal const int CTA_PROTOINFO = 4;
    internal const int CTA_TIMEOUT = 7;
    internal const int CTA_MARK = 8;
    internal const int CTA_COUNTERS_ORIG = 9;
    internal const int CTA_COUNTERS_REPLY = 10;
    internal const int CTA_ID = 12;
    internal const int CTA_ZONE = 18;
    internal const int CTA_TIMESTAMP = 20;
    internal const int CTA_MARK_MASK = 21;
    internal const int CTA_FILTER = 25;
    internal const int CTA_STATUS_MASK = 26;

    internal const int CTA_TUPLE_IP = 1;
    internal const int CTA_TUPLE_PROTO = 2;
    internal const int CTA_TUPLE_ZONE = 3;
    internal const int CTA_IP_V4_SRC = 1;
    internal const int CTA_IP_V4_DST = 2;
    internal const int CTA_IP_V6_SRC = 3;
    internal const int CTA_IP_V6_DST = 4;
    internal const int CTA_PROTO_NUM = 1;
    internal const int CTA_PROTO_SRC_PORT = 2;
    internal const int CTA_PROTO_DST_PORT = 3;
    internal const int CTA_PROTO_ICMP_ID = 4;
    internal const int CTA_PROTO_ICMP_TYPE = 5;
    internal const int CTA_PROTO_ICMP_CODE = 6;
    internal const int CTA_PROTO_ICMPV6_ID = 7;
    internal const int CTA_PROTO_ICMPV6_TYPE = 8;
    internal const int CTA_PROTO_ICMPV6_CODE = 9;

    internal const int CTA_PROTOINFO_TCP = 1;
    internal const int CTA_PROTOINFO_SCTP = 3;
    internal const int CTA_PROTOINFO_TCP_STATE = 1;
    internal const int CTA_PROTOINFO_SCTP_STATE = 1;

    internal const int CTA_COUNTERS_PACKETS = 1;
    internal const int CTA_COUNTERS_BYTES = 2;
    internal const int CTA_TIMESTAMP_START = 1;
    internal const int CTA_TIMESTAMP_STOP = 2;

    internal const int CTA_FILTER_ORIG_FLAGS = 1;
    internal const int CTA_FILTER_REPLY_FLAGS = 2;

    internal const int CTA_STATS_FOUND = 2;
    internal const int CTA_STATS_INVALID = 4;
    internal const int CTA_STATS_INSERT_FAILED = 9;
    internal const int CTA_STATS_DROP = 10;
    internal const int CTA_STATS_EARLY_DROP = 11;
    internal const int CTA_STATS_GLOBAL_ENTRIES = 1;
    internal const int CTA_STATS_GLOBAL_MAX_ENTRIES = 2;
}
