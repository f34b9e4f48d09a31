using System.Diagnostics;
using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Client;
using Net.Contracts;
using Net.Service.Tests.Flood;

namespace Net.Benchmarks.Firewall;

/// <summary>A thousand changes of the rules while packets pass that every one of the rule sets allows, and others that every one forbids: whole documents that share no rule,
/// single rules, and every now and then a table that somebody tampered with and that is written anew. Measured once, whatever the rounds.</summary>
internal sealed class ReplacementBenchmark : IBenchmark
{
    private const string Delivered = "forbidden packets delivered in 1,000 replacements";
    private const string Lost = "allowed packets lost in 1,000 replacements";
    private const string Rate = "replacements under a flood";
    private const int Documents = 200;
    private const int ChangesEach = 4;
    private const int RepairEvery = 20;
    private const double PacketsPerSecond = 2_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private FirewallLab? _lab;
    private EngineClient? _client;
    private Dictionary<string, double>? _measured;
    private string? _note;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Firewall, Delivered, "packets", Better.Lower) { Target = BenchmarkTarget.Value(0) },
        new(Areas.Firewall, Lost, "packets", Better.Lower) { Target = BenchmarkTarget.Value(0) },
        new(Areas.Firewall, Rate, "1/s", Better.Higher),
    ];

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _lab = await FirewallLab.UpAsync(cancellationToken);
        _client = await (await _lab.EngineAsync(cancellationToken)).ConnectAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken) => _measured ??= await RunAsync(cancellationToken);

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) => throw new PeerUnavailableException("there is no peer for these");

    public string? NoteOf(BenchmarkCase row) => _note;

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

    private async Task<Dictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        FloodFlow[] flows = FloodedRules.Flows(FirewallLab.ServerAddress);
        await ApplyAsync(FloodedRules.Beginning, cancellationToken);
        foreach (FloodFlow flow in flows.Where(flow => flow.MustPass))
        {
            RuleFlood.Establish(_lab!.ClientNamespace, _lab.ServerNamespace, flow);
        }

        await ApplyAsync(FloodedRules.Document(0), cancellationToken);
        using RuleFlood flood = RuleFlood.Start(_lab!.ClientNamespace, _lab.ServerNamespace, flows, PacketsPerSecond);
        int change = 0;
        int repairs = 0;
        long start = Stopwatch.GetTimestamp();
        for (int number = 1; number <= Documents; number++)
        {
            await ApplyAsync(FloodedRules.Document(number), cancellationToken);
            for (int count = 0; count < ChangesEach; count++)
            {
                await FloodedRules.ChangeOneAsync(_client!, number, change++, cancellationToken);
            }

            if (number % RepairEvery == 0)
            {
                await RepairAsync(++repairs, cancellationToken);
            }
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        IReadOnlyList<FloodOutcome> outcomes = await flood.EndAsync();
        long allowed = outcomes.Where(outcome => outcome.Flow.MustPass).Sum(outcome => outcome.Sent);
        long forbidden = outcomes.Where(outcome => !outcome.Flow.MustPass).Sum(outcome => outcome.Sent);
        _note = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Documents} whole documents, {change} single rules and {repairs} repairs within {seconds:0} s; {allowed:#,0} allowed packets, half of them of a connection only its state lets pass, and {forbidden:#,0} forbidden ones");
        return new Dictionary<string, double>
        {
            [Delivered] = outcomes.Where(outcome => !outcome.Flow.MustPass).Sum(outcome => outcome.Delivered),
            [Lost] = outcomes.Where(outcome => outcome.Flow.MustPass).Sum(outcome => outcome.Lost),
            [Rate] = (Documents + change + repairs) / seconds,
        };
    }

    private Task<ChangeOutcome> ApplyAsync(NetConfiguration document, CancellationToken cancellationToken) =>
        _client!.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(document), cancellationToken);

    // Somebody else's chain in our table has all of it written anew.
    private async Task RepairAsync(int repairs, CancellationToken cancellationToken)
    {
        await Rulesets.NftAsync(_lab!, "add chain inet netmod intruder\n", cancellationToken);
        long start = Stopwatch.GetTimestamp();
        while ((await _client!.CallAsync(EngineApi.EventsList, new ListEvents(Areas: ["firewall"]), cancellationToken)).Count(item => item.EventId == "FirewallDriftRepaired") < repairs)
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience)
            {
                throw new InvalidOperationException($"what was changed by hand was not repaired within {s_patience.TotalSeconds:0} s");
            }

            await Task.Delay(20, cancellationToken);
        }
    }
}
