using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What a NAT rule does (RFC 3022).</summary>
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

    /// <summary>Each address of one prefix stands for the address of another prefix at the same place, in both directions (1:1). Also for IPv6 it is done connection by connection: the
    /// host part stays as it is, and checksums are corrected rather than left alone as RFC 6296 (NPTv6) has it.</summary>
    OneToOne,

    /// <summary>Packets that match keep their addresses, whatever later NAT rules say.</summary>
    Exempt,
}
