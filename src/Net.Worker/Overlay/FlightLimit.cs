using Net.Platform.Linux;

namespace Net.Worker.Overlay;

/// <summary>
/// Keeps a connection over a short path from filling queues it cannot see, such as the peer's socket: Cubic knows loss alone, and between hosts that send faster than they receive nothing
/// gets lost until megabytes wait. Bytes in flight are held where the round trip is a millisecond above the shortest one, as TCP Vegas does (Brakmo and Peterson, 1995), so that packets
/// wait here instead, where those of thin flows overtake. That costs throughput where many flows are thick, as packets then come in smaller groups: it is done only while there is a thin
/// flow to gain from it.
/// </summary>
internal struct FlightLimit
{
    /// <summary>How long after its last packet a thin flow is there, in nanoseconds.</summary>
    internal const long GuardTime = 2_000_000_000;

    // Above the shortest round trip. Echoes under load see about this and half of it again.
    private const long Target = 1_000_000;

    // One system call's worth of datagrams. A limit below would cost more than any queue does.
    private const long Least = 64 << 10;

    // Sending goes on in groups that are worth a system call.
    private const long LargestGroup = 128 << 10;

    // Where the round trip stays what it was however far this holds back, others fill the queue, or keep the processor: they would take all the rate from a sender that yields.
    private const int JudgementsOfNoHelp = 50;
    private const long PauseAfterNoHelp = 5_000_000_000;
    private const long ShortestJudgement = 1_000_000;

    private long _guardedUntil;
    private long _pausedUntil;
    private long _nextJudgement;
    private long _limit;
    private long _roundTripBefore;
    private int _noHelp;
    private bool _hasHeldBack;

    /// <summary>A packet of a thin flow is there.</summary>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public void Guard(long now)
    {
        // What was found for one before says nothing of now.
        if (now >= _guardedUntil)
        {
            _limit = 0;
        }

        _guardedUntil = now + GuardTime;
    }

    /// <summary>Whether there is a thin flow that gains from a limit.</summary>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public readonly bool IsGuarding(long now) => now < _guardedUntil && now >= _pausedUntil;

    /// <summary>Gives how many bytes may be sent before the next acknowledgement.</summary>
    /// <param name="info">The connection's round trips and what is in flight.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public long Room(in QuicConnectionInfo info, long now)
    {
        if (!IsGuarding(now) || info.MinRtt is <= 0 or long.MaxValue)
        {
            _limit = 0;
            return long.MaxValue;
        }

        if (now >= _nextJudgement)
        {
            Judge(in info, now);
            _nextJudgement = now + Math.Max(info.SmoothedRtt, ShortestJudgement);
        }

        if (_limit == 0)
        {
            return long.MaxValue;
        }

        long room = _limit - info.BytesInFlight;
        if (room >= Math.Min(_limit / 2, LargestGroup))
        {
            return room;
        }

        _hasHeldBack = true;
        return 0;
    }

    private void Judge(in QuicConnectionInfo info, long now)
    {
        bool isLate = info.SmoothedRtt - info.MinRtt > Target;
        if (isLate && _limit == 0)
        {
            _roundTripBefore = info.SmoothedRtt;
            _noHelp = 0;
            _limit = info.BytesInFlight > Least ? Math.Max(Least, info.BytesInFlight * 3 / 4) : 0;
        }
        else if (isLate)
        {
            _noHelp = _limit == Least && info.SmoothedRtt > _roundTripBefore * 3 / 4 ? _noHelp + 1 : 0;
            _limit = Math.Max(Least, _limit * 3 / 4);
            if (_noHelp > JudgementsOfNoHelp)
            {
                _limit = 0;
                _pausedUntil = now + PauseAfterNoHelp;
            }
        }
        else if (_hasHeldBack)
        {
            _limit += _limit / 8;
        }

        _hasHeldBack = false;
    }
}
