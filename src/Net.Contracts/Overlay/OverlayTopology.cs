using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>Who connects to whom.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayTopology>))]
public enum OverlayTopology
{
    /// <summary>Everybody to everybody.</summary>
    FullMesh,

    /// <summary>Spokes to hubs only; hubs forward between spokes.</summary>
    HubAndSpoke,

    /// <summary>Only to peers that have endpoints of their own in the document, and whoever connects.</summary>
    Partial,
}
