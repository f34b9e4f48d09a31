using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>Whose a prefix is. Of equal prefixes the first in this order is used.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayRouteOwner>))]
public enum OverlayRouteOwner
{
    /// <summary>This node.</summary>
    Local,

    /// <summary>A peer's own address.</summary>
    Node,

    /// <summary>A network behind a peer.</summary>
    Gateway,

    /// <summary>Everything else, by an exit node.</summary>
    DefaultGateway,
}
