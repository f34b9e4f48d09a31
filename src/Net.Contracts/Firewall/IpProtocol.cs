using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>The protocol above IP that a rule matches. Numbers are IANA's "Assigned Internet Protocol Numbers".</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<IpProtocol>))]
public enum IpProtocol
{
    /// <summary>Every protocol.</summary>
    Any = -1,

    /// <summary>ICMP for IPv4 and ICMPv6 for IPv6.</summary>
    Icmp = 1,

    /// <summary>IGMP (RFC 9776).</summary>
    Igmp = 2,

    /// <summary>TCP (RFC 9293).</summary>
    Tcp = 6,

    /// <summary>UDP (RFC 768).</summary>
    Udp = 17,

    /// <summary>GRE (RFC 2784).</summary>
    Gre = 47,

    /// <summary>IPsec ESP (RFC 4303).</summary>
    Esp = 50,

    /// <summary>IPsec AH (RFC 4302).</summary>
    Ah = 51,

    /// <summary>OSPF (RFC 2328).</summary>
    Ospf = 89,

    /// <summary>VRRP (RFC 9568).</summary>
    Vrrp = 112,

    /// <summary>SCTP (RFC 9260).</summary>
    Sctp = 132,
}
