using System.Net;

namespace Net.Relay;

/// <summary>Counters of one rule at one point: where its packets come in, or one of its outputs. They only rise while an engine lives.</summary>
public sealed record RelayCounters
{
    /// <summary>The value of <see cref="Output"/> that stands for the input.</summary>
    public const int Input = -1;

    /// <summary>The rule's id.</summary>
    public required int RuleId { get; init; }

    /// <summary>The index of the output, or <see cref="Input"/>.</summary>
    public required int Output { get; init; }

    /// <summary>Packets received, or sent.</summary>
    public long Packets { get; init; }

    /// <summary>Bytes of the IP packets received, or sent.</summary>
    public long Bytes { get; init; }

    /// <summary>Packets not relayed, indexed by <see cref="RelayDrop"/>; empty when there are none.</summary>
    public long[] Drops { get; init; } = [];

    /// <summary>When the last packet was received or sent, on the monotonic clock in nanoseconds; 0 for never.</summary>
    public long LastSeenNanoseconds { get; init; }

    /// <summary>Packets missing in the sequence; only at the input, with <see cref="RelayFlow.AnalyzeSequence"/>.</summary>
    public long Lost { get; init; }

    /// <summary>Packets that came after a later one; as <see cref="Lost"/>.</summary>
    public long Reordered { get; init; }

    /// <summary>Packets whose number had been seen; as <see cref="Lost"/>.</summary>
    public long Duplicates { get; init; }

    /// <summary>How many sources sent lately, counted up to <see cref="SourceSet.Capacity"/>; only at the input.</summary>
    public int Sources { get; init; }

    /// <summary>These sources, in no order; only at the input.</summary>
    public IPAddress[] SourceAddresses { get; init; } = [];

    /// <summary>The source that is relayed now; only at the input, with <see cref="DuplicateMode.Standby"/>.</summary>
    public IPAddress? ActiveSource { get; init; }

    /// <summary>Whose sequence numbers were found last; null for none, as <see cref="Lost"/>.</summary>
    public SequenceKind? Sequence { get; init; }

    /// <summary>Packets that had sequence numbers, as <see cref="Lost"/>; of MPEG-TS those of 188 bytes.</summary>
    public long Numbered { get; init; }
}
