using System.Runtime.Versioning;
using Net.Platform.Linux;

namespace Net.Traffic;

/// <summary>The host's clocks.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelClock : ITrafficClock
{
    /// <inheritdoc />
    public long Now => MonotonicClock.Now;

    /// <inheritdoc />
    public long TaiOffset => TrafficClock.TaiOffset;

    /// <inheritdoc />
    public long RealtimeOffset => TrafficClock.RealtimeOffset;

    /// <inheritdoc />
    public void WaitUntil(long nanoseconds) => TrafficClock.WaitUntil(nanoseconds);
}
