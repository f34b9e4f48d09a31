namespace Net.Engine.Firewall.Translation;

/// <summary>Rules a profile implies, with the numbers their ids are made of. Numbers never change their meaning.</summary>
internal enum ProfileRule
{
    /// <summary>Packets of connections that stand.</summary>
    Established = 1,

    /// <summary>What the host says to itself.</summary>
    Loopback = 2,

    /// <summary>ICMP that IP cannot do without.</summary>
    EssentialIcmp = 3,

    /// <summary>DHCP of this host.</summary>
    Dhcp = 4,

    /// <summary>DHCPv6 of this host.</summary>
    DhcpV6 = 5,

    /// <summary>Packets that fit no connection and begin none.</summary>
    Invalid = 6,

    /// <summary>Packets to whose source another interface leads.</summary>
    AntiSpoofing = 7,

    /// <summary>Too many SYN packets of one source.</summary>
    SynFlood = 8,

    /// <summary>What nothing else decided.</summary>
    Default = 9,
}
