namespace Net.Traffic.Tests.Support;

/// <summary>Time that moves when somebody waits for it, or a test says so.</summary>
internal sealed class ManualClock : ITrafficClock
{
    public long Now { get; set; } = 1_000_000_000;

    public long TaiOffset { get; set; } = 37_000_000_000;

    public long RealtimeOffset { get; set; }

    public void WaitUntil(long nanoseconds) => Now = Math.Max(Now, nanoseconds);
}
