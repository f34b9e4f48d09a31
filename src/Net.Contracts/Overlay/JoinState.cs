using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What became of a node that asked to join.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<JoinState>))]
public enum JoinState
{
    /// <summary>It waits for a decision.</summary>
    Pending,

    /// <summary>It got a certificate.</summary>
    Approved,

    /// <summary>It was refused.</summary>
    Denied,
}
