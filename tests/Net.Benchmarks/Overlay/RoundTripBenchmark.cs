using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Overlay;

/// <summary>Round trips through overlays, idle and while TCP fills them.</summary>
internal sealed class RoundTripBenchmark : TunnelBenchmark
{
    private const string Median = "round trip p50";
    private const string Tail = "round trip p99";
    private const string Loaded = "round trip p50 under full TCP load";
    private const int Echo = 2000;
    private const int WarmUp = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LoadedInterval = TimeSpan.FromMilliseconds(10);

    private readonly int _seconds;

    public RoundTripBenchmark(ITunnel ours, int seconds)
        : base(ours)
    {
        _seconds = seconds;
        ITunnel bare = new BareLink();
        ITunnel wireGuard = new WireGuardGo();
        ITunnel nebula = new Nebula();
        BenchmarkTarget median = BenchmarkTarget.Value(60);
        BenchmarkTarget tail = BenchmarkTarget.Value(120);
        BenchmarkTarget loaded = BenchmarkTarget.Value(3);
        Measures =
        [
            new(Median, "us", Better.Lower, (bare, median), (wireGuard, median), (nebula, median)),
            new(Tail, "us", Better.Lower, (bare, tail), (wireGuard, tail), (nebula, tail)),
            new(Loaded, "ms", Better.Lower, (bare, loaded), (wireGuard, loaded), (nebula, loaded)),
        ];
    }

    protected override IReadOnlyList<TunnelMeasure> Measures { get; }

    protected override async Task MeasureAsync(
        TunnelLab lab, ITunnel tunnel, IReadOnlySet<string> names, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        double[] idle = await Echoes.RunAsync(lab, tunnel.Address, Echo, Interval, WarmUp, cancellationToken);
        values[Median] = Echoes.Quantile(idle, 0.5);
        values[Tail] = Echoes.Quantile(idle, 0.99);

        Task<double> load = Iperf.RunAsync(lab, tunnel.Address, 1, _seconds + 2, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        double[] loaded = await Echoes.RunAsync(lab, tunnel.Address, (int)(TimeSpan.FromSeconds(_seconds) / LoadedInterval), LoadedInterval, 0, cancellationToken);
        await load;
        values[Loaded] = Echoes.Quantile(loaded, 0.5) / 1000;
    }
}
