using System.Runtime.CompilerServices;

namespace Net.Overlay.Probes;

/// <summary>What is known of one endpoint of a peer. Times are nanoseconds of the caller's monotonic clock.</summary>
public sealed class ProbedPath
{
    private const int Remembered = 8;

    private Sequences _sequences;
    private Times _sentTimes;
    private int _next;

    internal ProbedPath(PathEndpoint endpoint, bool isCandidate)
    {
        Endpoint = endpoint;
        IsCandidate = isCandidate;
    }

    /// <summary>The endpoint.</summary>
    public PathEndpoint Endpoint { get; }

    /// <summary>Whether it was configured or announced, rather than seen on a packet: such endpoints are kept and tried again.</summary>
    public bool IsCandidate { get; internal set; }

    /// <summary>What probes say about it.</summary>
    public ProbedPathState State { get; internal set; }

    /// <summary>The smoothed round trip (RFC 9002, 5.3), or 0 when there was none.</summary>
    public long SmoothedRtt { get; private set; }

    /// <summary>The latest round trip, or 0 when there was none.</summary>
    public long LatestRtt { get; private set; }

    /// <summary>The shortest round trip, or 0 when there was none.</summary>
    public long MinRtt { get; private set; }

    /// <summary>How many round trips were measured.</summary>
    public long Samples { get; private set; }

    /// <summary>How many probes in a row were not answered.</summary>
    public int Missed { get; internal set; }

    /// <summary>When anything authentic came from it last.</summary>
    public long LastHeard { get; internal set; } = long.MinValue;

    /// <summary>When something other than a probe came from it last.</summary>
    internal long LastData { get; set; } = long.MinValue;

    /// <summary>When something was sent to it for the first time since it was heard, or the lowest value.</summary>
    internal long UnansweredSince { get; set; } = long.MinValue;

    /// <summary>When it is looked at next.</summary>
    internal long NextProbe { get; set; }

    /// <summary>Whether a probe waits for its answer.</summary>
    internal bool IsWaiting { get; set; }

    /// <summary>Bytes from it while it was not validated.</summary>
    internal long BytesReceived { get; set; }

    /// <summary>Bytes to it while it was not validated.</summary>
    internal long BytesSent { get; set; }

    /// <summary>Remembers a ping.</summary>
    internal void Remember(ulong sequence, long now)
    {
        _sequences[_next] = sequence;
        _sentTimes[_next] = now;
        _next = (_next + 1) % Remembered;
    }

    /// <summary>Finds a ping by its sequence and forgets it, so that each is answered once.</summary>
    internal bool TryForget(ulong sequence, out long sentTime)
    {
        for (int index = 0; index < Remembered; index++)
        {
            if (_sequences[index] == sequence && sequence != 0)
            {
                _sequences[index] = 0;
                sentTime = _sentTimes[index];
                return true;
            }
        }

        sentTime = 0;
        return false;
    }

    /// <summary>Forgets all pings: they were sealed under keys that are gone.</summary>
    internal void ForgetAll()
    {
        for (int index = 0; index < Remembered; index++)
        {
            _sequences[index] = 0;
        }
    }

    /// <summary>Takes a round trip into the numbers.</summary>
    internal void RecordRtt(long rtt)
    {
        rtt = Math.Max(rtt, 1);
        LatestRtt = rtt;
        MinRtt = Samples == 0 ? rtt : Math.Min(MinRtt, rtt);
        SmoothedRtt = Samples == 0 ? rtt : SmoothedRtt + ((rtt - SmoothedRtt) / 8);
        Samples++;
    }

    [InlineArray(Remembered)]
    private struct Sequences
    {
        private ulong _sequence;
    }

    [InlineArray(Remembered)]
    private struct Times
    {
        private long _time;
    }
}
