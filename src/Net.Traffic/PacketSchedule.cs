namespace Net.Traffic;

/// <summary>When packets are due: number n at start + n / rate, whatever came between, so that the rate holds over any time. What could not be sent for
/// more than a moment is left out and counted, not sent in one burst.</summary>
internal struct PacketSchedule
{
    // What a sender that lost its core for a moment may send at once afterwards.
    private const double CatchUpSeconds = 0.005;
    private const int LeastCatchUp = 64;

    // A packet is due at the nanosecond its time was rounded up to, whatever the division makes of it.
    private const double Rounding = 1e-6;

    private readonly double _interval;
    private readonly long _mostBehind;
    private long _start;
    private long _issued;

    /// <summary>Makes one.</summary>
    /// <param name="packetsPerSecond">The rate; 0 for no limit.</param>
    /// <param name="start">When the first packet is due, in nanoseconds.</param>
    public PacketSchedule(double packetsPerSecond, long start)
    {
        _start = start;
        _interval = packetsPerSecond > 0 ? 1e9 / packetsPerSecond : 0;
        _mostBehind = Math.Max(LeastCatchUp, (long)(packetsPerSecond * CatchUpSeconds));
    }

    /// <summary>Packets left out.</summary>
    public long Missed { get; private set; }

    /// <summary>When the next packet is due, in nanoseconds.</summary>
    public readonly long Next => _start + (long)Math.Ceiling(_issued * _interval);

    /// <summary>Packets due and not taken yet.</summary>
    /// <param name="now">Now, in nanoseconds.</param>
    /// <returns>How many may be sent now.</returns>
    public long Due(long now)
    {
        if (_interval == 0)
        {
            return int.MaxValue;
        }

        long due = now < _start ? 0 : (long)(((now - _start) / _interval) + Rounding) + 1 - _issued;
        if (due > _mostBehind)
        {
            Missed += due - _mostBehind;
            _issued += due - _mostBehind;
            due = _mostBehind;
        }

        return Math.Max(due, 0);
    }

    /// <summary>Takes packets that were due.</summary>
    /// <param name="packets">How many.</param>
    public void Take(long packets) => _issued += packets;
}
