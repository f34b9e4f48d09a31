using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Overlay;

/// <summary>
/// Round trips through overlays: one after another, which is the way there and back; one every 2 ms, which in a virtual machine is
/// mostly the waking of cores that went to sleep in between, four times a trip; and while TCP fills them.
/// </summary>
internal sealed class RoundTripBenchmark : TunnelBenchmark
{
    /// <summary>How long workers look for the next packet in the rows that say so.</summary>
    public static readonly TimeSpan BusyPoll = TimeSpan.FromMilliseconds(5);

    private const int Echo = 2000;
    private const int EchoInTurn = 10_000;
    private const int WarmUp = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LoadedInterval = TimeSpan.FromMilliseconds(10);

    private readonly int _seconds;
    private readonly string _median;
    private readonly string _tail;
    private readonly string _spacedMedian;
    private readonly string _spacedTail;
    private readonly string _loaded;

    /// <param name="ours">What is judged.</param>
    /// <param name="seconds">How long each is measured under load.</param>
    /// <param name="setting">What is set at our ends, for the names of the rows; null for the defaults.</param>
    public RoundTripBenchmark(ITunnel ours, int seconds, string? setting = null)
        : base(ours)
    {
        _seconds = seconds;
        string with = setting is null ? string.Empty : $" with {setting}";
        _median = "round trip p50" + with;
        _tail = "round trip p99" + with;
        _spacedMedian = "round trip p50 every 2 ms" + with;
        _spacedTail = "round trip p99 every 2 ms" + with;
        _loaded = "round trip p50 under full TCP load" + with;
        ITunnel bare = new BareLink();
        ITunnel wireGuard = new WireGuardGo();
        ITunnel nebula = new Nebula();
        BenchmarkTarget median = BenchmarkTarget.Value(60);
        BenchmarkTarget tail = BenchmarkTarget.Value(120);
        BenchmarkTarget loaded = BenchmarkTarget.Value(3);
        Measures =
        [
            new(_median, "us", Better.Lower, (bare, median), (wireGuard, median), (nebula, median)),
            new(_tail, "us", Better.Lower, (bare, tail), (wireGuard, tail), (nebula, tail)),
            new(_spacedMedian, "us", Better.Lower, (bare, median), (wireGuard, median), (nebula, median)),
            new(_spacedTail, "us", Better.Lower, (bare, tail), (wireGuard, tail), (nebula, tail)),
            new(_loaded, "ms", Better.Lower, (bare, loaded), (wireGuard, loaded), (nebula, loaded)),
        ];
    }

    protected override IReadOnlyList<TunnelMeasure> Measures { get; }

    protected override async Task MeasureAsync(
        TunnelLab lab, ITunnel tunnel, IReadOnlySet<string> names, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        double[] inTurn = await Echoes.RunAsync(lab, tunnel.Address, EchoInTurn, TimeSpan.Zero, WarmUp, cancellationToken);
        values[_median] = Echoes.Quantile(inTurn, 0.5);
        values[_tail] = Echoes.Quantile(inTurn, 0.99);
        double[] spaced = await Echoes.RunAsync(lab, tunnel.Address, Echo, Interval, 0, cancellationToken);
        values[_spacedMedian] = Echoes.Quantile(spaced, 0.5);
        values[_spacedTail] = Echoes.Quantile(spaced, 0.99);

        Task<double> load = Iperf.RunAsync(lab, tunnel.Address, 1, _seconds + 2, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        double[] loaded = await Echoes.RunAsync(lab, tunnel.Address, (int)(TimeSpan.FromSeconds(_seconds) / LoadedInterval), LoadedInterval, 0, cancellationToken);
        await load;
        values[_loaded] = Echoes.Quantile(loaded, 0.5) / 1000;
    }
}
