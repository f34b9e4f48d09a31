using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Tests;

/// <summary>Gives the values it was told to and remembers in which order it was asked.</summary>
internal sealed class ScriptedBenchmark(BenchmarkCase row, double[] ours, double[]? peer = null) : IBenchmark
{
    private int _ours;
    private int _peer;

    public List<string> Order { get; } = [];

    public string? PeerMissing { get; init; }

    public string? Failure { get; init; }

    public IReadOnlyList<BenchmarkCase> Cases { get; } = [row];

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        Order.Add("prepare");
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        Order.Add("ours");
        return Failure is null ? Round(ours[_ours++]) : throw new InvalidOperationException(Failure);
    }

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken)
    {
        Order.Add("peer");
        return PeerMissing is null ? Round(peer![_peer++]) : throw new PeerUnavailableException(PeerMissing);
    }

    public ValueTask DisposeAsync()
    {
        Order.Add("dispose");
        return ValueTask.CompletedTask;
    }

    private Task<IReadOnlyDictionary<string, double>> Round(double value) =>
        Task.FromResult<IReadOnlyDictionary<string, double>>(new Dictionary<string, double> { [row.Name] = value });
}
