using System.Diagnostics;
using System.Globalization;
using Net.Benchmarks.Overlay;
using Net.Contracts;
using Net.Lab;

namespace Net.Benchmarks.Relay;

/// <summary>Our relay with one engine forced, or the one it chooses: a published netmod-engine with rules made by its API, as any client makes them.</summary>
/// <param name="engine">The engine.</param>
internal sealed class EngineRelay(RelayEngine engine) : IRelay
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private RelayLab? _lab;
    private string[] _rules = [];

    public string Name => engine.ToString().ToLowerInvariant();

    public SinkMode Sink => (EngineInUse ?? engine) == RelayEngine.Xdp ? SinkMode.DropFrames : SinkMode.DropBuffers;

    public bool Rewrites => true;

    /// <summary>The engine that moves the first rule's packets, once it is started.</summary>
    public RelayEngine? EngineInUse { get; private set; }

    /// <summary>Rules of a job: everything is rewritten.</summary>
    public static RelayRule[] Rules(RelayJob job, RelayEngine engine, string prefix = "bench") =>
    [
        .. Enumerable.Range(0, job.Groups).Select(group => new RelayRule
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{group}"),
            InterfaceAlias = RelayLab.Input,
            Group = AddressRange.Parse(RelayJob.Input(group).ToString()),
            Port = new PortRange(RelayJob.InputPort),
            Engine = engine,
            Outputs =
            [
                .. Enumerable.Range(0, job.Outputs).Select(output => new RelayOutput
                {
                    InterfaceAlias = RelayLab.OutputInterface(output),
                    Destination = RelayJob.Output(output, group).ToString(),
                    Port = RelayJob.OutputPort(output),
                    Ttl = 8,
                    Source = "interface",
                }),
            ],
        }),
    ];

    public async Task StartAsync(RelayLab lab, RelayJob job, CancellationToken cancellationToken)
    {
        OverlayEngine host = await lab.EngineAsync(cancellationToken);
        await host.CallAsync(EngineApi.RelaySetSettings, new SetRelaySettings(new RelaySettings { Workers = 1, AllowVirtualXdp = true }), cancellationToken);
        RelayRule[] rules = Rules(job, engine);
        _lab = lab;
        _rules = [.. rules.Select(rule => rule.Name)];
        await host.CallAsync(EngineApi.RelayCreateRules, new CreateRelayRules(rules), cancellationToken);
        EngineInUse = (await UntilForwardingAsync(host, _rules, cancellationToken))[0].EngineInUse;
        RelayWorker[] workers = await host.CallAsync(EngineApi.RelayListWorkers, new ListRelayWorkers(), cancellationToken);
        lab.SenderCore = workers.Any(worker => worker.Core == 0) ? 1 : 0;
        await KeepOffSenderAsync(lab, workers, cancellationToken);
    }

    // Every relay in user space stays off the core the generator computes on; one worker alone is not pinned by the engine.
    private static async Task KeepOffSenderAsync(RelayLab lab, RelayWorker[] workers, CancellationToken cancellationToken)
    {
        string core = (1 - lab.SenderCore).ToString(CultureInfo.InvariantCulture);
        foreach (RelayWorker worker in workers.Where(worker => worker.ProcessId is not null && worker.Core is null))
        {
            string process = worker.ProcessId!.Value.ToString(CultureInfo.InvariantCulture);
            (await lab.Relay.ExecAsync("taskset", ["-a", "-c", "-p", core, process], cancellationToken: cancellationToken)).EnsureSucceeded();
        }
    }

    public async Task StopAsync()
    {
        if (_lab is { } lab && _rules.Length > 0)
        {
            OverlayEngine host = await lab.EngineAsync(CancellationToken.None);
            await host.CallAsync(EngineApi.RelayRemoveRules, new RemoveRelayRules(_rules), CancellationToken.None);
            _rules = [];
            lab.SenderCore = 0;
        }
    }

    /// <summary>Waits until rules relay.</summary>
    /// <returns>The rules.</returns>
    /// <exception cref="LabException">One does not; the message holds the engine's reason.</exception>
    public static async Task<RelayRule[]> UntilForwardingAsync(OverlayEngine host, string[] names, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            RelayRule[] rules = await host.CallAsync(EngineApi.RelayListRules, new ListRelayRules(names, Counters: false), cancellationToken);
            RelayRule? late = rules.FirstOrDefault(rule => rule.State != RelayRuleState.Forwarding);
            if (late is null && rules.Length == names.Length)
            {
                return rules;
            }

            if (late is { State: RelayRuleState.Failed } || Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new LabException($"the rule {late?.Name ?? names[0]} is {late?.State} after {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s: {late?.Reason}");
            }

            await Task.Delay(10, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
