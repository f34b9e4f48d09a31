using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Overlay;

/// <summary>UDP through overlays from a sender that saturates one core: small datagrams one call each, and large ones as applications send that have much.</summary>
internal sealed class DatagramBenchmark : TunnelBenchmark
{
    private const string Small = "UDP 64 B, sender saturated";
    private const string Large = "UDP 1200 B, sender with UDP_SEGMENT";
    private const int SmallBytes = 64;
    private const int LargeBytes = 1200;

    // As many as fit one call: 64 KiB with their headers.
    private const int LargePerCall = 53;

    private readonly int _seconds;

    public DatagramBenchmark(ITunnel ours, int seconds)
        : base(ours)
    {
        _seconds = seconds;
        ITunnel wireGuard = new WireGuardGo();
        Measures =
        [
            new(Small, "kpps", Better.Higher, (wireGuard, BenchmarkTarget.TimesPeer(2))),
            new(Large, "Gb/s", Better.Higher, (wireGuard, null)),
        ];
    }

    protected override IReadOnlyList<TunnelMeasure> Measures { get; }

    protected override async Task MeasureAsync(
        TunnelLab lab, ITunnel tunnel, IReadOnlySet<string> names, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        values[Small] = (await UdpLoad.RunAsync(lab, tunnel.Address, SmallBytes, 1, _seconds, cancellationToken)).PerSecond / 1e3;
        values[Large] = (await UdpLoad.RunAsync(lab, tunnel.Address, LargeBytes, LargePerCall, _seconds, cancellationToken)).BitsPerSecond / 1e9;
    }
}
