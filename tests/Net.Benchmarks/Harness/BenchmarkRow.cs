using System.Text.Json.Serialization;

namespace Net.Benchmarks.Harness;

/// <summary>One measured row, as <c>--json</c> writes it.</summary>
internal sealed record BenchmarkRow(
    string Area,
    string Case,
    double? Value,
    string Unit,
    Better Better,
    string? Peer,
    double? PeerValue,
    double? Ratio,
    double? Target,
    bool? Met)
{
    /// <summary>Why there is no value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>The lowest and the highest of our rounds, when there was more than one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BenchmarkSpread? Spread { get; init; }

    /// <summary>The same of the peer's rounds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BenchmarkSpread? PeerSpread { get; init; }

    /// <summary>Said below the table; the value stands.</summary>
    [JsonIgnore]
    public string? Note { get; init; }

    /// <summary>The target as the table shows it.</summary>
    [JsonIgnore]
    public string TargetText { get; init; } = "-";
}
