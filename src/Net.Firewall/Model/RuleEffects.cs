namespace Net.Firewall;

/// <summary>What a rule does to the packets it matches besides deciding about them.</summary>
public sealed record RuleEffects
{
    /// <summary>Whether each match is written to the log, at most <see cref="MaxLogsPerSecond"/> a second for each rule.</summary>
    public bool Log { get; init; }

    /// <summary>The code point packets get, 0 to 63 (RFC 2474); null leaves it.</summary>
    public byte? SetDscp { get; init; }

    /// <summary>The time to live, or hop limit, packets get; null leaves it.</summary>
    public byte? SetTtl { get; init; }

    /// <summary>The mark packets get; null leaves it.</summary>
    public MarkMatch? SetMark { get; init; }

    /// <summary>The highest TCP segment size (RFC 9293 section 3.7.1) a SYN may offer, in bytes; 0 stands for what the route's MTU allows; null leaves it. Only with TCP.</summary>
    public ushort? MaxSegmentSize { get; init; }

    /// <summary>The dynamic address list the source of the packet is put into; null for none.</summary>
    public long? AddSourceTo { get; init; }

    /// <summary>How long the source stays in that list since it was last put there; null for the list's own time.</summary>
    public TimeSpan? AddSourceFor { get; init; }

    /// <summary>How a packet is refused; only with Reject.</summary>
    public RejectKind RejectWith { get; init; }

    /// <summary>Matches of one rule that are logged in one second; more are counted only.</summary>
    public const int MaxLogsPerSecond = 50;
}
