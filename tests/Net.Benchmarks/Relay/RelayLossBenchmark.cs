using Net.Benchmarks.Harness;
using Net.Contracts;
using Net.Lab;
using Net.Traffic;

namespace Net.Benchmarks.Relay;

/// <summary>What is lost at rates that must pass: 400,000 packets a second of 1,024 bytes, counted at the sink's interface; and many streams, every packet
/// of which is judged.</summary>
internal sealed class RelayLossBenchmark : RelayBenchmark
{
    private const string Large = "400 kpps x 1024 B, lost";
    private const double LargeRate = 400_000;
    private const int LargeBytes = 1_024;
    private const double StreamRate = 100_000;
    private const int StreamBytes = 200;
    private const double Percent = 100;

    private readonly TimeSpan _duration;
    private readonly int _groups;

    private RelayLossBenchmark(int seconds, int groups)
        : base(1)
    {
        _duration = TimeSpan.FromSeconds(seconds);
        _groups = groups;
        IRelay socat = new Socat();
        RelayEngine[] engines = [RelayEngine.Xdp, RelayEngine.Tcx, RelayEngine.Packet, RelayEngine.Socket];
        Rows =
        [
            .. engines.Select(engine => new RelayRow(Measure, "%", Better.Lower, new EngineRelay(engine), groups == 1 ? socat : null, BenchmarkTarget.Value(0))),
        ];
    }

    protected override IReadOnlyList<RelayRow> Rows { get; }

    protected override RelayJob Job => new(1, _groups);

    private string Measure => _groups == 1 ? Large : $"{_groups} streams of 100 kpps x 200 B, lost";

    /// <summary>One stream of large packets, against socat.</summary>
    public static RelayLossBenchmark One(int seconds) => new(seconds, 1);

    /// <summary>Many streams, a rule each.</summary>
    public static RelayLossBenchmark Streams(int seconds, int groups) => new(seconds, groups);

    protected override async Task MeasureAsync(RelayLab lab, IRelay relay, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        if (_groups == 1)
        {
            await RateSearch.WarmUpAsync(lab, relay, cancellationToken);
            (TrafficSent offered, long[] arrived) = await lab.OfferAsync(new RelayLoad(LargeRate, _duration, LargeBytes), relay.Sink, cancellationToken);
            values[Measure] = RateSearch.Loss(offered, arrived) * Percent;
            return;
        }

        await lab.JudgeAsync(new RelayLoad(StreamRate / 2, TimeSpan.FromSeconds(1), StreamBytes, _groups), [Job.Endpoint(0, relay.Rewrites)], cancellationToken);
        (TrafficSent sent, TrafficReport report) = await lab.JudgeAsync(new RelayLoad(StreamRate, _duration, StreamBytes, _groups), [Job.Endpoint(0, relay.Rewrites)], cancellationToken);
        if (report.Corrupt + report.Duplicate + report.Reordered > 0)
        {
            throw new LabException($"{report.Corrupt} packets were changed, {report.Duplicate} came twice, {report.Reordered} late");
        }

        // What this program did not take in time was not lost on the way.
        values[Measure] = (double)Math.Max(0, sent.Packets - report.Received - report.Overrun) / sent.Packets * Percent;
    }
}
