using System.Diagnostics;
using Net.Benchmarks.Core;
using Net.Benchmarks.Overlay;
using Net.Contracts;
using Net.Lab;
using Net.Traffic;

namespace Net.Benchmarks.Relay;

/// <summary>An engine that relays one group in the kernel and one by a worker, and the ways to hurt it.</summary>
internal sealed class RelayWorld : IAsyncDisposable
{
    private const string Output = "o0";
    private const string Elsewhere = "x0";
    private static readonly RelayJob Job = new(1, 2);
    private static readonly RelayLoad Probe = new(2_000, TimeSpan.FromMilliseconds(100), Groups: 2);
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private RelayLab? _lab;

    private RelayLab Lab => _lab ?? throw new InvalidOperationException("it is not prepared");

    /// <summary>Brings everything up once, and waits until both groups are relayed.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_lab is null)
        {
            _lab = await RelayLab.UpAsync(1, cancellationToken);
            OverlayEngine host = await _lab.EngineAsync(cancellationToken);
            RelayRule[] rules = [EngineRelay.Rules(Job, RelayEngine.Tcx)[0], EngineRelay.Rules(Job, RelayEngine.Packet)[1]];
            await host.CallAsync(EngineApi.RelayCreateRules, new CreateRelayRules(rules), cancellationToken);
        }

        long start = Stopwatch.GetTimestamp();
        while (!await IsRelayingAsync(cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"nothing is relayed after {Patience.TotalSeconds:0} s");
            }
        }
    }

    /// <summary>Whether packets of both groups go through.</summary>
    public async Task<bool> IsRelayingAsync(CancellationToken cancellationToken)
    {
        (TrafficSent sent, long[] arrived) = await Lab.OfferAsync(Probe, SinkMode.DropBuffers, cancellationToken);
        return arrived[0] >= sent.Packets * 9 / 10;
    }

    /// <summary>SIGKILL to the worker that has the rule.</summary>
    public async Task KillWorkerAsync(CancellationToken cancellationToken)
    {
        OverlayEngine host = await Lab.EngineAsync(cancellationToken);
        RelayWorker[] workers = await host.CallAsync(EngineApi.RelayListWorkers, new ListRelayWorkers(), cancellationToken);
        Kill(workers.FirstOrDefault(worker => worker is { ProcessId: not null, RuleCount: > 0 })?.ProcessId ?? throw new LabException("no worker has a rule"));
    }

    /// <summary>SIGKILL to the engine.</summary>
    public async Task KillEngineAsync(CancellationToken cancellationToken)
    {
        OverlayEngine host = await Lab.EngineAsync(cancellationToken);
        Kill((await host.CallAsync(EngineApi.EngineStatus, new GetStatus(), cancellationToken)).ProcessId);
    }

    /// <summary>An interface goes down and comes up again.</summary>
    public async Task InterruptAsync(string link, CancellationToken cancellationToken)
    {
        await Lab.Relay.SetLinkAsync(link, up: false, cancellationToken: cancellationToken);
        await Task.Delay(Down, cancellationToken);
        await Lab.Relay.SetLinkAsync(link, up: true, cancellationToken: cancellationToken);
    }

    /// <summary>The output is called something else for a while.</summary>
    public async Task RenameAsync(CancellationToken cancellationToken)
    {
        await TunnelLab.IpAsync(Lab.Relay, $"link set {Output} name {Elsewhere}", cancellationToken);
        await Task.Delay(Down, cancellationToken);
        await TunnelLab.IpAsync(Lab.Relay, $"link set {Elsewhere} name {Output}", cancellationToken);
    }

    /// <summary>The output is deleted and made anew.</summary>
    public Task RecreateAsync(CancellationToken cancellationToken) => Lab.RecreateOutputAsync(0, cancellationToken);

    /// <summary>Resident memory of the engine and of its worker, in bytes.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ReadMemoryAsync(CancellationToken cancellationToken)
    {
        OverlayEngine host = await Lab.EngineAsync(cancellationToken);
        EngineStatus status = await host.CallAsync(EngineApi.EngineStatus, new GetStatus(), cancellationToken);
        Dictionary<string, double> memory = new(StringComparer.Ordinal) { ["engine"] = BenchedEngine.ReadMemory(status.ProcessId).Resident };
        foreach (RelayWorker worker in await host.CallAsync(EngineApi.RelayListWorkers, new ListRelayWorkers(), cancellationToken))
        {
            if (worker.ProcessId is int process)
            {
                memory[$"worker {worker.Index}"] = BenchedEngine.ReadMemory(process).Resident;
            }
        }

        return memory;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
            _lab = null;
        }
    }

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }
}
