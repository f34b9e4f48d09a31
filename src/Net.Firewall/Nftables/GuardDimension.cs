namespace Net.Firewall;

/// <summary>What a guard asks of a packet before it is led to rules.</summary>
internal enum GuardDimension
{
    /// <summary>Source address, IPv4.</summary>
    SourceIPv4,

    /// <summary>Source address, IPv6.</summary>
    SourceIPv6,

    /// <summary>Destination address, IPv4.</summary>
    DestinationIPv4,

    /// <summary>Destination address, IPv6.</summary>
    DestinationIPv6,

    /// <summary>Source port, whatever the protocol.</summary>
    SourcePort,

    /// <summary>Destination port, whatever the protocol.</summary>
    DestinationPort,

    /// <summary>One interface the packet came in by.</summary>
    Input,

    /// <summary>One interface the packet leaves by.</summary>
    Output,

    /// <summary>Transport protocol.</summary>
    Protocol,

    /// <summary>States of the connection.</summary>
    States,

    /// <summary>IP version.</summary>
    Family,
}
