using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>How the sender of a rejected packet is told (RFC 792, RFC 1812, RFC 4443).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<FirewallReject>))]
public enum FirewallReject
{
    /// <summary>TCP by a reset, UDP and SCTP by "port unreachable", everything else by "administratively prohibited".</summary>
    Default,

    /// <summary>TCP by a reset, other protocols by "port unreachable".</summary>
    TcpReset,

    /// <summary>By "port unreachable".</summary>
    PortUnreachable,

    /// <summary>By "host unreachable" (IPv6: "address unreachable").</summary>
    HostUnreachable,

    /// <summary>By "network unreachable" (IPv6: "no route").</summary>
    NoRoute,

    /// <summary>By "administratively prohibited".</summary>
    AdminProhibited,
}
