using System.Diagnostics;

namespace Net.Platform.Linux;

/// <summary>The clock packets are timed by: nanoseconds of CLOCK_MONOTONIC, which no change of the wall clock moves.</summary>
public static class MonotonicClock
{
    private static readonly long TicksPerSecond = Stopwatch.Frequency;

    /// <summary>Now, in nanoseconds.</summary>
    public static long Now => TicksPerSecond == 1_000_000_000
        ? Stopwatch.GetTimestamp()
        : (long)((Int128)Stopwatch.GetTimestamp() * 1_000_000_000 / TicksPerSecond);
}
