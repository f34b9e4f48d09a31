using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Firewall;

/// <summary>What ten thousand rules cost the packets that pass by the last of them: TCP, UDP of 64 bytes, and connections that begin.</summary>
/// <param name="ours">What is judged.</param>
/// <param name="isJudged">Whether the rows have targets, or only inform.</param>
/// <param name="seconds">How long each is measured.</param>
internal sealed class ForwardingBenchmark(IRuleset ours, bool isJudged, int seconds) : IBenchmark
{
    private const string Tcp = "forwarded TCP";
    private const string Udp = "forwarded UDP 64 B";
    private const string Connections = "new connections";

    private readonly HandWrittenRuleset _peer = new();
    private FirewallLab? _lab;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        Case(Tcp, "Gb/s", ours, isJudged ? 0.95 : null),
        Case(Udp, "kpps", ours, isJudged ? 0.95 : null),
        Case(Connections, "1/s", ours, isJudged ? 0.9 : null),
    ];

    public async Task PrepareAsync(CancellationToken cancellationToken) => _lab = await FirewallLab.UpAsync(cancellationToken);

    public Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken) => MeasureAsync(ours, cancellationToken);

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) => MeasureAsync(_peer, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    private static BenchmarkCase Case(string name, string unit, IRuleset ruleset, double? ratio) =>
        new(Core.Areas.Firewall, $"{name}, {ruleset.Name}", unit, Better.Higher) { Peer = "hand-written", Target = ratio is { } number ? BenchmarkTarget.TimesPeer(number) : null };

    private async Task<IReadOnlyDictionary<string, double>> MeasureAsync(IRuleset ruleset, CancellationToken cancellationToken)
    {
        await ruleset.ApplyAsync(_lab!, cancellationToken);
        try
        {
            return new Dictionary<string, double>
            {
                [$"{Tcp}, {ours.Name}"] = await _lab!.MeasureTcpAsync(seconds, cancellationToken),
                [$"{Udp}, {ours.Name}"] = await _lab.MeasureUdpAsync(seconds, cancellationToken),
                [$"{Connections}, {ours.Name}"] = await _lab.MeasureConnectionsAsync(seconds, cancellationToken),
            };
        }
        finally
        {
            await ruleset.RemoveAsync(_lab!, CancellationToken.None);
        }
    }
}
