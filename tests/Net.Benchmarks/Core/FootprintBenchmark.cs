using Net.Benchmarks.Harness;
using Net.Client;
using Net.Contracts;

namespace Net.Benchmarks.Core;

/// <summary>What the engine costs its host: memory and processor time, idle and at work.</summary>
internal sealed class FootprintBenchmark : IBenchmark
{
    private const string Idle = "CPU idle, nothing configured, probing off";
    private const string Working = "CPU probing, 1,000 rules, a watching client";
    private const string Resident = "resident 5 s after 1,000 rules";
    private const string AfterChanges = "resident after 3,600 changes";
    private const string Large = "resident 5 s after 10,000 rules";
    private const string Peak = "peak with 10,000 rules";
    private const string Lists = "resident 5 s after 100,000 list entries";

    private const int Rules = 1_000;

    // An hour of one change a second.
    private const int Changes = 3_600;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    private BenchedEngine? _engine;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Core, Idle, "%", Better.Lower) { Target = BenchmarkTarget.Value(1) },
        new(Areas.Core, Working, "%", Better.Lower) { Target = BenchmarkTarget.Value(3) },
        new(Areas.Core, Resident, "MB", Better.Lower) { Target = BenchmarkTarget.Value(50) },
        new(Areas.Core, AfterChanges, "MB", Better.Lower) { Target = BenchmarkTarget.Value(50) },
        new(Areas.Core, Large, "MB", Better.Lower),
        new(Areas.Core, Peak, "MB", Better.Lower),
        new(Areas.Core, Lists, "MB", Better.Lower),
    ];

    // One engine lives through all of it once: the order matters, and an hour of changes is long enough for one round.
    private Dictionary<string, double>? _measured;

    public async Task PrepareAsync(CancellationToken cancellationToken) => _engine = await BenchedEngine.StartAsync(cancellationToken);

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken) =>
        _measured ??= await MeasureOnceAsync(cancellationToken);

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("there is no peer for these");

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }

    private static double Megabytes(double bytes) => bytes / 1e6;

    private async Task<Dictionary<string, double>> MeasureOnceAsync(CancellationToken cancellationToken)
    {
        var measured = new Dictionary<string, double>();
        await using EngineClient client = await _engine!.ConnectAsync(cancellationToken);
        int process = (await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), cancellationToken)).ProcessId;
        await SetProbingAsync(client, enabled: false, cancellationToken);
        await Task.Delay(Settled, cancellationToken);
        measured[Idle] = await ProcessorShareAsync(process, cancellationToken);

        await SetProbingAsync(client, enabled: true, cancellationToken);
        await client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(BenchedEngine.MakeRules(Rules)), cancellationToken);
        await Task.Delay(Settled, cancellationToken);
        measured[Resident] = Megabytes(BenchedEngine.ReadMemory(process).Resident);
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            Task watching = WatchAsync(client, stop.Token);
            measured[Working] = await ProcessorShareAsync(process, cancellationToken);
            await stop.CancelAsync();
            await watching;
        }

        await ChangeAsync(client, cancellationToken);
        await Task.Delay(Settled, cancellationToken);
        measured[AfterChanges] = Megabytes(BenchedEngine.ReadMemory(process).Resident);

        await client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(BenchedEngine.MakeRules(9_000, "more")), cancellationToken);
        await Task.Delay(Settled, cancellationToken);
        (double resident, double peak) = BenchedEngine.ReadMemory(process);
        measured[Large] = Megabytes(resident);
        measured[Peak] = Megabytes(peak);

        await client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(new NetConfiguration { Firewall = new FirewallSection { Rules = MakeLists() } }), cancellationToken);
        await Task.Delay(Settled, cancellationToken);
        measured[Lists] = Megabytes(BenchedEngine.ReadMemory(process).Resident);
        return measured;
    }

    private static async Task<double> ProcessorShareAsync(int process, CancellationToken cancellationToken)
    {
        TimeSpan before = BenchedEngine.ReadProcessorTime(process);
        await Task.Delay(Span, cancellationToken);
        return (BenchedEngine.ReadProcessorTime(process) - before) / Span * 100;
    }

    private static async Task SetProbingAsync(EngineClient client, bool enabled, CancellationToken cancellationToken)
    {
        NetConfiguration document = (await client.CallAsync(EngineApi.ConfigurationGet, new GetConfiguration(), cancellationToken)).Document;
        document = document with { Paths = document.Paths with { Probe = document.Paths.Probe with { Enabled = enabled } } };
        await client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(document), cancellationToken);
    }

    private static async Task WatchAsync(EngineClient client, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (PathChange _ in client.StreamAsync(EngineApi.PathsWatch, new WatchPaths(), cancellationToken))
            {
                // Receiving is the work.
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }

    private static async Task ChangeAsync(EngineClient client, CancellationToken cancellationToken)
    {
        for (int change = 0; change < Changes; change++)
        {
            FirewallRule rule = BenchedEngine.MakeRules(Rules)[change % Rules] with { Enabled = change / Rules % 2 == 1 };
            await client.CallAsync(EngineApi.FirewallSetRules, new SetFirewallRules([rule]), cancellationToken);
        }
    }

    private static FirewallRule[] MakeLists() =>
    [
        .. Enumerable.Range(0, 100).Select(list => new FirewallRule
        {
            Name = $"list-{list}",
            Direction = RuleDirection.Forward,
            Action = RuleAction.Block,
            SourceAddress = [.. Enumerable.Range(0, 1_000).Select(entry => AddressRange.Parse($"10.{list}.{entry / 128}.{entry % 128 * 2}"))],
        }),
    ];
}
