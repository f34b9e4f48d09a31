namespace Net.Contracts;

/// <summary>What went through a rule. Counters go on over restarts of workers and the engine's own upkeep; a restart of the engine begins them anew where
/// the kernel does not hold them.</summary>
public sealed record RelayStatistic
{
    /// <summary>The rule's name.</summary>
    public required string Name { get; init; }

    /// <summary>The rule's id.</summary>
    public long Id { get; set; }

    /// <summary>What the rule does.</summary>
    public RelayRuleState State { get; set; }

    /// <summary>The engine that moves its packets; null while none does.</summary>
    public RelayEngine? EngineInUse { get; set; }

    /// <summary>Packets that matched.</summary>
    public long Packets { get; set; }

    /// <summary>Bytes of these packets from the IP header on.</summary>
    public long Bytes { get; set; }

    /// <summary>Matching packets per second, over the last second.</summary>
    public double PacketsPerSecond { get; set; }

    /// <summary>Matching bits per second, over the last second.</summary>
    public double BitsPerSecond { get; set; }

    /// <summary>When the last packet matched; null before the first.</summary>
    public DateTimeOffset? LastSeen { get; set; }

    /// <summary>Packets dropped before any output was looked at, by reason.</summary>
    public RelayDrops Drops { get; set; } = new();

    /// <summary>How many different sources were seen, counted up to 8; null where the engine in use does not look (Xdp, Tcx).</summary>
    public int? SourceCount { get; set; }

    /// <summary>Up to 8 sources that were seen.</summary>
    public string[] Sources { get; set; } = [];

    /// <summary>The source in use, with <see cref="RelayDuplicates.Standby"/>; null otherwise.</summary>
    public string? ActiveSource { get; set; }

    /// <summary>What the payload's sequence numbers say; null when the rule does not ask for it, or no known format was seen.</summary>
    public RelaySequence? Sequence { get; set; }

    /// <summary>The outputs, in the rule's order.</summary>
    public RelayOutputStatistic[] Outputs { get; set; } = [];

    /// <summary>When the counters began.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>When they were read.</summary>
    public DateTimeOffset Time { get; set; }
}

/// <summary>What went through one output of a rule.</summary>
public sealed record RelayOutputStatistic
{
    /// <summary>Its place in the rule's list, from 0.</summary>
    public int Index { get; set; }

    /// <summary>The interface.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>The destination packets leave to; null where each keeps its own.</summary>
    public string? Destination { get; set; }

    /// <summary>The port packets leave to; null where each keeps its own.</summary>
    public int? Port { get; set; }

    /// <summary>Packets sent.</summary>
    public long Packets { get; set; }

    /// <summary>Bytes of these packets from the IP header on.</summary>
    public long Bytes { get; set; }

    /// <summary>Packets sent per second, over the last second.</summary>
    public double PacketsPerSecond { get; set; }

    /// <summary>Bits sent per second, over the last second.</summary>
    public double BitsPerSecond { get; set; }

    /// <summary>When the last packet was sent; null before the first.</summary>
    public DateTimeOffset? LastSent { get; set; }

    /// <summary>Packets this output dropped, by reason.</summary>
    public RelayDrops Drops { get; set; } = new();

    /// <summary>Whether it pauses, having no receivers.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Why nothing is sent now; null while it can send.</summary>
    public string? Reason { get; set; }
}

/// <summary>What sequence numbers in the payload say about the packets that reached this host, before any drop of ours.</summary>
/// <param name="Format">Which numbers were found.</param>
/// <param name="Expected">Packets there should have been.</param>
/// <param name="Lost">Packets that never came.</param>
/// <param name="Reordered">Packets that came behind a later one.</param>
/// <param name="Duplicate">Packets that came again.</param>
public sealed record RelaySequence(RelaySequenceFormat Format, long Expected = 0, long Lost = 0, long Reordered = 0, long Duplicate = 0);
