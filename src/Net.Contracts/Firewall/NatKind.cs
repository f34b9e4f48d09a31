using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What a NAT rule does (RFC 3022; prefixes of IPv6 by RFC 6296).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<NatKind>))]
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

    /// <summary>Each address of one prefix stands for the address of another prefix at the same place, in both directions (1:1; for IPv6 NPTv6).</summary>
    OneToOne,

    /// <summary>Packets that match keep their addresses, whatever later NAT rules say.</summary>
    Exempt,
}
