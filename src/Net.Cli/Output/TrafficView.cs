using Net.Traffic;

namespace Net.Cli.Output;

/// <summary>What <c>netmod traffic send</c> sent.</summary>
/// <param name="Packets">Packets the kernel took.</param>
/// <param name="Bytes">Their payload.</param>
/// <param name="Refused">Packets it refused.</param>
/// <param name="Missed">Packets the schedule wanted and that were left out.</param>
/// <param name="Seconds">How long it sent.</param>
/// <param name="PacketsPerSecond">The rate.</param>
/// <param name="BitsPerSecond">The same in bits of payload.</param>
/// <param name="FirstStream">Number of the first stream.</param>
internal sealed record TrafficSentView(long Packets, long Bytes, long Refused, long Missed, double Seconds, double PacketsPerSecond, double BitsPerSecond, uint FirstStream)
{
    /// <summary>The view of a result.</summary>
    public static TrafficSentView Of(TrafficSent sent) => new(
        sent.Packets, sent.Bytes, sent.Refused, sent.Missed, sent.Elapsed.TotalSeconds, sent.PacketsPerSecond, sent.BitsPerSecond, sent.FirstStream);
}

/// <summary>What <c>netmod traffic receive</c> got.</summary>
internal sealed record TrafficView
{
    /// <summary>The interface; null for all places together.</summary>
    public string? Interface { get; init; }

    /// <summary>The first group and port; null for all places together.</summary>
    public string? Destination { get; init; }

    /// <summary>Packets that came, each once.</summary>
    public long Received { get; init; }

    /// <summary>Their payload.</summary>
    public long Bytes { get; init; }

    /// <summary>Packets that did not come.</summary>
    public long Lost { get; init; }

    /// <summary>Share of what was sent that did not come, 0 to 1; left out when nothing came.</summary>
    public double? LossRatio { get; init; }

    /// <summary>Packets that came behind a later one.</summary>
    public long Reordered { get; init; }

    /// <summary>Packets that came again.</summary>
    public long Duplicate { get; init; }

    /// <summary>Packets that were changed.</summary>
    public long Corrupt { get; init; }

    /// <summary>Packets of somebody else's.</summary>
    public long Foreign { get; init; }

    /// <summary>Packets of more streams than are told apart.</summary>
    public long Untracked { get; init; }

    /// <summary>Packets the kernel dropped because this program did not take them in time.</summary>
    public long Overrun { get; init; }

    /// <summary>Streams heard.</summary>
    public int Streams { get; init; }

    /// <summary>From the first packet to the last.</summary>
    public double Seconds { get; init; }

    /// <summary>The rate.</summary>
    public double PacketsPerSecond { get; init; }

    /// <summary>The same in bits of payload.</summary>
    public double BitsPerSecond { get; init; }

    /// <summary>The longest silence.</summary>
    public double LongestGapSeconds { get; init; }

    /// <summary>Times from sending to arrival; left out when they are not known.</summary>
    public LatencyView? LatencyMicroseconds { get; init; }

    /// <summary>The same by place; left out in a place.</summary>
    public TrafficView[]? Places { get; init; }

    /// <summary>The view of a report.</summary>
    public static TrafficView Of(TrafficReport report) => new()
    {
        Interface = report.Endpoint?.Interface,
        Destination = report.Endpoint is { } endpoint ? new System.Net.IPEndPoint(endpoint.Group, endpoint.Port).ToString() : null,
        Received = report.Received,
        Bytes = report.Bytes,
        Lost = report.Lost,
        LossRatio = report.LossRatio,
        Reordered = report.Reordered,
        Duplicate = report.Duplicate,
        Corrupt = report.Corrupt,
        Foreign = report.Foreign,
        Untracked = report.Untracked,
        Overrun = report.Overrun,
        Streams = report.Streams,
        Seconds = report.Elapsed.TotalSeconds,
        PacketsPerSecond = report.PacketsPerSecond,
        BitsPerSecond = report.BitsPerSecond,
        LongestGapSeconds = report.LongestGap.TotalSeconds,
        LatencyMicroseconds = LatencyView.Of(report.Latency),
        Places = report.Endpoint is null ? [.. report.Endpoints.Select(Of)] : null,
    };
}

/// <summary>Times in microseconds.</summary>
/// <param name="Minimum">The shortest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="P50">The median.</param>
/// <param name="P99">99 % took no longer.</param>
/// <param name="P999">99.9 % took no longer.</param>
/// <param name="Maximum">The longest.</param>
internal sealed record LatencyView(double Minimum, double Mean, double P50, double P99, double P999, double Maximum)
{
    private const double NanosecondsPerMicrosecond = 1_000;

    /// <summary>The view of times; null when they are not known.</summary>
    public static LatencyView? Of(TrafficLatency? latency) => latency is null
        ? null
        : new LatencyView(
            latency.Minimum / NanosecondsPerMicrosecond, latency.Mean / NanosecondsPerMicrosecond, latency.P50 / NanosecondsPerMicrosecond,
            latency.P99 / NanosecondsPerMicrosecond, latency.P999 / NanosecondsPerMicrosecond, latency.Maximum / NanosecondsPerMicrosecond);
}
