namespace Net.Traffic;

/// <summary>The time of a generator and a receiver; tests move it by hand. For one thread.</summary>
internal interface ITrafficClock
{
    /// <summary>Now, in nanoseconds of CLOCK_MONOTONIC.</summary>
    long Now { get; }

    /// <summary>How much later CLOCK_TAI is than CLOCK_MONOTONIC; a constant but for the slow correction of clocks.</summary>
    long TaiOffset { get; }

    /// <summary>How much later CLOCK_REALTIME is than CLOCK_MONOTONIC.</summary>
    long RealtimeOffset { get; }

    /// <summary>Waits until a time.</summary>
    /// <param name="nanoseconds">Until when, by <see cref="Now"/>.</param>
    void WaitUntil(long nanoseconds);
}
