namespace Net.Worker.Tests.Support;

/// <summary>A time of day that stands still until a test sets it, forward or back.</summary>
internal sealed class SettableClock : TimeProvider
{
    private long _ticks;

    public SettableClock(DateTimeOffset now) => Now = now;

    public DateTimeOffset Now
    {
        get => new(Volatile.Read(ref _ticks), TimeSpan.Zero);
        set => Volatile.Write(ref _ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;
}
