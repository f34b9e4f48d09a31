namespace Net.Steering;

/// <summary>
/// Estimates round trip time, jitter and loss of one path from the results of its probes. Every value is null until there was
/// something to measure. Times are monotonic, from any fixed start. Not thread-safe.
/// </summary>
public sealed class PathEstimator
{
    private readonly bool[] _lostInWindow;
    private int _windowCount;
    private int _windowNext;
    private int _windowLost;

    /// <summary>An estimator that measures loss over a number of probes.</summary>
    /// <param name="lossWindow">Probes over which loss is measured.</param>
    public PathEstimator(int lossWindow = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lossWindow, 1);
        _lostInWindow = new bool[lossWindow];
    }

    /// <summary>Smoothed RTT (RFC 9002 section 5.3, the constants of RFC 6298).</summary>
    public TimeSpan? SmoothedRtt { get; private set; }

    /// <summary>Mean variation of the RTT (RFC 9002 section 5.3).</summary>
    public TimeSpan? RttVariation { get; private set; }

    /// <summary>RTT of the last reply.</summary>
    public TimeSpan? LatestRtt { get; private set; }

    /// <summary>Lowest RTT since the start.</summary>
    public TimeSpan? MinRtt { get; private set; }

    /// <summary>
    /// Jitter: the estimator of RFC 3550 section 6.4.1 (gain 1/16) over differences of consecutive RTTs. RTP takes one-way transit
    /// times, which need a cooperating receiver; a round trip also has the jitter of the way back. Null before the second reply.
    /// </summary>
    public TimeSpan? Jitter { get; private set; }

    /// <summary>Part of the last probes that was lost, 0 to 1; probes still on their way do not count.</summary>
    public double? LossRatio => _windowCount == 0 ? null : (double)_windowLost / _windowCount;

    /// <summary>Probes lost since the last reply.</summary>
    public int ConsecutiveLosses { get; private set; }

    /// <summary>Replies since the last loss.</summary>
    public int ConsecutiveReplies { get; private set; }

    /// <summary>Probes sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Probes replied to in time.</summary>
    public long Replied { get; private set; }

    /// <summary>Probes lost.</summary>
    public long Lost { get; private set; }

    /// <summary>When the last probe was sent.</summary>
    public TimeSpan? LastSentAt { get; private set; }

    /// <summary>When the last reply came.</summary>
    public TimeSpan? LastReplyAt { get; private set; }

    /// <summary>A probe was sent.</summary>
    public void RecordSent(TimeSpan now)
    {
        Sent++;
        LastSentAt = now;
    }

    /// <summary>A reply came in time. One that comes after its probe was counted as lost is not to be recorded.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="rtt">Time since the probe was sent; zero or less is taken as the smallest that can be measured.</param>
    public void RecordReply(TimeSpan now, TimeSpan rtt)
    {
        rtt = rtt > TimeSpan.Zero ? rtt : TimeSpan.FromTicks(1);
        Replied++;
        ConsecutiveLosses = 0;
        ConsecutiveReplies++;
        LastReplyAt = now;
        PushResult(lost: false);

        if (LatestRtt is TimeSpan before)
        {
            TimeSpan difference = (rtt - before).Duration();
            TimeSpan jitter = Jitter ?? TimeSpan.Zero;
            Jitter = jitter + ((difference - jitter) / 16);
        }

        if (SmoothedRtt is TimeSpan smoothed && RttVariation is TimeSpan variation)
        {
            // The variation first: it is measured against the mean before this reply.
            RttVariation = (variation * 0.75) + ((smoothed - rtt).Duration() * 0.25);
            SmoothedRtt = (smoothed * 0.875) + (rtt * 0.125);
        }
        else
        {
            SmoothedRtt = rtt;
            RttVariation = rtt / 2;
        }

        LatestRtt = rtt;
        MinRtt = MinRtt is TimeSpan min && min < rtt ? min : rtt;
    }

    /// <summary>A probe got no reply within its time.</summary>
    public void RecordLoss()
    {
        Lost++;
        ConsecutiveLosses++;
        ConsecutiveReplies = 0;
        PushResult(lost: true);
    }

    private void PushResult(bool lost)
    {
        if (_windowCount == _lostInWindow.Length)
        {
            _windowLost -= _lostInWindow[_windowNext] ? 1 : 0;
        }
        else
        {
            _windowCount++;
        }

        _lostInWindow[_windowNext] = lost;
        _windowLost += lost ? 1 : 0;
        _windowNext = (_windowNext + 1) % _lostInWindow.Length;
    }
}
