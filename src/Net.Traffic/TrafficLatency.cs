namespace Net.Traffic;

/// <summary>How long packets took, in nanoseconds. Percentiles are exact to 1.6 %.</summary>
/// <param name="Minimum">The shortest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P99">99 % took no longer.</param>
/// <param name="P999">99.9 % took no longer.</param>
/// <param name="Maximum">The longest.</param>
public sealed record TrafficLatency(long Minimum, long Mean, long P50, long P99, long P999, long Maximum);
