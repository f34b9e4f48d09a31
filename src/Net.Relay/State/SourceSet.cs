namespace Net.Relay;

/// <summary>The last few sources of a flow. Bounded, so that whoever forges sources fills nothing but it. Belongs to the thread that relays; <see cref="CountSince"/> may be called by any.</summary>
public sealed class SourceSet
{
    /// <summary>How many are kept; the one silent for longest makes room.</summary>
    public const int Capacity = 8;

    private readonly RelayAddress[] _addresses = new RelayAddress[Capacity];
    private readonly long[] _lastSeen = new long[Capacity];
    private int _used;
    private int _last;

    /// <summary>Notes a packet of a source.</summary>
    /// <param name="source">Its address.</param>
    /// <param name="now">The monotonic clock in nanoseconds, above 0.</param>
    public void Touch(RelayAddress source, long now)
    {
        if (_used == 0 || _addresses[_last] != source)
        {
            _last = IndexOf(source);
        }

        Volatile.Write(ref _lastSeen[_last], now);
    }

    /// <summary>How many sources sent since a moment.</summary>
    /// <param name="since">The moment on the monotonic clock in nanoseconds.</param>
    public int CountSince(long since)
    {
        int count = 0;
        for (int index = 0; index < Capacity; index++)
        {
            long seen = Volatile.Read(ref _lastSeen[index]);
            count += seen > 0 && seen >= since ? 1 : 0;
        }

        return count;
    }

    /// <summary>Copies the sources, in no order.</summary>
    /// <param name="addresses">Receives at most <see cref="Capacity"/> addresses.</param>
    /// <param name="lastSeen">Receives when each was last seen; as long.</param>
    /// <returns>How many were copied.</returns>
    public int CopyTo(Span<RelayAddress> addresses, Span<long> lastSeen)
    {
        int count = Math.Min(_used, Math.Min(addresses.Length, lastSeen.Length));
        _addresses.AsSpan(0, count).CopyTo(addresses);
        _lastSeen.AsSpan(0, count).CopyTo(lastSeen);
        return count;
    }

    private int IndexOf(RelayAddress source)
    {
        int oldest = 0;
        for (int index = 0; index < _used; index++)
        {
            if (_addresses[index] == source)
            {
                return index;
            }

            oldest = _lastSeen[index] < _lastSeen[oldest] ? index : oldest;
        }

        int free = _used < Capacity ? _used++ : oldest;
        _addresses[free] = source;
        return free;
    }
}
