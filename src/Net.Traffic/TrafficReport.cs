namespace Net.Traffic;

/// <summary>What a receiver got, at one endpoint or at all of them together.</summary>
public sealed record TrafficReport
{
    /// <summary>The interface, group and port it is of; null for all together.</summary>
    public TrafficEndpoint? Endpoint { get; init; }

    /// <summary>Packets of ours that came, each once.</summary>
    public required long Received { get; init; }

    /// <summary>Their payload in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Packets that did not come though a later one of their stream did, or its end says they were sent.</summary>
    public required long Lost { get; init; }

    /// <summary>Packets that came behind a later one of their stream.</summary>
    public required long Reordered { get; init; }

    /// <summary>Packets that came again.</summary>
    public required long Duplicate { get; init; }

    /// <summary>Packets whose payload was not as it was sent, or cut.</summary>
    public required long Corrupt { get; init; }

    /// <summary>Packets of somebody else's.</summary>
    public required long Foreign { get; init; }

    /// <summary>Packets of streams beyond <see cref="TrafficListen.MostStreams"/>; they are in <see cref="Received"/> and nowhere else.</summary>
    public required long Untracked { get; init; }

    /// <summary>Packets the kernel dropped because this receiver did not take them in time: they are lost, but not on the way.</summary>
    public required long Overrun { get; init; }

    /// <summary>Streams heard.</summary>
    public required int Streams { get; init; }

    /// <summary>From the first packet to the last.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Time from sending to arrival; null when nothing came or the clocks of both ends differ.</summary>
    public required TrafficLatency? Latency { get; init; }

    /// <summary>The longest time nothing came, between the first packet and the last.</summary>
    public required TimeSpan LongestGap { get; init; }

    /// <summary>The same by endpoint; empty in the report of one.</summary>
    public IReadOnlyList<TrafficReport> Endpoints { get; init; } = [];

    /// <summary>Packets a second between the first and the last.</summary>
    public double PacketsPerSecond => Elapsed > TimeSpan.Zero ? Received / Elapsed.TotalSeconds : 0;

    /// <summary>Bits of payload a second between the first and the last.</summary>
    public double BitsPerSecond => Elapsed > TimeSpan.Zero ? Bytes * 8 / Elapsed.TotalSeconds : 0;

    /// <summary>Share of what was sent that was lost, 0 to 1; null when nothing came.</summary>
    public double? LossRatio => Received + Lost > 0 ? (double)Lost / (Received + Lost) : null;
}
