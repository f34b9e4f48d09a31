using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Benchmarks.Overlay;
using Net.Contracts;
using Net.Lab;

namespace Net.Benchmarks.Relay;

/// <summary>What a worker costs its host: memory with rings after a flood, and processor time while nothing comes.</summary>
internal sealed class RelayFootprintBenchmark : RelayBenchmark
{
    private const string Memory = "worker resident after a flood";
    private const string Processor = "worker CPU, idle";
    private static readonly TimeSpan Flood = TimeSpan.FromSeconds(3);

    // What was called often is compiled once more, four reports a second at 30 calls each: after that it is what it will be for days.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(20);

    public RelayFootprintBenchmark()
        : base(3)
    {
        RelayEngine[] engines = [RelayEngine.Packet, RelayEngine.Socket];
        Rows =
        [
            .. engines.Select(static engine => new EngineRelay(engine)).SelectMany(static ours => (RelayRow[])
            [
                new RelayRow(Memory, "MB", Better.Lower, ours, null, BenchmarkTarget.Value(50)),
                new RelayRow(Processor, "%", Better.Lower, ours, null, BenchmarkTarget.Value(0.1)),
            ]),
        ];
    }

    protected override IReadOnlyList<RelayRow> Rows { get; }

    protected override async Task MeasureAsync(RelayLab lab, IRelay relay, IDictionary<string, double> values, CancellationToken cancellationToken)
    {
        OverlayEngine host = await lab.EngineAsync(cancellationToken);
        await RateSearch.WarmUpAsync(lab, relay, cancellationToken);
        await RateSearch.SaturateAsync(lab, relay, Flood, cancellationToken);
        RelayWorker[] workers = await host.CallAsync(EngineApi.RelayListWorkers, new ListRelayWorkers(), cancellationToken);
        int[] processes = [.. workers.Select(worker => worker.ProcessId).OfType<int>()];
        if (processes.Length == 0)
        {
            throw new LabException("no worker runs");
        }

        values[Memory] = processes.Max(process => BenchedEngine.ReadMemory(process).Resident) / 1e6;
        await Task.Delay(Settled, cancellationToken);
        TimeSpan before = Used(processes);
        await Task.Delay(Span, cancellationToken);
        values[Processor] = (Used(processes) - before) / Span / processes.Length * 100;
    }

    private static TimeSpan Used(IEnumerable<int> processes) => processes.Aggregate(TimeSpan.Zero, static (sum, process) => sum + BenchedEngine.ReadProcessorTime(process));
}
