namespace Net.Contracts;

/// <summary>What of test traffic arrived at one interface. One item per second and interface, and one at the end.</summary>
public sealed record RelayMeasurement
{
    /// <summary>The interface packets were received on.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>The destination they were received at, with the port.</summary>
    public required string Destination { get; init; }

    /// <summary>Whether this is the end result; otherwise it is how things stand.</summary>
    public bool IsFinal { get; set; }

    /// <summary>Packets sent, all streams together.</summary>
    public long Sent { get; set; }

    /// <summary>Packets received, without duplicates.</summary>
    public long Received { get; set; }

    /// <summary>Packets that did not come.</summary>
    public long Lost { get; set; }

    /// <summary>The share of packets that did not come, 0 to 1.</summary>
    public double LossRatio { get; set; }

    /// <summary>Packets that came behind a later one.</summary>
    public long Reordered { get; set; }

    /// <summary>Packets that came again.</summary>
    public long Duplicate { get; set; }

    /// <summary>Packets whose content had changed.</summary>
    public long Corrupt { get; set; }

    /// <summary>Packets per second received.</summary>
    public double PacketsPerSecond { get; set; }

    /// <summary>Bits per second received, from the IP header on.</summary>
    public double BitsPerSecond { get; set; }

    /// <summary>The shortest time from sending to receiving; null without any packet.</summary>
    public TimeSpan? MinimumLatency { get; set; }

    /// <summary>The median time; null without any packet.</summary>
    public TimeSpan? MedianLatency { get; set; }

    /// <summary>The time 99 % of packets stay below; null without any packet.</summary>
    public TimeSpan? P99Latency { get; set; }

    /// <summary>The time 99.9 % of packets stay below; null without any packet.</summary>
    public TimeSpan? P999Latency { get; set; }

    /// <summary>The longest time; null without any packet.</summary>
    public TimeSpan? MaximumLatency { get; set; }

    /// <summary>How long packets had been sent.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>When this was measured.</summary>
    public DateTimeOffset MeasuredAt { get; set; }
}
