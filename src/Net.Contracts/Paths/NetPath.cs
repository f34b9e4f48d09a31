namespace Net.Contracts;

/// <summary>A way for packets to leave: an uplink, or a direct or relayed way to a peer. Every number is measured; what is not known is null.</summary>
public sealed record NetPath
{
    /// <summary>The stable id, <c>interface/gateway</c> for an uplink.</summary>
    public required string PathId { get; init; }

    /// <summary>What kind of way it is.</summary>
    public PathKind Kind { get; set; }

    /// <summary>Which version of IP it carries.</summary>
    public IpFamily Family { get; set; }

    /// <summary>The interface it leaves by.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>The interface's index in the kernel.</summary>
    public int InterfaceIndex { get; set; }

    /// <summary>The gateway of an uplink; null on a link that needs none.</summary>
    public string? Gateway { get; set; }

    /// <summary>The address packets leave with, or null.</summary>
    public string? LocalAddress { get; set; }

    /// <summary>What the probes ask: the gateway unless the configuration names another target.</summary>
    public string? ProbeTarget { get; set; }

    /// <summary>The peer it leads to; null for an uplink.</summary>
    public string? Peer { get; set; }

    /// <summary>What is known of it.</summary>
    public PathState State { get; set; }

    /// <summary>Why the state is what it is, in one sentence.</summary>
    public required string StateReason { get; init; }

    /// <summary>When the state became what it is.</summary>
    public DateTimeOffset StateSince { get; set; }

    /// <summary>The smoothed round trip time (RFC 9002 section 5.3).</summary>
    public TimeSpan? RoundTripTime { get; set; }

    /// <summary>The last round trip time.</summary>
    public TimeSpan? LatestRoundTripTime { get; set; }

    /// <summary>The mean change from one round trip to the next (RFC 3550 section 6.4.1).</summary>
    public TimeSpan? Jitter { get; set; }

    /// <summary>The share of the last probes that had no reply, 0 to 1.</summary>
    public double? LossRatio { get; set; }

    /// <summary>How many probes <see cref="LossRatio"/> was measured over.</summary>
    public int ProbeCount { get; set; }

    /// <summary>Bits per second received on the interface, from its counters; null until two readings exist.</summary>
    public double? ReceiveBitsPerSecond { get; set; }

    /// <summary>Bits per second sent on the interface, from its counters; null until two readings exist.</summary>
    public double? TransmitBitsPerSecond { get; set; }

    /// <summary>What kind of link the interface is.</summary>
    public LinkKind LinkKind { get; set; }

    /// <summary>The speed of the link in bits per second, or null.</summary>
    public long? LinkSpeedBitsPerSecond { get; set; }

    /// <summary>The interface's MTU in bytes.</summary>
    public int? MtuBytes { get; set; }

    /// <summary>The strength of a radio signal in dBm, or null.</summary>
    public int? SignalDbm { get; set; }

    /// <summary>Whether traffic costs money; null when nobody said so.</summary>
    public bool? IsMetered { get; set; }

    /// <summary>The metric of the default route that makes the path, lower is preferred.</summary>
    public long? RouteMetric { get; set; }

    /// <summary>Whether packets without a more specific route leave this way now.</summary>
    public bool IsSelected { get; set; }

    /// <summary>Why it is, or is not, the one in use.</summary>
    public required string SelectionReason { get; init; }
}
