namespace Net.Platform;

/// <summary>Which packets a firewall table sees (the NFPROTO_ numbers).</summary>
public enum FirewallFamily
{
    /// <summary>None in particular.</summary>
    Unspecified = 0,

    /// <summary>IPv4 and IPv6.</summary>
    Inet = 1,

    /// <summary>IPv4.</summary>
    Ip = 2,

    /// <summary>ARP.</summary>
    Arp = 3,

    /// <summary>Packets of one device, before and after everything else.</summary>
    Netdev = 5,

    /// <summary>Frames a bridge forwards.</summary>
    Bridge = 7,

    /// <summary>IPv6.</summary>
    Ip6 = 10,
}
