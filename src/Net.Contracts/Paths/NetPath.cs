namespace Net.Contracts;

/// <summary>A way for packets to leave: an uplink, or a direct or relayed way to a peer. Every number is measured; what is not known is null.</summary>
public sealed record NetPath
{
    /// <summary>The stable id, <c>interface/gateway</c> for an uplink.</summary>
    public required string PathId { get; init; }

    /// <summary>What kind of way it is.</summary>
    public PathKind Kind { get; init; }

    /// <summary>Which version of IP it carries.</summary>
    public IpFamily Family { get; init; }

    /// <summary>The interface it leaves by.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>The interface's index in the kernel.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>The gateway of an uplink; null on a link that needs none.</summary>
    public string? Gateway { get; init; }

    /// <summary>The address packets leave with, or null.</summary>
    public string? LocalAddress { get; init; }

    /// <summary>What the probes ask: the gateway unless the configuration names another target.</summary>
    public string? ProbeTarget { get; init; }

    /// <summary>The peer it leads to; null for an uplink.</summary>
    public string? Peer { get; init; }

    /// <summary>What is known of it.</summary>
    public PathState State { get; init; }

    /// <summary>Why the state is what it is, in one sentence.</summary>
    public required string StateReason { get; init; }

    /// <summary>When the state became what it is.</summary>
    public DateTimeOffset StateSince { get; init; }

    /// <summary>The smoothed round trip time (RFC 9002 section 5.3).</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>The last round trip time.</summary>
    public TimeSpan? LatestRoundTripTime { get; init; }

    /// <summary>The mean change from one round trip to the next (RFC 3550 section 6.4.1).</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>The share of the last probes that had no reply, 0 to 1.</summary>
    public double? LossRatio { get; init; }

    /// <summary>How many probes <see cref="LossRatio"/> was measured over.</summary>
    public int ProbeCount { get; init; }

    /// <summary>Bits per second received on the interface, from its counters; null until two readings exist.</summary>
    public double? ReceiveBitsPerSecond { get; init; }

    /// <summary>Bits per second sent on the interface, from its counters; null until two readings exist.</summary>
    public double? TransmitBitsPerSecond { get; init; }

    /// <summary>What kind of link the interface is.</summary>
    public LinkKind LinkKind { get; init; }

    /// <summary>The speed of the link in bits per second, or null.</summary>
    public long? LinkSpeedBitsPerSecond { get; init; }

    /// <summary>The interface's MTU in bytes.</summary>
    public int? MtuBytes { get; init; }

    /// <summary>The strength of a radio signal in dBm, or null.</summary>
    public int? SignalDbm { get; init; }

    /// <summary>Whether traffic costs money; null when nobody said so.</summary>
    public bool? IsMetered { get; init; }

    /// <summary>The metric of the default route that makes the path, lower is preferred.</summary>
    public long? RouteMetric { get; init; }

    /// <summary>Whether packets without a more specific route leave this way now.</summary>
    public bool IsSelected { get; init; }

    /// <summary>Why it is, or is not, the one in use.</summary>
    public required string SelectionReason { get; init; }
}
