namespace Net.Platform;

/// <summary>One step of a traced packet through the rules (nftables "meta nftrace set 1").</summary>
public sealed record TraceEvent
{
    /// <summary>What this step was.</summary>
    public required TraceEventKind Kind { get; init; }

    /// <summary>The packet: the same number in all its steps, at every hook. The kernel may use it again for a later packet.</summary>
    public uint TraceId { get; init; }

    /// <summary>The table.</summary>
    public FirewallTable Table { get; init; }

    /// <summary>The chain.</summary>
    public string Chain { get; init; } = "";

    /// <summary>The kernel's number of the rule; null when this step is no rule.</summary>
    public long? RuleHandle { get; init; }

    /// <summary>What is done next. For <see cref="TraceEventKind.Policy"/> the policy.</summary>
    public TraceVerdict Verdict { get; init; }

    /// <summary>The chain gone to; null when the verdict is neither jump nor goto.</summary>
    public string? Target { get; init; }

    /// <summary>Index of the interface it came in by; null when it came from this host, or not told (see <see cref="Packet"/>).</summary>
    public int? InputInterface { get; init; }

    /// <summary>Index of the interface it leaves by; null when that is not known at this hook, or not told (see <see cref="Packet"/>).</summary>
    public int? OutputInterface { get; init; }

    /// <summary>Packet mark at this step.</summary>
    public uint Mark { get; init; }

    /// <summary>The kernel sends headers in the first step at each hook; later steps bring what an earlier one of the same packet said. Null when no earlier one is known.</summary>
    public PacketTuple? Packet { get; init; }

    /// <summary>Whether the headers came with this step: it is the first at its hook.</summary>
    public bool IsFirstAtHook { get; init; }

    /// <summary>When it was read.</summary>
    public DateTimeOffset Time { get; init; }
}
