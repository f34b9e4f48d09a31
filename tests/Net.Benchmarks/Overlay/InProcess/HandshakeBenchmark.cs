using System.Diagnostics;
using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Platform.Linux;

namespace Net.Benchmarks.Overlay;

/// <summary>Full handshakes, both ends on one thread, raw keys proven both ways, nothing resumed: each end's memory made and freed.</summary>
internal sealed class HandshakeBenchmark(int seconds) : IBenchmark
{
    private const string Name = "full mutual handshakes, both ends on one core";

    private QuicCredentials? _client;
    private QuicCredentials? _server;

    public IReadOnlyList<BenchmarkCase> Cases { get; } = [new(Areas.Overlay, Name, "1/s", Better.Higher) { Target = BenchmarkTarget.Value(1_000) }];

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        _client = SessionPair.NewKey();
        _server = SessionPair.NewKey();
        Run(TimeSpan.FromMilliseconds(200));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, double>>(new Dictionary<string, double> { [Name] = Run(TimeSpan.FromSeconds(seconds)) });

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("there is no peer for this");

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _server?.Dispose();
        return ValueTask.CompletedTask;
    }

    private double Run(TimeSpan length)
    {
        var options = new QuicOptions();
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        while (Stopwatch.GetElapsedTime(start) < length)
        {
            using var pair = new SessionPair(_client!, _server!, options, new SessionEnd(1, _server!.PublicKey), new SessionEnd(2, _client!.PublicKey));
            pair.Connect();
            count++;
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
