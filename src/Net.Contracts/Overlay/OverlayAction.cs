using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What a rule does.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayAction>))]
public enum OverlayAction
{
    /// <summary>Lets connections through.</summary>
    Allow,

    /// <summary>Denies them.</summary>
    Deny,
}
