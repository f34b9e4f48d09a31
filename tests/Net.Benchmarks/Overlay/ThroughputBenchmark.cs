using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Overlay;

/// <summary>TCP through overlays: one stream, four, and both ways at once.</summary>
internal sealed class ThroughputBenchmark : TunnelBenchmark
{
    private const double Giga = 1e9;
    private const string One = "TCP 1 stream";
    private const string Four = "TCP 4 streams";
    private const string Both = "TCP both ways";

    private readonly int _seconds;

    public ThroughputBenchmark(ITunnel ours, int seconds)
        : base(ours)
    {
        _seconds = seconds;
        ITunnel wireGuard = new WireGuardGo();
        ITunnel nebula = new Nebula();
        ITunnel openVpn = new OpenVpn();
        Measures =
        [
            new(One, "Gb/s", Better.Higher, (wireGuard, BenchmarkTarget.TimesPeer(1.5)), (nebula, BenchmarkTarget.TimesPeer(5)), (openVpn, BenchmarkTarget.TimesPeer(6))),
            new(Four, "Gb/s", Better.Higher, (wireGuard, BenchmarkTarget.TimesPeer(1.9)), (nebula, BenchmarkTarget.TimesPeer(5)), (openVpn, BenchmarkTarget.TimesPeer(6))),
            new(Both, "Gb/s", Better.Higher, (wireGuard, BenchmarkTarget.TimesPeer(1.5))),
        ];
    }

    protected override IReadOnlyList<TunnelMeasure> Measures { get; }

    protected override async Task MeasureAsync(
        TunnelLab lab, ITunnel tunnel, IReadOnlySet<string> names, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        values[One] = await Iperf.RunAsync(lab, tunnel.Address, 1, _seconds, cancellationToken) / Giga;
        values[Four] = await Iperf.RunAsync(lab, tunnel.Address, 4, _seconds, cancellationToken) / Giga;
        if (names.Contains(Both))
        {
            values[Both] = await Iperf.RunAsync(lab, tunnel.Address, 1, _seconds, cancellationToken, both: true) / Giga;
        }
    }
}
