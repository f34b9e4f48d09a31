using Net.Contracts;
using Net.Platform;

namespace Net.Engine.Paths;

/// <summary>Tells the kind of a link from what kernel and driver say.</summary>
internal static class LinkKinds
{
    // ARPHRD_ETHER of if_arp.h.
    private const ushort EthernetHardware = 1;

    // Modems show as wwan0 by the naming of systemd and as these drivers.
    private static readonly string[] ModemDrivers = ["qmi_wwan", "cdc_mbim", "cdc_ncm", "huawei_cdc_ncm", "mhi_net", "iosm"];

    /// <summary>The kind of a link.</summary>
    public static LinkKind Of(LinkInfo link, LinkFacts? facts) => link switch
    {
        { IsLoopback: true } => LinkKind.Loopback,
        _ when facts?.IsWireless == true => LinkKind.Wifi,
        _ when facts?.Driver is { } driver && ModemDrivers.Contains(driver) => LinkKind.Cellular,
        _ when link.Name.StartsWith("wwan", StringComparison.Ordinal) => LinkKind.Cellular,
        { Kind: "tun" or "wireguard" or "ipip" or "sit" or "gre" or "ip6tnl" or "vti" or "xfrm" or "ppp" } => LinkKind.Tunnel,
        { Kind: "bridge" } => LinkKind.Bridge,
        { Kind: not null } => LinkKind.Virtual,
        _ when link.HardwareType == EthernetHardware && facts?.IsPhysical == true => LinkKind.Ethernet,
        _ => LinkKind.Unknown,
    };
}
