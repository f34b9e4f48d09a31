namespace Net.Overlay.Flows;

/// <summary>Protocol numbers that flows treat apart, from IANA's "Assigned Internet Protocol Numbers".</summary>
public static class IpProtocols
{
    /// <summary>ICMP, RFC 792.</summary>
    public const byte Icmp = 1;

    /// <summary>TCP, RFC 9293.</summary>
    public const byte Tcp = 6;

    /// <summary>UDP, RFC 768.</summary>
    public const byte Udp = 17;

    /// <summary>DCCP, RFC 4340.</summary>
    public const byte Dccp = 33;

    /// <summary>ICMPv6, RFC 4443.</summary>
    public const byte IcmpV6 = 58;

    /// <summary>SCTP, RFC 9260.</summary>
    public const byte Sctp = 132;

    /// <summary>UDP-Lite, RFC 3828.</summary>
    public const byte UdpLite = 136;

    /// <summary>Whether packets of a protocol start with a source and a destination port.</summary>
    /// <param name="protocol">The number.</param>
    public static bool HasPorts(byte protocol) => protocol is Tcp or Udp or Dccp or Sctp or UdpLite;
}
