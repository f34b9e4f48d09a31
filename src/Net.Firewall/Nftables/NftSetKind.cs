namespace Net.Firewall;

/// <summary>What a named set of ours holds.</summary>
internal enum NftSetKind
{
    /// <summary>IPv4 addresses and prefixes.</summary>
    IPv4,

    /// <summary>IPv6 addresses and prefixes.</summary>
    IPv6,

    /// <summary>Ports.</summary>
    Ports,

    /// <summary>Single IPv4 addresses that rules put in.</summary>
    DynamicIPv4,

    /// <summary>Single IPv6 addresses that rules put in.</summary>
    DynamicIPv6,

    /// <summary>Kept sessions over IPv4.</summary>
    SessionsIPv4,

    /// <summary>Kept sessions over IPv6.</summary>
    SessionsIPv6,
}
