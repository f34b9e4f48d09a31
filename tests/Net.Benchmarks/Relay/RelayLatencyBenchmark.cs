using Net.Benchmarks.Harness;
using Net.Contracts;
using Net.Lab;
using Net.Traffic;

namespace Net.Benchmarks.Relay;

/// <summary>What a relay adds to the time from the source's stamp to the kernel's at the sink, at 10,000 packets a second: its median less the median of the cable
/// alone, and its 99th percentile less the same median.</summary>
internal sealed class RelayLatencyBenchmark : RelayBenchmark
{
    private const string Median = "added latency p50";
    private const string Tail = "added latency p99";
    private const double Rate = 10_000;
    private const double Nanoseconds = 1_000;

    private readonly TimeSpan _duration;

    public RelayLatencyBenchmark(int seconds)
        : base(1)
    {
        _duration = TimeSpan.FromSeconds(seconds);
        IRelay smcroute = new Smcroute();
        IRelay socat = new Socat();
        Rows = [.. Both(RelayEngine.Xdp, smcroute, 3), .. Both(RelayEngine.Tcx, smcroute, 3), .. Both(RelayEngine.Packet, socat, 25), .. Both(RelayEngine.Socket, socat, 25)];
    }

    protected override IReadOnlyList<RelayRow> Rows { get; }

    protected override async Task MeasureAsync(RelayLab lab, IRelay relay, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        var load = new RelayLoad(Rate, _duration);
        await lab.JudgeAsync(load with { Duration = TimeSpan.FromSeconds(1) }, [Job.Endpoint(0, relay.Rewrites)], cancellationToken);
        TrafficLatency through = await LatencyAsync(lab, load, [Job.Endpoint(0, relay.Rewrites)], cancellationToken);

        // The same packets seen where they come in to the relay.
        await relay.StopAsync();
        TrafficLatency cable = await LatencyAsync(lab, load, [], cancellationToken);
        values[Median] = (through.P50 - cable.P50) / Nanoseconds;
        values[Tail] = (through.P99 - cable.P50) / Nanoseconds;
    }

    private static IEnumerable<RelayRow> Both(RelayEngine engine, IRelay peer, double median)
    {
        IRelay ours = new EngineRelay(engine);
        yield return new RelayRow(Median, "us", Better.Lower, ours, peer, BenchmarkTarget.Value(median));
        yield return new RelayRow(Tail, "us", Better.Lower, ours, peer, BenchmarkTarget.Value(60));
    }

    private static async Task<TrafficLatency> LatencyAsync(RelayLab lab, RelayLoad load, IReadOnlyList<TrafficEndpoint> endpoints, CancellationToken cancellationToken)
    {
        (TrafficSent sent, TrafficReport report) = await lab.JudgeAsync(load, endpoints, cancellationToken);
        return report.Received > sent.Packets / 2 && report.Latency is { } latency
            ? latency
            : throw new LabException($"{report.Received} of {sent.Packets} packets arrived");
    }
}
