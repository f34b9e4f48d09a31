namespace Net.Packets;

/// <summary>What an ICMP message means, the same for ICMPv4 and ICMPv6.</summary>
public enum IcmpKind
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>Echo request.</summary>
    EchoRequest,

    /// <summary>Echo reply.</summary>
    EchoReply,

    /// <summary>The destination cannot be reached.</summary>
    DestinationUnreachable,

    /// <summary>The hop limit was used up.</summary>
    TimeExceeded,

    /// <summary>The packet was too big for the next link (ICMPv6; ICMPv4 says so in a code of "unreachable").</summary>
    PacketTooBig,

    /// <summary>A field of the packet makes no sense.</summary>
    ParameterProblem,
}
