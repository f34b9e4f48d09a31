namespace Net.Worker.Relay;

/// <summary>Says when a worker without packets should look again at once rather than sleep. A thread that sleeps is woken by whoever sends the next packet, at a cost of a few packets to the
/// sender and tens of microseconds to the packet; at high rates that would be for every few packets. At low rates sleeping costs less than looking.</summary>
internal sealed class SpinPolicy
{
    // Above 50,000 packets a second, and for at most so long after the last packet.
    private const long FastGapNanoseconds = 20_000;
    private const long MaxSpinNanoseconds = 40_000;

    // Iterations between two looks, so that a core shared by two threads belongs to the other one meanwhile.
    private const int Pause = 16;

    private long _packets;
    private long _lastArrival;
    private long _gap = long.MaxValue / 2;

    /// <summary>Asks after each look that found nothing.</summary>
    /// <param name="packets">Packets that came so far.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <returns>Whether to look again at once; a short pause has been made.</returns>
    public bool ShouldSpin(long packets, long now)
    {
        long came = packets - _packets;
        if (came > 0)
        {
            // The average of the last few bursts.
            long gap = (now - _lastArrival) / came;
            _gap = _gap > 8 * FastGapNanoseconds ? gap : ((_gap * 3) + gap) / 4;
            _packets = packets;
            _lastArrival = now;
        }

        if (_gap > FastGapNanoseconds || now - _lastArrival > MaxSpinNanoseconds)
        {
            return false;
        }

        Thread.SpinWait(Pause);
        return true;
    }
}
