using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>linux/netfilter/nfnetlink.h and nf_tables.h.</summary>
internal static class NftablesApi
{
    internal const int NFNL_SUBSYS_NFTABLES = 10;
    internal const int NFNLGRP_NFTABLES = 7;
    internal const int NFNETLINK_V0 = 0;

    internal const int NFT_MSG_NEWTABLE = 0;
    internal const int NFT_MSG_GETTABLE = 1;
    internal const int NFT_MSG_DELTABLE = 2;
    internal const int NFT_MSG_NEWCHAIN = 3;
    internal const int NFT_MSG_GETCHAIN = 4;
    internal const int NFT_MSG_NEWRULE = 6;
    internal const int NFT_MSG_GETRULE = 7;
    internal const int NFT_MSG_NEWSET = 9;
    internal const int NFT_MSG_GETSET = 10;
    internal const int NFT_MSG_NEWSETELEM = 12;
    internal const int NFT_MSG_GETSETELEM = 13;
    internal const int NFT_MSG_NEWGEN = 15;
    internal const int NFT_MSG_GETGEN = 16;
    internal const int NFT_MSG_NEWOBJ = 18;
    internal const int NFT_MSG_GETOBJ = 19;
    internal const int NFT_MSG_GETOBJ_RESET = 21;
    internal const int NFT_MSG_NEWFLOWTABLE = 22;
    internal const int NFT_MSG_GETFLOWTABLE = 23;

    internal const int NFTA_LIST_ELEM = 1;

    internal const int NFTA_TABLE_NAME = 1;
    internal const int NFTA_TABLE_FLAGS = 2;
    internal const int NFTA_TABLE_USERDATA = 6;

    internal const int NFTA_CHAIN_TABLE = 1;
    internal const int NFTA_CHAIN_NAME = 3;
    internal const int NFTA_CHAIN_HOOK = 4;
    internal const int NFTA_CHAIN_POLICY = 5;
    internal const int NFTA_CHAIN_TYPE = 7;
    internal const int NFTA_CHAIN_FLAGS = 10;
    internal const int NFTA_CHAIN_USERDATA = 12;
    internal const int NFTA_HOOK_HOOKNUM = 1;
    internal const int NFTA_HOOK_PRIORITY = 2;
    internal const int NFTA_HOOK_DEV = 3;
    internal const int NFTA_HOOK_DEVS = 4;
    internal const int NFTA_DEVICE_NAME = 1;
    internal const int NFT_CHAIN_BINDING = 4;

    internal const int NFTA_RULE_TABLE = 1;
    internal const int NFTA_RULE_CHAIN = 2;
    internal const int NFTA_RULE_EXPRESSIONS = 4;
    internal const int NFTA_RULE_COMPAT = 5;
    internal const int NFTA_RULE_USERDATA = 7;
    internal const int NFTA_EXPR_NAME = 1;
    internal const int NFTA_EXPR_DATA = 2;

    internal const int NFTA_SET_TABLE = 1;
    internal const int NFTA_SET_NAME = 2;
    internal const int NFTA_SET_FLAGS = 3;
    internal const int NFTA_SET_KEY_TYPE = 4;
    internal const int NFTA_SET_KEY_LEN = 5;
    internal const int NFTA_SET_DATA_TYPE = 6;
    internal const int NFTA_SET_DATA_LEN = 7;
    internal const int NFTA_SET_POLICY = 8;
    internal const int NFTA_SET_DESC = 9;
    internal const int NFTA_SET_TIMEOUT = 11;
    internal const int NFTA_SET_GC_INTERVAL = 12;
    internal const int NFTA_SET_USERDATA = 13;
    internal const int NFTA_SET_OBJ_TYPE = 15;
    internal const int NFTA_SET_EXPR = 17;
    internal const int NFTA_SET_EXPRESSIONS = 18;
    internal const int NFT_SET_ANONYMOUS = 0x1;
    internal const int NFT_SET_EVAL = 0x20;

    internal const int NFTA_SET_ELEM_LIST_TABLE = 1;
    internal const int NFTA_SET_ELEM_LIST_SET = 2;
    internal const int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    internal const int NFTA_SET_ELEM_KEY = 1;
    internal const int NFTA_SET_ELEM_DATA = 2;
    internal const int NFTA_SET_ELEM_FLAGS = 3;
    internal const int NFTA_SET_ELEM_TIMEOUT = 4;
    internal const int NFTA_SET_ELEM_EXPIRATION = 5;
    internal const int NFTA_SET_ELEM_USERDATA = 6;
    internal const int NFTA_SET_ELEM_EXPR = 7;
    internal const int NFTA_SET_ELEM_OBJREF = 9;
    internal const int NFTA_SET_ELEM_KEY_END = 10;
    internal const int NFTA_SET_ELEM_EXPRESSIONS = 11;

    internal const int NFTA_DATA_VALUE = 1;
    internal const int NFTA_DATA_VERDICT = 2;
    internal const int NFTA_VERDICT_CODE = 1;
    internal const int NFTA_VERDICT_CHAIN = 2;

    internal const int NFTA_LOOKUP_SET = 1;
    internal const int NFTA_LOOKUP_SET_ID = 4;
    internal const int NFTA_DYNSET_SET_NAME = 1;
    internal const int NFTA_DYNSET_SET_ID = 2;
    internal const int NFTA_DYNSET_EXPR = 7;
    internal const int NFTA_DYNSET_EXPRESSIONS = 10;
    internal const int NFTA_OBJREF_SET_NAME = 4;
    internal const int NFTA_OBJREF_SET_ID = 5;
    internal const int NFTA_IMMEDIATE_DATA = 2;
    internal const int NFTA_QUOTA_CONSUMED = 4;

    internal const int NFTA_COUNTER_BYTES = 1;
    internal const int NFTA_COUNTER_PACKETS = 2;

    internal const int NFTA_OBJ_TABLE = 1;
    internal const int NFTA_OBJ_NAME = 2;
    internal const int NFTA_OBJ_TYPE = 3;
    internal const int NFTA_OBJ_DATA = 4;
    internal const int NFTA_OBJ_USERDATA = 8;
    internal const int NFT_OBJECT_COUNTER = 1;
    internal const int NFT_OBJECT_QUOTA = 2;

    internal const int NFTA_FLOWTABLE_NAME = 2;
    internal const int NFTA_FLOWTABLE_HOOK = 3;
    internal const int NFTA_FLOWTABLE_FLAGS = 7;

    internal const int NFTA_GEN_ID = 1;
    internal const int NFTA_GEN_PROC_PID = 2;
    internal const int NFTA_GEN_PROC_NAME = 3;

    internal const int NFPROTO_NETDEV = 5;

    [StructLayout(LayoutKind.Sequential)]
    internal struct nfgenmsg
    {
        public byte nfgen_family;
        public byte version;
        public ushort res_id;
    }
}
