using System.Diagnostics;
using Net.Benchmarks.Harness;
using Net.Benchmarks.Overlay;
using Net.Contracts;
using Net.Lab;
using Net.Traffic;

namespace Net.Benchmarks.Relay;

/// <summary>A worker is killed while packets flow: how long its rules are silent, what rules of the other worker lose, and what rules in the kernel lose.</summary>
internal sealed class RelayRecoveryBenchmark : RelayBenchmark
{
    private const string Silence = "worker killed, its rules silent for";
    private const string Others = "worker killed, lost of other rules";
    private const int Groups = 16;
    private const double Rate = 32_000;
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(4);

    private readonly IRelay _packet = new EngineRelay(RelayEngine.Packet);

    public RelayRecoveryBenchmark()
        : base(1)
    {
        IRelay tcx = new EngineRelay(RelayEngine.Tcx);
        Rows =
        [
            new RelayRow(Silence, "ms", Better.Lower, _packet, null, BenchmarkTarget.Value(500)),
            new RelayRow(Others, "packets", Better.Lower, _packet, null, BenchmarkTarget.Value(0)),
            new RelayRow(Others, "packets", Better.Lower, tcx, null, BenchmarkTarget.Value(0)),
        ];
    }

    protected override IReadOnlyList<RelayRow> Rows { get; }

    protected override RelayJob Job => new(1, Groups);

    protected override async Task MeasureAsync(RelayLab lab, IRelay relay, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        OverlayEngine host = await lab.EngineAsync(cancellationToken);
        await host.CallAsync(EngineApi.RelaySetSettings, new SetRelaySettings(new RelaySettings { Workers = 2, PinWorkers = false }), cancellationToken);
        RelayRule? bystander = relay == _packet ? null : Bystander();
        if (bystander is not null)
        {
            await host.CallAsync(EngineApi.RelayCreateRules, new CreateRelayRules([bystander]), cancellationToken);
            await EngineRelay.UntilForwardingAsync(host, [bystander.Name], cancellationToken);
        }

        await UntilStandbyAsync(host, cancellationToken);

        // Each group is an endpoint of its own, so that the two workers' rules are told apart.
        RelayRule[] rules = await EngineRelay.UntilForwardingAsync(host, [.. Enumerable.Range(0, Groups).Select(group => $"bench-{group}")], cancellationToken);
        TrafficEndpoint[] endpoints =
        [
            .. Enumerable.Range(0, Groups).Select(group => new TrafficEndpoint(RelayLab.SinkInterface(0), RelayJob.Output(0, group), RelayJob.OutputPort(0))),
        ];
        int victim = -1;
        (TrafficSent sent, TrafficReport report) = await lab.JudgeAsync(new RelayLoad(Rate, Whole, Groups: Groups), endpoints, cancellationToken, async () =>
        {
            await Task.Delay(Before, cancellationToken);
            RelayWorker[] workers = await host.CallAsync(EngineApi.RelayListWorkers, new ListRelayWorkers(), cancellationToken);
            RelayWorker worker = workers.FirstOrDefault(worker => worker is { ProcessId: not null, RuleCount: > 0 }) ?? throw new LabException("no worker has a rule");
            victim = worker.Index;
            using var process = Process.GetProcessById(worker.ProcessId!.Value);
            process.Kill();
        });
        int[] hurt = [.. Enumerable.Range(0, Groups).Where(group => relay == _packet && rules.First(rule => rule.Name == $"bench-{group}").Worker == victim)];
        if (relay == _packet)
        {
            values[Silence] = hurt.Length == 0 ? throw new LabException("no group was the killed worker's") : hurt.Max(group => report.Endpoints[group].LongestGap.TotalMilliseconds);
        }

        long each = sent.Packets / Groups;
        values[Others] = Enumerable.Range(0, Groups).Except(hurt).Sum(group => Math.Max(0, each - report.Endpoints[group].Received));
        if (bystander is not null)
        {
            await host.CallAsync(EngineApi.RelayRemoveRules, new RemoveRelayRules([bystander.Name]), cancellationToken);
        }
    }

    // As in an engine that runs for longer than a few seconds.
    private static async Task UntilStandbyAsync(OverlayEngine host, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (!(await host.CallAsync(EngineApi.RelayListWorkers, new ListRelayWorkers(), cancellationToken)).Any(static worker => worker.State == RelayWorkerState.Standby))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new LabException("no worker is on standby");
            }

            await Task.Delay(200, cancellationToken);
        }

        // It has run its code by then.
        await Task.Delay(Before, cancellationToken);
    }

    private static RelayRule Bystander() => new()
    {
        Name = "bystander",
        InterfaceAlias = RelayLab.Input,
        Group = AddressRange.Parse("239.3.0.9"),
        Port = new PortRange(7009),
        Engine = RelayEngine.Packet,
        Outputs = [new RelayOutput { InterfaceAlias = RelayLab.OutputInterface(0), Destination = "239.3.1.9", Source = "interface", Ttl = 8 }],
    };
}
