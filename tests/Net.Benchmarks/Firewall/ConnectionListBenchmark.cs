using System.Diagnostics;
using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Client;
using Net.Contracts;

namespace Net.Benchmarks.Firewall;

/// <summary>100,000 tracked connections through the API, from the kernel to the client's records; and their numbers by state, which is one call.</summary>
internal sealed class ConnectionListBenchmark : IBenchmark
{
    private const string List = "100,000 tracked connections listed";
    private const string Find = "one of 100,000 tracked connections found";
    private const string States = "100,000 tracked connections counted by state";
    private const int Count = 100_000;

    private FirewallLab? _lab;
    private EngineClient? _client;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Firewall, List, "s", Better.Lower) { Target = BenchmarkTarget.Value(1) },
        new(Areas.Firewall, Find, "s", Better.Lower),
        new(Areas.Firewall, States, "s", Better.Lower),
    ];

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _lab = await FirewallLab.UpAsync(cancellationToken);
        _client = await (await _lab.EngineAsync(cancellationToken)).ConnectAsync(cancellationToken);

        // Rules make the kernel track connections.
        await _client.CallAsync(EngineApi.FirewallSetProfile, new SetFirewallProfile(new FirewallProfile { Enabled = true, Forward = RuleAction.Allow }), cancellationToken);
        await MeasureAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        // They live for 30 s, as nobody answers.
        await _lab!.MakeConnectionsAsync(Count, cancellationToken);
        int listed = 0;
        long start = Stopwatch.GetTimestamp();
        await foreach (FirewallConnection connection in _client!.StreamAsync(EngineApi.FirewallListConnections, new ListFirewallConnections(), cancellationToken))
        {
            listed += connection.Protocol == IpProtocol.Udp ? 1 : 0;
        }

        double list = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int found = 0;
        start = Stopwatch.GetTimestamp();
        var one = new FirewallConnectionFilter { DestinationPort = new PortRange(12_345), SourcePort = new PortRange(FirewallLab.FirstSourcePort) };
        await foreach (FirewallConnection connection in _client!.StreamAsync(EngineApi.FirewallListConnections, new ListFirewallConnections(one), cancellationToken))
        {
            found++;
        }

        double find = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        FirewallStatistic statistic = await _client.CallAsync(EngineApi.FirewallGetStatistic, new GetFirewallStatistic(), cancellationToken);
        double states = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return listed >= Count && found == 1 && statistic.Connections >= Count
            ? new Dictionary<string, double> { [List] = list, [Find] = find, [States] = states }
            : throw new InvalidOperationException($"{listed} connections were listed, {found} found, {statistic.Connections} counted");
    }

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) => throw new PeerUnavailableException("there is no peer for these");

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }
}
