using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Overlay;

/// <summary>What several shards at each end do to the traffic of one peer: information, without a target. One peer has one shard, so nothing is won here; what is lost is the way of packets that were
/// read by the other.</summary>
internal sealed class ShardBenchmark : TunnelBenchmark
{
    /// <summary>Shards of the rows.</summary>
    public const int Shards = 2;

    private const string Streams = "TCP 4 streams with 2 shards";
    private const string Datagrams = "UDP 1200 B with 2 shards";
    private const int DatagramBytes = 1200;
    private const int DatagramsPerCall = 53;

    private readonly int _seconds;

    public ShardBenchmark(ITunnel ours, int seconds)
        : base(ours)
    {
        _seconds = seconds;
        ITunnel wireGuard = new WireGuardGo();
        Measures = [new(Streams, "Gb/s", Better.Higher, (wireGuard, null)), new(Datagrams, "Gb/s", Better.Higher, (wireGuard, null))];
    }

    protected override IReadOnlyList<TunnelMeasure> Measures { get; }

    protected override async Task MeasureAsync(
        TunnelLab lab, ITunnel tunnel, IReadOnlySet<string> names, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        values[Streams] = await Iperf.RunAsync(lab, tunnel.Address, 4, _seconds, cancellationToken) / 1e9;
        values[Datagrams] = (await UdpLoad.RunAsync(lab, tunnel.Address, DatagramBytes, DatagramsPerCall, _seconds, cancellationToken)).BitsPerSecond / 1e9;
    }
}
