using System.Net;

namespace Net.Relay;

/// <summary>What an engine loads: a rule with all its names resolved. Equality is by content. A rule whose input is a pattern makes one flow per interface, all with
/// the rule's id.</summary>
public sealed record RelayFlow
{
    /// <summary>The most outputs a rule may have.</summary>
    public const int MaxTargets = 64;

    /// <summary>The rule's id, positive; counters go by it.</summary>
    public required int RuleId { get; init; }

    /// <summary>Which packets it takes.</summary>
    public required RelayInput Input { get; init; }

    /// <summary>Who may send them; empty for anybody.</summary>
    public AddressPrefix[] AllowedSources { get; init; } = [];

    /// <summary>Where they go, 1..64; counters go by the index.</summary>
    public required RelayTarget[] Targets { get; init; }

    /// <summary>Whether loss is counted by sequence numbers in the payload.</summary>
    public bool AnalyzeSequence { get; init; }

    /// <summary>What is done where several sources send the stream.</summary>
    public DuplicateMode Duplicates { get; init; }

    /// <summary>The source that is relayed while it sends; null: whichever was first. Only for <see cref="DuplicateMode.Standby"/>.</summary>
    public IPAddress? PreferredSource { get; init; }

    /// <summary>How long a source must be silent before another takes over, in milliseconds.</summary>
    public int StandbyAfterMilliseconds { get; init; } = 500;

    /// <inheritdoc/>
    public bool Equals(RelayFlow? other) => other is not null
        && RuleId == other.RuleId
        && Input == other.Input
        && AllowedSources.AsSpan().SequenceEqual(other.AllowedSources)
        && Targets.AsSpan().SequenceEqual(other.Targets)
        && AnalyzeSequence == other.AnalyzeSequence
        && Duplicates == other.Duplicates
        && Equals(PreferredSource, other.PreferredSource)
        && StandbyAfterMilliseconds == other.StandbyAfterMilliseconds;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RuleId, Input, Targets.Length, AnalyzeSequence, Duplicates);
}
