using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>linux/ethtool.h and sockios.h.</summary>
internal static unsafe class EthtoolApi
{
    internal const int SIOCETHTOOL = 0x8946;
    internal const int ETHTOOL_GDRVINFO = 0x3;
    internal const int ETHTOOL_GLINK = 0xa;
    internal const int ETHTOOL_GLINKSETTINGS = 0x4c;
    internal const int SPEED_UNKNOWN = -1;
    internal const int DUPLEX_HALF = 0;
    internal const int DUPLEX_FULL = 1;

    [StructLayout(LayoutKind.Sequential)]
    internal struct ethtool_value
    {
        public uint cmd;
        public uint data;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ethtool_drvinfo
    {
        public uint cmd;
        public fixed byte driver[32];
        public fixed byte version[32];
        public fixed byte fw_version[32];
        public fixed byte bus_info[32];
        public fixed byte erom_version[32];
        public fixed byte reserved2[12];
        public uint n_priv_flags;
        public uint n_stats;
        public uint testinfo_len;
        public uint eedump_len;
        public uint regdump_len;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ethtool_link_settings
    {
        public uint cmd;
        public uint speed;
        public byte duplex;
        public byte port;
        public byte phy_address;
        public byte autoneg;
        public byte mdio_support;
        public byte eth_tp_mdix;
        public byte eth_tp_mdix_ctrl;
        public sbyte link_mode_masks_nwords;
        public byte transceiver;
        public byte master_slave_cfg;
        public byte master_slave_state;
        public byte rate_matching;
        public fixed uint reserved[7];
    }
}
