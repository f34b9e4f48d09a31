namespace Net.Contracts;

/// <summary>What a burst of probes over one path found.</summary>
public sealed record PathMeasurement
{
    /// <summary>The path that was measured.</summary>
    public required string PathId { get; init; }

    /// <summary>The interface the probes left by.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>What was asked.</summary>
    public required string Target { get; init; }

    /// <summary>Probes sent.</summary>
    public int Sent { get; set; }

    /// <summary>Replies that came back in time.</summary>
    public int Received { get; set; }

    /// <summary>The share of probes without a reply, 0 to 1.</summary>
    public double LossRatio { get; set; }

    /// <summary>The shortest round trip; null without any reply.</summary>
    public TimeSpan? MinimumRoundTripTime { get; set; }

    /// <summary>The median round trip; null without any reply.</summary>
    public TimeSpan? MedianRoundTripTime { get; set; }

    /// <summary>The mean round trip; null without any reply.</summary>
    public TimeSpan? MeanRoundTripTime { get; set; }

    /// <summary>The longest round trip; null without any reply.</summary>
    public TimeSpan? MaximumRoundTripTime { get; set; }

    /// <summary>The mean change from one round trip to the next; null with fewer than two replies.</summary>
    public TimeSpan? Jitter { get; set; }

    /// <summary>Why probes were not answered, where the network said so; null otherwise.</summary>
    public string? FailureReason { get; set; }

    /// <summary>When the measurement ended.</summary>
    public DateTimeOffset MeasuredAt { get; set; }
}
