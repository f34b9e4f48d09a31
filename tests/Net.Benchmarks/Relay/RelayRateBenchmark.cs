using Net.Benchmarks.Harness;
using Net.Contracts;

namespace Net.Benchmarks.Relay;

/// <summary>Packets of 64 bytes as fast as they come: what a relay delivers at each of its outputs when flooded, and the highest rate at which it loses none.</summary>
internal sealed class RelayRateBenchmark : RelayBenchmark
{
    private const double Kilo = 1_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _duration;
    private readonly string _delivered;
    private readonly string _lossless;
    private readonly bool _searches;

    private RelayRateBenchmark(int outputs, int seconds, Func<string, string, IReadOnlyList<RelayRow>> rows, bool searches)
        : base(outputs)
    {
        string plural = outputs == 1 ? string.Empty : "s";
        _delivered = $"64 B, {outputs} output{plural}, each gets";
        _lossless = $"64 B, {outputs} output{plural}, without loss";
        _duration = TimeSpan.FromSeconds(seconds) < Longest ? TimeSpan.FromSeconds(seconds) : Longest;
        _searches = searches;
        Rows = rows(_delivered, _lossless);
    }

    protected override IReadOnlyList<RelayRow> Rows { get; }

    /// <summary>One output: every engine against both peers.</summary>
    public static RelayRateBenchmark One(int seconds) => new(1, seconds, static (delivered, lossless) =>
    {
        (IRelay xdp, IRelay tcx, IRelay packet, IRelay socket, IRelay smcroute, IRelay socat) = Relays();
        return
        [
            new(delivered, "kpps", Better.Higher, xdp, smcroute, BenchmarkTarget.TimesPeer(3.5)),
            new(delivered, "kpps", Better.Higher, xdp, socat, BenchmarkTarget.TimesPeer(10)),
            new(delivered, "kpps", Better.Higher, tcx, smcroute, BenchmarkTarget.TimesPeer(2.4)),
            new(delivered, "kpps", Better.Higher, packet, smcroute, BenchmarkTarget.TimesPeer(2.6)),
            new(delivered, "kpps", Better.Higher, socket, smcroute),
            new(lossless, "kpps", Better.Higher, xdp, smcroute, BenchmarkTarget.Value(1_000)),
            new(lossless, "kpps", Better.Higher, tcx, smcroute, BenchmarkTarget.Value(900)),
            new(lossless, "kpps", Better.Higher, packet, smcroute, BenchmarkTarget.Value(600)),
            new(lossless, "kpps", Better.Higher, socket, socat),
        ];
    }, searches: true);

    /// <summary>Three outputs: every engine, and the one the chooser takes, against smcroute.</summary>
    public static RelayRateBenchmark Three(int seconds) => new(3, seconds, static (delivered, _) =>
    {
        (IRelay xdp, IRelay tcx, IRelay packet, IRelay socket, IRelay smcroute, IRelay socat) = Relays();
        return
        [
            new(delivered, "kpps", Better.Higher, new EngineRelay(RelayEngine.Auto), smcroute, BenchmarkTarget.TimesPeer(3)),
            new(delivered, "kpps", Better.Higher, packet, smcroute, BenchmarkTarget.TimesPeer(3)),
            new(delivered, "kpps", Better.Higher, packet, socat),
            new(delivered, "kpps", Better.Higher, tcx, smcroute, BenchmarkTarget.TimesPeer(2)),
            new(delivered, "kpps", Better.Higher, xdp, smcroute),
            new(delivered, "kpps", Better.Higher, socket, smcroute),
        ];
    }, searches: false);

    /// <summary>Fifty outputs, which is more than the kernel's own forwarding has.</summary>
    public static RelayRateBenchmark Fifty(int seconds) => new(50, seconds, static (delivered, lossless) =>
    {
        (IRelay xdp, IRelay tcx, IRelay packet, _, _, IRelay socat) = Relays();
        return
        [
            new(delivered, "kpps", Better.Higher, new EngineRelay(RelayEngine.Auto), socat),
            new(delivered, "kpps", Better.Higher, packet, socat),
            new(delivered, "kpps", Better.Higher, xdp, socat),
            new(delivered, "kpps", Better.Higher, tcx, socat),
        ];
    }, searches: false);

    /// <summary>The kernel and packet workers at a number of outputs: what the chooser goes by.</summary>
    public static RelayRateBenchmark Engines(int outputs, int seconds) => new(outputs, seconds, static (delivered, lossless) =>
    {
        (IRelay xdp, IRelay tcx, IRelay packet, _, _, _) = Relays();
        return [new(delivered, "kpps", Better.Higher, packet), new(delivered, "kpps", Better.Higher, xdp), new(delivered, "kpps", Better.Higher, tcx)];
    }, searches: false);

    protected override async Task MeasureAsync(RelayLab lab, IRelay relay, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        await RateSearch.WarmUpAsync(lab, relay, cancellationToken);
        (double perSecond, double loss) = await RateSearch.SaturateAsync(lab, relay, _duration, cancellationToken);
        values[_delivered] = perSecond / Kilo;
        if (_searches)
        {
            double lossless = RateSearch.IsNone(loss) ? perSecond : await RateSearch.WithoutLossAsync(lab, relay, perSecond, _duration / 2, cancellationToken);
            values[_lossless] = lossless / Kilo;
        }
    }

    private static (IRelay Xdp, IRelay Tcx, IRelay Packet, IRelay Socket, IRelay Smcroute, IRelay Socat) Relays() =>
        (new EngineRelay(RelayEngine.Xdp), new EngineRelay(RelayEngine.Tcx), new EngineRelay(RelayEngine.Packet), new EngineRelay(RelayEngine.Socket), new Smcroute(), new Socat());
}
