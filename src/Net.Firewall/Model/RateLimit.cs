namespace Net.Firewall;

/// <summary>A token bucket: a rate with a burst, for all packets of the rule together or for each source address.</summary>
/// <param name="Count">Packets or bytes in each <paramref name="Period"/>; at least 1.</param>
/// <param name="Period">Second, minute, hour or day.</param>
public sealed record RateLimit(long Count, RatePeriod Period)
{
    /// <summary>Whether bytes are counted rather than packets.</summary>
    public bool InBytes { get; init; }

    /// <summary>What may come at once beyond the rate, in packets or bytes; null for the kernel's own: 5 packets, 0 bytes.</summary>
    public long? Burst { get; init; }

    /// <summary>Whether each source address has a bucket of its own.</summary>
    public bool PerSource { get; init; }

    /// <summary>Whether the rule matches what is over the rate rather than what is within it.</summary>
    public bool Above { get; init; }

    /// <summary>How long an empty bucket takes to be full, within a minute and 30 days: a source not seen for that long need not be remembered.</summary>
    internal TimeSpan TimeToFill()
    {
        double periods = ((Burst ?? 5) + (double)Count) / Count;
        return TimeSpan.FromSeconds(Math.Ceiling(Math.Clamp(periods * SecondsOf(Period), 60, 30 * 86_400)));
    }

    /// <summary>Seconds of a period.</summary>
    internal static int SecondsOf(RatePeriod period) => period switch
    {
        RatePeriod.Second => 1,
        RatePeriod.Minute => 60,
        RatePeriod.Hour => 3_600,
        _ => 86_400,
    };
}
