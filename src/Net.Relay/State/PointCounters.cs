namespace Net.Relay;

/// <summary>Counters of the input or of one output. One thread writes, any may read.</summary>
internal sealed class PointCounters
{
    private readonly long[] _drops = new long[RelayDrops.Count];
    private long _packets;
    private long _bytes;
    private long _lastSeen;
    private long _events;
    private long _reported;

    /// <summary>Packets that passed.</summary>
    public long Packets => Volatile.Read(ref _packets);

    /// <summary>Counts packets that passed.</summary>
    /// <param name="packets">How many.</param>
    /// <param name="bytes">Bytes of all of them.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public void Pass(int packets, long bytes, long now)
    {
        Volatile.Write(ref _packets, _packets + packets);
        Volatile.Write(ref _bytes, _bytes + bytes);
        Volatile.Write(ref _lastSeen, now);
        Volatile.Write(ref _events, _events + packets);
    }

    /// <summary>Counts packets that did not.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="packets">How many.</param>
    public void Drop(RelayDrop reason, int packets)
    {
        ref long count = ref _drops[(int)reason];
        Volatile.Write(ref count, count + packets);
        Volatile.Write(ref _events, _events + packets);
    }

    /// <summary>How often a reason was counted.</summary>
    /// <param name="reason">The reason.</param>
    public long DropsOf(RelayDrop reason) => Volatile.Read(ref _drops[(int)reason]);

    /// <summary>Whether anything was counted since this was last called; only for the one thread that reports.</summary>
    public bool TakeChange()
    {
        long events = Volatile.Read(ref _events);
        bool changed = events != _reported;
        _reported = events;
        return changed;
    }

    /// <summary>Copies them into a record.</summary>
    /// <param name="ruleId">The rule.</param>
    /// <param name="output">The output, or <see cref="RelayCounters.Input"/>.</param>
    public RelayCounters ToRecord(int ruleId, int output)
    {
        bool hasDrops = false;
        var drops = new long[RelayDrops.Count];
        for (int reason = 0; reason < drops.Length; reason++)
        {
            drops[reason] = Volatile.Read(ref _drops[reason]);
            hasDrops |= drops[reason] != 0;
        }

        return new RelayCounters
        {
            RuleId = ruleId,
            Output = output,
            Packets = Packets,
            Bytes = Volatile.Read(ref _bytes),
            Drops = hasDrops ? drops : [],
            LastSeenNanoseconds = Volatile.Read(ref _lastSeen),
        };
    }
}
