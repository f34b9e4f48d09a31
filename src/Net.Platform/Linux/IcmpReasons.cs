using Net.Packets;

namespace Net.Platform.Linux;

/// <summary>Says in words why an ICMP error came.</summary>
internal static class IcmpReasons
{
    private static readonly string[] UnreachableV4 =
    [
        "network unreachable", "host unreachable", "protocol unreachable", "port unreachable", "fragmentation needed", "source route failed",
        "destination network unknown", "destination host unknown", "source host isolated", "network administratively prohibited",
        "host administratively prohibited", "network unreachable for this type of service", "host unreachable for this type of service",
        "communication administratively prohibited", "host precedence violation", "precedence cutoff",
    ];

    private static readonly string[] UnreachableV6 =
    [
        "no route to destination", "communication administratively prohibited", "beyond scope of source address", "address unreachable",
        "port unreachable", "source address failed policy", "reject route to destination",
    ];

    public static string Describe(bool isV4, IcmpKind kind, byte type, byte code)
    {
        string[] unreachable = isV4 ? UnreachableV4 : UnreachableV6;
        return kind switch
        {
            IcmpKind.DestinationUnreachable when code < unreachable.Length => unreachable[code],
            IcmpKind.TimeExceeded => code == 0 ? "hop limit exceeded in transit" : "fragment reassembly time exceeded",
            IcmpKind.PacketTooBig => "packet too big",
            IcmpKind.ParameterProblem => "parameter problem",
            _ => $"ICMP type {type} code {code}",
        };
    }
}
