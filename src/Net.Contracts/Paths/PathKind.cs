using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What kind of way out a path is.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PathKind>))]
public enum PathKind
{
    /// <summary>An interface with a gateway.</summary>
    Uplink,

    /// <summary>Straight to a peer.</summary>
    Direct,

    /// <summary>To a peer through a relay.</summary>
    Relayed,
}
