namespace Net.Worker.Overlay;

/// <summary>Says whether a worker without packets should look again at once rather than sleep. A core that sleeps takes tens of microseconds to wake up, in a virtual machine
/// more, several times on each round trip. Where somebody else needs the core it must not be so: a thread that gave its core away is not woken by a packet, while one that sleeps
/// is, before anybody else.</summary>
/// <param name="duration">How long after the last packet, in nanoseconds; 0 never.</param>
internal sealed class BusyPoll(long duration)
{
    // Longer than any call of the kernel takes that nobody else ran in.
    private const long Contended = 50_000;
    private const long ShortestPause = 100_000_000;
    private const long LongestPause = 1_600_000_000;

    private long _pause = ShortestPause;
    private long _pausedUntil;

    /// <summary>Whether to look again.</summary>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="lastPacket">When the last packet came.</param>
    public bool IsWorthwhile(long now, long lastPacket) => now - lastPacket < duration && now >= _pausedUntil;

    /// <summary>Tells that the core was offered to others between two looks.</summary>
    /// <param name="before">When it was offered.</param>
    /// <param name="after">When it came back. Late means that somebody else works on it: the next looks are left out, more of them each time.</param>
    public void Offered(long before, long after)
    {
        if (after - before > Contended)
        {
            _pausedUntil = after + _pause;
            _pause = Math.Min(2 * _pause, LongestPause);
        }
        else if (after - _pausedUntil > LongestPause)
        {
            _pause = ShortestPause;
        }
    }
}
