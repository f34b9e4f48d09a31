namespace Net.Worker.Overlay;

/// <summary>Says when memory that handshakes left behind is given back to the host: once a burst of them is over, nobody has to wait for that, which takes some ten milliseconds. Any
/// shard counts; one asks.</summary>
internal sealed class BurstTrimmer
{
    // Fewer handshakes leave too little behind to look for it.
    private const int HandshakesPerTrim = 32;
    private const long Second = 1_000_000_000;
    private const long LastTrimAfter = 10 * Second;

    // Datagrams in a tenth of a second below which a short pause hurts nobody.
    private const int QuietDatagrams = 500;

    private int _released;
    private long _lastReleased;
    private long _trimmedFor;
    private long _sentBefore;

    /// <summary>Counts a connection that gave memory back: its handshake's, or all.</summary>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public void CountReleased(long now)
    {
        Interlocked.Increment(ref _released);
        Volatile.Write(ref _lastReleased, now);
    }

    /// <summary>Whether it is time now. Asked ten times a second, by one thread.</summary>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="sent">Datagrams sent so far by all shards.</param>
    public bool IsDue(long now, long sent)
    {
        bool isQuiet = sent - _sentBefore < QuietDatagrams;
        _sentBefore = sent;
        long last = Volatile.Read(ref _lastReleased);
        bool isFirst = last != _trimmedFor;
        if (Volatile.Read(ref _released) < HandshakesPerTrim || !isQuiet || now - last < (isFirst ? Second : LastTrimAfter))
        {
            return false;
        }

        // Once more when the code that the burst made hot is compiled, which takes megabytes for a while.
        if (now - last < LastTrimAfter)
        {
            _trimmedFor = last;
        }
        else
        {
            Interlocked.Exchange(ref _released, 0);
        }

        return true;
    }
}
