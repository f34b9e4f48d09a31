using System.Diagnostics;
using Net.Benchmarks.Harness;
using Net.Client;
using Net.Contracts;

namespace Net.Benchmarks.Core;

/// <summary>How long the engine takes to start, and to come back after a SIGKILL with its thousand rules.</summary>
internal sealed class LifecycleBenchmark : IBenchmark
{
    private const string Start = "start to ready, 1,000 rules";
    private const string Back = "kill -9 to serving again, 1,000 rules";
    private const int Rules = 1_000;

    private BenchedEngine? _engine;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Core, Start, "s", Better.Lower) { Target = BenchmarkTarget.Value(0.5) },
        new(Areas.Core, Back, "s", Better.Lower) { Target = BenchmarkTarget.Value(2) },
    ];

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _engine = await BenchedEngine.StartAsync(cancellationToken);
        await using EngineClient client = await _engine.ConnectAsync(cancellationToken);
        await client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(BenchedEngine.MakeRules(Rules)), cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        await _engine!.StopAsync();
        await _engine.RunAsync(cancellationToken);
        EngineStatus before = await StatusAsync(cancellationToken);

        long killed = Stopwatch.GetTimestamp();
        using (var process = Process.GetProcessById(before.ProcessId))
        {
            process.Kill();
            await process.WaitForExitAsync(cancellationToken);
        }

        EngineStatus after = await StatusAsync(cancellationToken);
        double back = Stopwatch.GetElapsedTime(killed).TotalSeconds;
        await using EngineClient client = await _engine.ConnectAsync(cancellationToken);
        FirewallRule[] rules = await client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), cancellationToken);
        if (after.ProcessId == before.ProcessId || after.Generation != before.Generation || rules.Length != Rules)
        {
            throw new InvalidOperationException($"it came back with generation {after.Generation} and {rules.Length} rules, and had generation {before.Generation} and {Rules}");
        }

        return new Dictionary<string, double> { [Start] = before.StartDuration.TotalSeconds, [Back] = back };
    }

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("there is no peer for these");

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }

    private async Task<EngineStatus> StatusAsync(CancellationToken cancellationToken)
    {
        await using EngineClient client = await _engine!.ConnectAsync(cancellationToken);
        return await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), cancellationToken);
    }
}
