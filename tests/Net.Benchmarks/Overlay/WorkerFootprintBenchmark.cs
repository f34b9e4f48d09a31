using System.Globalization;
using System.Security.Cryptography;
using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Lab;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Benchmarks.Overlay;

/// <summary>What a worker costs its host: memory with ten peers that have sent, memory and processor time with a thousand idle ones.</summary>
internal sealed class WorkerFootprintBenchmark : IBenchmark
{
    /// <summary>The overlay address of the worker that is measured.</summary>
    public const string WorkerAddress = "100.64.0.1";

    private const string Ten = "worker resident, 10 peers after 20,000 packets";
    private const string Thousand = "worker resident, 1,000 idle peers";
    private const string Processor = "worker CPU, 1,000 idle peers";
    private const string Setup = "1,000 sessions set up in";
    private const int Port = 51_900;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(20);

    private TunnelLab? _lab;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Overlay, Ten, "MB", Better.Lower) { Target = BenchmarkTarget.Value(50) },
        new(Areas.Overlay, Thousand, "MB", Better.Lower) { Target = BenchmarkTarget.Value(90) },
        new(Areas.Overlay, Processor, "%", Better.Lower) { Target = BenchmarkTarget.Value(2) },
        new(Areas.Overlay, Setup, "s", Better.Lower),
    ];

    public async Task PrepareAsync(CancellationToken cancellationToken) => _lab = await TunnelLab.UpAsync(cancellationToken);

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        var measured = new Dictionary<string, double>();
        await WithPeersAsync(10, 2_000, (worker, _) =>
        {
            measured[Ten] = BenchedEngine.ReadMemory(worker).Resident / 1e6;
            return Task.CompletedTask;
        }, cancellationToken);
        await WithPeersAsync(1_000, 0, async (worker, setup) =>
        {
            measured[Setup] = setup.TotalSeconds;
            TimeSpan before = BenchedEngine.ReadProcessorTime(worker);
            await Task.Delay(Span, cancellationToken);
            measured[Processor] = (BenchedEngine.ReadProcessorTime(worker) - before) / Span * 100;
            measured[Thousand] = BenchedEngine.ReadMemory(worker).Resident / 1e6;
        }, cancellationToken);
        return measured;
    }

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("there is no peer for these");

    public string NoteOf(BenchmarkCase row) => "the peers are sessions of one process with a key each, without path probes; all of the worker's memory counts, shared pages too";

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    private async Task WithPeersAsync(int count, int burst, Func<int, TimeSpan, Task> measure, CancellationToken cancellationToken)
    {
        ModelPeer[] peers =
        [
            .. Enumerable.Range(0, count).Select(index => new ModelPeer
            {
                Index = index,
                Name = string.Create(CultureInfo.InvariantCulture, $"node-{index}"),
                PublicKey = WorkerTunnel.PublicKey(SessionFarm.Seed(index)),
                Dials = false,
                Addresses = [SessionFarm.Address(index).ToString()],
            }),
        ];
        StartOverlay start = WorkerTunnel.Start("right", RandomNumberGenerator.GetBytes(Ed25519.SeedBytes), WorkerAddress, peers);
        using BareWorker worker = await BareWorker.StartAsync(_lab!.Right, "nmfoot", Port, start, ["100.65.0.0/16"], cancellationToken);
        TimeSpan longest = TimeSpan.FromMinutes(3);
        string[] words = [.. new[] { Port, count, (int)longest.TotalSeconds, burst }.Select(value => value.ToString(CultureInfo.InvariantCulture))];
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        await using LabProcess farm = TunnelLab.StartSelf(_lab.Left, longest, [SessionFarm.Mode, TunnelLab.RightAddress, .. words]);
        await farm.WaitForLineAsync(SessionFarm.AllUp, TimeSpan.FromMinutes(1), cancellationToken);
        TimeSpan setup = System.Diagnostics.Stopwatch.GetElapsedTime(began);
        await worker.UntilUpAsync(count, TimeSpan.FromSeconds(10), cancellationToken);
        await Task.Delay(Settled, cancellationToken);
        await measure(worker.ProcessId, setup);
        if (worker.Up < count)
        {
            throw new LabException($"{worker.Up} of {count} sessions are left");
        }
    }
}
