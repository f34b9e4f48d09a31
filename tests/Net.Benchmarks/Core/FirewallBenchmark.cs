using System.Diagnostics;
using Net.Benchmarks.Harness;
using Net.Client;
using Net.Contracts;

namespace Net.Benchmarks.Core;

/// <summary>Ten thousand rules through the whole engine: from the client's call to the kernel and back.</summary>
internal sealed class FirewallBenchmark : IBenchmark
{
    private const string Apply = "10,000 firewall rules in one transaction";
    private const string Read = "read 10,000 rules with counters as objects";
    private const string AddOne = "add one rule to 10,000";
    private const int Count = 10_000;

    // One change in a row of changes; the middle of them counts.
    private const int Changes = 11;

    private BenchedEngine? _engine;
    private EngineClient? _client;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Core, Apply, "s", Better.Lower) { Target = BenchmarkTarget.Value(1) },
        new(Areas.Core, Read, "s", Better.Lower) { Target = BenchmarkTarget.Value(0.5) },
        new(Areas.Core, AddOne, "s", Better.Lower) { Target = BenchmarkTarget.Value(0.05) },
    ];

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _engine = await BenchedEngine.StartAsync(cancellationToken);
        _client = await _engine.ConnectAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        FirewallRule[] rules = BenchedEngine.MakeRules(Count);
        long start = Stopwatch.GetTimestamp();
        await _client!.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(rules), cancellationToken);
        double apply = Stopwatch.GetElapsedTime(start).TotalSeconds;

        start = Stopwatch.GetTimestamp();
        FirewallRule[] listed = await _client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), cancellationToken);
        double read = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (listed.Length != Count || listed[^1].PacketCount is null)
        {
            throw new InvalidOperationException($"{listed.Length} rules came back, the last with {listed[^1].PacketCount?.ToString() ?? "no"} counter");
        }

        double[] added = new double[Changes];
        for (int index = 0; index < Changes; index++)
        {
            start = Stopwatch.GetTimestamp();
            await _client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(BenchedEngine.MakeRules(1, $"one{index}")), cancellationToken);
            added[index] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(added);
        double addOne = added[Changes / 2];
        string[] names = [.. listed.Select(rule => rule.Name), .. Enumerable.Range(0, Changes).Select(index => $"one{index}-0")];
        await _client.CallAsync(EngineApi.FirewallRemoveRules, new RemoveFirewallRules(names), cancellationToken);
        return new Dictionary<string, double> { [Apply] = apply, [Read] = read, [AddOne] = addOne };
    }

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("there is no peer for these");

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }
}
