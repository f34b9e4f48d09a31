namespace Net.Relay;

/// <summary>Limits an output to a rate of packets, of bits, or both, with bursts of a tenth of a second. A packet passes while there is credit, even if it needs more than there is: what it
/// takes too much is a debt, so the rate holds over time and no packet is too large to ever pass.</summary>
public sealed class TokenBucket
{
    private const double NanosecondsPerSecond = 1e9;
    private const double BurstSeconds = 0.1;

    private readonly double _packetRate;
    private readonly double _bitRate;
    private readonly double _packetBurst;
    private readonly double _bitBurst;
    private double _packets;
    private double _bits;
    private long _filled;

    /// <summary>Makes a full bucket.</summary>
    /// <param name="packetsPerSecond">The rate of packets; 0 for no limit.</param>
    /// <param name="bitsPerSecond">The rate of bits; 0 for no limit.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public TokenBucket(long packetsPerSecond, long bitsPerSecond, long now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(packetsPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegative(bitsPerSecond);
        _packetRate = packetsPerSecond;
        _bitRate = bitsPerSecond;
        _packetBurst = Math.Max(1, packetsPerSecond * BurstSeconds);
        _bitBurst = Math.Max(1, bitsPerSecond * BurstSeconds);
        _packets = _packetBurst;
        _bits = _bitBurst;
        _filled = now;
    }

    /// <summary>Takes what a packet needs.</summary>
    /// <param name="packetBytes">Its length.</param>
    /// <param name="now">The monotonic clock in nanoseconds; if it goes back, nothing is filled.</param>
    /// <returns>False when the limit is reached: the packet must be dropped.</returns>
    public bool TryTake(int packetBytes, long now)
    {
        if (now > _filled)
        {
            double seconds = (now - _filled) / NanosecondsPerSecond;
            _packets = Math.Min(_packetBurst, _packets + (seconds * _packetRate));
            _bits = Math.Min(_bitBurst, _bits + (seconds * _bitRate));
            _filled = now;
        }

        if ((_packetRate > 0 && _packets < 1) || (_bitRate > 0 && _bits <= 0))
        {
            return false;
        }

        _packets -= 1;
        _bits -= packetBytes * 8.0;
        return true;
    }
}
