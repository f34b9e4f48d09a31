using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What is known of a path.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PathState>))]
public enum PathState
{
    /// <summary>Nothing was tried yet.</summary>
    Unknown,

    /// <summary>Probes are on their way, too few came back to judge.</summary>
    Validating,

    /// <summary>Replies come back.</summary>
    Validated,

    /// <summary>It cannot be used now.</summary>
    Failed,
}
