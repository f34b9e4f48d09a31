using System.Net;

namespace Net.Platform;

/// <summary>What came of a probe.</summary>
public sealed record EchoReply
{
    /// <summary>How it ended.</summary>
    public required EchoOutcome Outcome { get; init; }

    /// <summary>Time from sending to the kernel's receipt of the answer; null without an answer.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>Who answered; null without an answer.</summary>
    public IPAddress? From { get; init; }

    /// <summary>Hop limit left in the answer; null when unknown.</summary>
    public int? Ttl { get; init; }

    /// <summary>Why it failed, for people; null for a reply.</summary>
    public string? Reason { get; init; }
}
