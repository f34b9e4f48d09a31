namespace Net.Platform.Linux.Interop;

/// <summary>linux/netfilter.h, netfilter/nfnetlink.h, netfilter/nf_tables.h: what tracing needs of them.</summary>
internal static class TraceApi
{
    internal const int NFNLGRP_NFTRACE = 9;
    internal const int NFT_MSG_TRACE = 17;

    internal const int NFTA_TRACE_TABLE = 1;
    internal const int NFTA_TRACE_CHAIN = 2;
    internal const int NFTA_TRACE_RULE_HANDLE = 3;
    internal const int NFTA_TRACE_TYPE = 4;
    internal const int NFTA_TRACE_VERDICT = 5;
    internal const int NFTA_TRACE_ID = 6;
    internal const int NFTA_TRACE_NETWORK_HEADER = 8;
    internal const int NFTA_TRACE_TRANSPORT_HEADER = 9;
    internal const int NFTA_TRACE_IIF = 10;
    internal const int NFTA_TRACE_OIF = 12;
    internal const int NFTA_TRACE_MARK = 14;
    internal const int NFTA_TRACE_POLICY = 16;

    internal const int NFT_TRACETYPE_POLICY = 1;
    internal const int NFT_TRACETYPE_RETURN = 2;
    internal const int NFT_TRACETYPE_RULE = 3;

    internal const int NF_DROP = 0;
    internal const int NF_ACCEPT = 1;
    internal const int NF_STOLEN = 2;
    internal const int NF_QUEUE = 3;
    internal const int NF_REPEAT = 4;
    internal const int NF_VERDICT_MASK = 0xff;
    internal const int NFT_CONTINUE = -1;
    internal const int NFT_BREAK = -2;
    internal const int NFT_JUMP = -3;
    internal const int NFT_GOTO = -4;
    internal const int NFT_RETURN = -5;

    internal const int NFTA_RULE_HANDLE = 3;
    internal const int NFTA_OBJREF_IMM_TYPE = 1;
    internal const int NFTA_OBJREF_IMM_NAME = 2;
}
