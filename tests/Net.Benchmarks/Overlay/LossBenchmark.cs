using Net.Benchmarks.Harness;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>What is left of a link of 200 Mb/s, 40 ms round trip and 1 % random loss each way. Inner TCP sees the loss as on any link without repair:
/// the connections use BBR, as an application on such a link would; the default, Cubic, is shown beside it. UDP shows what the overlay itself lets through.</summary>
internal sealed class LossBenchmark : TunnelBenchmark
{
    private const string Datagrams = "UDP 1200 B over 1 % loss, 40 ms, 200 Mb/s";
    private const string Bbr = "TCP (BBR) over 1 % loss, 40 ms, 200 Mb/s";
    private const string Cubic = "TCP (Cubic) over 1 % loss, 40 ms, 200 Mb/s";
    private const int Settle = 2;
    private const int PayloadBytes = 1200;
    private const double Rate = 200e6;

    private static readonly ImpairedLink Link = new(Rate, TimeSpan.FromMilliseconds(20), 1 << 20, 10_000);

    private readonly int _seconds;
    private readonly List<LabProcess> _relays = [];

    public LossBenchmark(ITunnel ours, int seconds)
        : base(ours)
    {
        _seconds = Math.Max(seconds, 8);
        ITunnel wireGuard = new WireGuardGo();
        Measures =
        [
            new(Datagrams, "of link", Better.Higher, (wireGuard, BenchmarkTarget.Value(0.75))),
            new(Bbr, "of link", Better.Higher, (wireGuard, BenchmarkTarget.Value(0.75))),
            new(Cubic, "of link", Better.Higher, (wireGuard, null)),
        ];
    }

    protected override IReadOnlyList<TunnelMeasure> Measures { get; }

    protected override async Task<string?> StartAsync(TunnelLab lab, ITunnel tunnel, int port, CancellationToken cancellationToken)
    {
        int relayPort = port + 1;
        _relays.Add(await ImpairmentRelay.StartAsync(lab.Right, relayPort, TunnelLab.RightAddress, port, Link, TunnelLab.Longest, cancellationToken));
        try
        {
            await tunnel.StartAsync(lab, new TunnelPorts(port, relayPort), cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await tunnel.DisposeAsync();
            return failure.Message;
        }
    }

    protected override async Task MeasureAsync(
        TunnelLab lab, ITunnel tunnel, IReadOnlySet<string> names, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        // Offered at the link's own rate, in calls of several as a sender of media would.
        const int perCall = 4;
        UdpCount arrived = await UdpLoad.RunAsync(lab, tunnel.Address, PayloadBytes, perCall, _seconds, cancellationToken, (int)(Rate / 8 / PayloadBytes));
        values[Datagrams] = arrived.BitsPerSecond / Rate;
        values[Bbr] = await Iperf.RunAsync(lab, tunnel.Address, 1, _seconds, cancellationToken, settle: Settle, congestionControl: "bbr") / Rate;
        values[Cubic] = await Iperf.RunAsync(lab, tunnel.Address, 1, _seconds, cancellationToken, settle: Settle, congestionControl: "cubic") / Rate;
    }
}
