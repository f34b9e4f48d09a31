using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What happened to a path.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PathChangeKind>))]
public enum PathChangeKind
{
    /// <summary>It was there when the watch began.</summary>
    Present,

    /// <summary>It is new.</summary>
    Added,

    /// <summary>Something about it changed.</summary>
    Changed,

    /// <summary>It is gone.</summary>
    Removed,
}
