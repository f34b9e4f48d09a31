using System.Diagnostics;
using System.Globalization;
using Net.Benchmarks.Harness;
using Net.Benchmarks.Overlay;
using Net.Contracts;
using Net.Traffic;

namespace Net.Benchmarks.Relay;

/// <summary>Changes of rules: how long 10,000 take, and what other rules lose of 100,000 packets a second while one is made, changed and removed all the time.</summary>
internal sealed class RelayControlBenchmark : RelayBenchmark
{
    private const string Load = "10,000 rules loaded in";
    private const string Change = "lost beside 20 rule changes";
    private const int Count = 10_000;
    private const int Changes = 20;
    private const double Rate = 100_000;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    public RelayControlBenchmark()
        : base(1)
    {
        RelayEngine[] engines = [RelayEngine.Tcx, RelayEngine.Packet];
        Rows =
        [
            .. engines.Select(static engine => new EngineRelay(engine)).SelectMany(static ours => (RelayRow[])
            [
                new RelayRow(Load, "s", Better.Lower, ours, null, BenchmarkTarget.Value(1)),
                new RelayRow(Change, "packets", Better.Lower, ours, null, BenchmarkTarget.Value(0)),
            ]),
        ];
    }

    protected override IReadOnlyList<RelayRow> Rows { get; }

    protected override async Task MeasureAsync(RelayLab lab, IRelay relay, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        OverlayEngine host = await lab.EngineAsync(cancellationToken);
        RelayEngine engine = Enum.Parse<RelayEngine>(relay.Name, ignoreCase: true);
        (TrafficSent sent, TrafficReport report) = await lab.JudgeAsync(
            new RelayLoad(Rate, Between * (Changes + 5)), [Job.Endpoint(0, isRewritten: true)], cancellationToken, () => ChangeAsync(host, engine, cancellationToken));
        values[Change] = Math.Max(0, sent.Packets - report.Received - report.Overrun);

        RelayRule[] rules = Many(engine);
        long start = Stopwatch.GetTimestamp();
        await host.CallAsync(EngineApi.RelayCreateRules, new CreateRelayRules(rules), cancellationToken);
        await EngineRelay.UntilForwardingAsync(host, [rules[0].Name, rules[^1].Name], cancellationToken);
        values[Load] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await host.CallAsync(EngineApi.RelayRemoveRules, new RemoveRelayRules([.. rules.Select(rule => rule.Name)]), cancellationToken);
    }

    private static async Task ChangeAsync(OverlayEngine host, RelayEngine engine, CancellationToken cancellationToken)
    {
        RelayRule rule = Rule(engine, "changing", "239.3.0.1", 7000);
        for (int change = 0; change < Changes; change++)
        {
            switch (change % 3)
            {
                case 0:
                    await host.CallAsync(EngineApi.RelayCreateRules, new CreateRelayRules([rule]), cancellationToken);
                    break;
                case 1:
                    await host.CallAsync(EngineApi.RelaySetRules, new SetRelayRules([rule with { Outputs = [rule.Outputs[0] with { Port = 7001 }] }]), cancellationToken);
                    break;
                default:
                    await host.CallAsync(EngineApi.RelayRemoveRules, new RemoveRelayRules([rule.Name]), cancellationToken);
                    break;
            }

            await Task.Delay(Between, cancellationToken);
        }

        if ((Changes - 1) % 3 != 2)
        {
            await host.CallAsync(EngineApi.RelayRemoveRules, new RemoveRelayRules([rule.Name]), cancellationToken);
        }
    }

    private static RelayRule[] Many(RelayEngine engine) =>
    [
        .. Enumerable.Range(0, Count).Select(index => Rule(
            engine, string.Create(CultureInfo.InvariantCulture, $"many-{index}"), string.Create(CultureInfo.InvariantCulture, $"239.4.{index / 250}.{(index % 250) + 1}"), 5000)),
    ];

    private static RelayRule Rule(RelayEngine engine, string name, string group, int port) => new()
    {
        Name = name,
        InterfaceAlias = RelayLab.Input,
        Group = AddressRange.Parse(group),
        Port = new PortRange(port),
        Engine = engine,
        Outputs = [new RelayOutput { InterfaceAlias = RelayLab.OutputInterface(0), Destination = group.Replace("239.", "238.", StringComparison.Ordinal), Source = "interface", Ttl = 8 }],
    };
}
