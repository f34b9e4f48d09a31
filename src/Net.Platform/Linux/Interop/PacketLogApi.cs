using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>linux/netfilter/nfnetlink_log.h. Numbers in its structures are in network byte order.</summary>
internal static unsafe class PacketLogApi
{
    internal const int NFNL_SUBSYS_ULOG = 4;
    internal const int NFULNL_MSG_PACKET = 0;
    internal const int NFULNL_MSG_CONFIG = 1;

    internal const int NFULNL_CFG_CMD_BIND = 1;
    internal const int NFULA_CFG_CMD = 1;
    internal const int NFULA_CFG_MODE = 2;
    internal const int NFULA_CFG_NLBUFSIZ = 3;
    internal const int NFULA_CFG_TIMEOUT = 4;
    internal const int NFULA_CFG_QTHRESH = 5;
    internal const int NFULA_CFG_FLAGS = 6;
    internal const int NFULNL_COPY_PACKET = 2;
    internal const int NFULNL_CFG_F_SEQ = 1;

    internal const int NFULA_PACKET_HDR = 1;
    internal const int NFULA_MARK = 2;
    internal const int NFULA_TIMESTAMP = 3;
    internal const int NFULA_IFINDEX_INDEV = 4;
    internal const int NFULA_IFINDEX_OUTDEV = 5;
    internal const int NFULA_IFINDEX_PHYSINDEV = 6;
    internal const int NFULA_IFINDEX_PHYSOUTDEV = 7;
    internal const int NFULA_HWADDR = 8;
    internal const int NFULA_PAYLOAD = 9;
    internal const int NFULA_PREFIX = 10;
    internal const int NFULA_UID = 11;
    internal const int NFULA_SEQ = 12;
    internal const int NFULA_GID = 14;

    [StructLayout(LayoutKind.Sequential)]
    internal struct nfulnl_msg_packet_hdr
    {
        public ushort hw_protocol;
        public byte hook;
        private readonly byte _pad;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct nfulnl_msg_packet_hw
    {
        public ushort hw_addrlen;
        private readonly ushort _pad;
        public fixed byte hw_addr[8];
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct nfulnl_msg_packet_timestamp
    {
        public ulong sec;
        public ulong usec;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal struct nfulnl_msg_config_mode
    {
        public uint copy_range;
        public byte copy_mode;
        private readonly byte _pad;
    }
}
