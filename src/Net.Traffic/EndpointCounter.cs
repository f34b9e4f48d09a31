using Net.Packets;

namespace Net.Traffic;

/// <summary>Counts what comes in at one endpoint. Time and packets are passed in; nothing is allocated per packet.</summary>
internal sealed class EndpointCounter
{
    // Nothing on the way holds a packet so long: the sender's clock is another one.
    private const long LongestBelievable = 60_000_000_000;

    // Readings of two clocks of one host differ by less; a receiver that sees a packet earlier than it was sent by more looks at another clock.
    private const long ClockTolerance = 20_000;

    private readonly StreamTable _streams;
    private readonly LatencyHistogram _latency = new();
    private readonly bool _countsFromStart;
    private readonly bool _verifies;
    private long _firstArrival;
    private long _lastArrival;
    private long _received;
    private long _bytes;
    private long _corrupt;
    private long _foreign;
    private long _untracked;
    private long _unbelievable;
    private long _longestGap;
    private int _ended;

    /// <summary>Makes one.</summary>
    /// <param name="endpoint">What it is of.</param>
    /// <param name="listen">How it counts.</param>
    public EndpointCounter(TrafficEndpoint endpoint, TrafficListen listen)
    {
        Endpoint = endpoint;
        _streams = new StreamTable(listen.MostStreams);
        _countsFromStart = listen.CountsFromStart;
        _verifies = listen.VerifiesPayload;
    }

    /// <summary>What it is of.</summary>
    public TrafficEndpoint Endpoint { get; }

    /// <summary>Packets of ours so far, each once.</summary>
    public long Received => _received;

    /// <summary>When the last packet of ours came, in nanoseconds of CLOCK_MONOTONIC; 0 when none did.</summary>
    public long LastArrival => _lastArrival;

    /// <summary>Whether it heard streams and all of them ended.</summary>
    public bool IsEnded => _ended > 0 && _ended == _streams.All.Count;

    /// <summary>What is lost so far.</summary>
    public long Lost => _streams.All.Sum(stream => stream.Lost);

    /// <summary>Takes a packet.</summary>
    /// <param name="payload">Its payload.</param>
    /// <param name="arrival">When it came, in nanoseconds of CLOCK_MONOTONIC.</param>
    /// <param name="taiOffset">How much later CLOCK_TAI is.</param>
    public void Take(ReadOnlySpan<byte> payload, long arrival, long taiOffset)
    {
        bool isWhole = TrafficHeader.TryRead(payload, out TrafficHeader header);
        if (!isWhole && !TrafficHeader.IsOurs(payload))
        {
            _foreign++;
            return;
        }

        if (!isWhole || (_verifies && !TrafficHeader.IsIntact(payload)))
        {
            _corrupt++;
            return;
        }

        SeeArrival(arrival);
        if (_streams.Find(header.Stream) is not { } stream)
        {
            _untracked++;
            _received++;
            _bytes += payload.Length;
            return;
        }

        bool wasEnded = stream.IsEnded;
        if (stream.Take(header.Sequence, _countsFromStart))
        {
            _received++;
            _bytes += payload.Length;
        }

        if (header.IsEnd)
        {
            stream.End(header.Sequence, header.Remaining);
        }

        _ended += wasEnded == stream.IsEnded ? 0 : wasEnded ? -1 : 1;
        long took = arrival + (header.IsTai ? taiOffset : 0) - header.SentNanoseconds;
        if (took is < -ClockTolerance or > LongestBelievable)
        {
            _unbelievable++;
            return;
        }

        _latency.Add(took);
    }

    /// <summary>What it counted.</summary>
    /// <param name="overrun">What the kernel dropped before it came here.</param>
    /// <returns>The report of this endpoint.</returns>
    public TrafficReport Report(long overrun) => new()
    {
        Endpoint = Endpoint,
        Received = _received,
        Bytes = _bytes,
        Lost = Lost,
        Reordered = _streams.All.Sum(stream => stream.Reordered),
        Duplicate = _streams.All.Sum(stream => stream.Duplicate),
        Corrupt = _corrupt,
        Foreign = _foreign,
        Untracked = _untracked,
        Overrun = overrun,
        Streams = _streams.All.Count,
        Elapsed = Span(_lastArrival - _firstArrival),
        Latency = _unbelievable > 0 ? null : _latency.Summarize(),
        LongestGap = Span(_longestGap),
    };

    /// <summary>All of them in one report.</summary>
    /// <param name="counters">The counters.</param>
    /// <param name="reports">The report of each.</param>
    /// <returns>The report.</returns>
    public static TrafficReport Combine(IReadOnlyList<EndpointCounter> counters, IReadOnlyList<TrafficReport> reports)
    {
        var latency = new LatencyHistogram();
        foreach (EndpointCounter counter in counters)
        {
            latency.Add(counter._latency);
        }

        EndpointCounter[] heard = [.. counters.Where(counter => counter._lastArrival != 0)];
        return new TrafficReport
        {
            Received = reports.Sum(report => report.Received),
            Bytes = reports.Sum(report => report.Bytes),
            Lost = reports.Sum(report => report.Lost),
            Reordered = reports.Sum(report => report.Reordered),
            Duplicate = reports.Sum(report => report.Duplicate),
            Corrupt = reports.Sum(report => report.Corrupt),
            Foreign = reports.Sum(report => report.Foreign),
            Untracked = reports.Sum(report => report.Untracked),
            Overrun = reports.Sum(report => report.Overrun),
            Streams = reports.Sum(report => report.Streams),
            Elapsed = heard.Length == 0 ? TimeSpan.Zero : Span(heard.Max(counter => counter._lastArrival) - heard.Min(counter => counter._firstArrival)),
            Latency = counters.Any(counter => counter._unbelievable > 0) ? null : latency.Summarize(),
            LongestGap = reports.Max(report => report.LongestGap),
            Endpoints = reports,
        };
    }

    private static TimeSpan Span(long nanoseconds) => TimeSpan.FromTicks(Math.Max(0, nanoseconds) / TimeSpan.NanosecondsPerTick);

    private void SeeArrival(long arrival)
    {
        if (_lastArrival == 0)
        {
            _firstArrival = arrival;
        }
        else
        {
            _longestGap = Math.Max(_longestGap, arrival - _lastArrival);
        }

        _lastArrival = Math.Max(_lastArrival, arrival);
    }
}
