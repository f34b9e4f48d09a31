namespace Net.Firewall;

/// <summary>What a NAT rule does (RFC 3022).</summary>
public enum NatKind
{
    /// <summary>The source becomes the address of the interface the packet leaves by.</summary>
    Masquerade,

    /// <summary>The source becomes one of the given addresses.</summary>
    Source,

    /// <summary>The destination becomes one of the given addresses.</summary>
    Destination,

    /// <summary>The destination becomes this host.</summary>
    Redirect,

    /// <summary>The source prefix becomes another prefix of the same length, host bits kept.</summary>
    SourcePrefix,

    /// <summary>The destination prefix becomes another prefix of the same length, host bits kept.</summary>
    DestinationPrefix,

    /// <summary>Packets that match keep their addresses, whatever later NAT rules say.</summary>
    Exempt,
}
