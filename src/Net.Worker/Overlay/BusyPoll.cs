namespace Net.Worker.Overlay;

/// <summary>Says whether a worker without packets should look again at once rather than sleep. A core that sleeps takes tens of microseconds to wake up, in a virtual machine
/// more, several times on each round trip. Where somebody else needs the core it must not be so: a thread that gave its core away is not woken by a packet, while one that sleeps
/// is, before anybody else.</summary>
/// <param name="duration">How long after the last packet, in nanoseconds; 0 never.</param>
internal sealed class BusyPoll(long duration)
{
    // Time looked at together: shorter spans say more of an interrupt than of somebody who works.
    private const long Window = 10_000_000;

    // Longer than a call of the kernel takes that nobody else ran in.
    private const long Short = 20_000;
    private const long ShortestPause = 100_000_000;
    private const long LongestPause = 1_600_000_000;

    private long _looked;
    private long _taken;
    private long _pause = ShortestPause;
    private long _pausedUntil;

    /// <summary>Whether to look again.</summary>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="lastPacket">When the last packet came.</param>
    public bool IsWorthwhile(long now, long lastPacket) => now - lastPacket < duration && now >= _pausedUntil;

    /// <summary>Tells that the core was offered to others between two looks. Where they took more than a third of the time they work on it, and the next looks are left out,
    /// more of them each time.</summary>
    /// <param name="before">When it was offered.</param>
    /// <param name="after">When it came back.</param>
    public void Offered(long before, long after)
    {
        long time = after - before;
        _looked += time;
        _taken += time > Short ? time : 0;
        if (_looked < Window)
        {
            return;
        }

        if (3 * _taken > _looked)
        {
            _pausedUntil = after + _pause;
            _pause = Math.Min(2 * _pause, LongestPause);
        }
        else if (after - _pausedUntil > LongestPause)
        {
            _pause = ShortestPause;
        }

        _looked = 0;
        _taken = 0;
    }
}
