using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>Where the trust in a peer comes from.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayTrust>))]
public enum OverlayTrust
{
    /// <summary>Its key is in the document.</summary>
    Key,

    /// <summary>It has a membership certificate.</summary>
    Certificate,

    /// <summary>It was kept at its first connection.</summary>
    FirstUse,
}
