namespace Net.Benchmarks.Harness;

/// <summary>
/// One thing to run, giving the values of one or more cases. A round runs ours, then the peer, then the next round, so that both
/// meet the same machine. Disposed after its last round.
/// </summary>
internal interface IBenchmark : IAsyncDisposable
{
    /// <summary>The rows it fills.</summary>
    IReadOnlyList<BenchmarkCase> Cases { get; }

    /// <summary>Sets up once, warms up; not measured.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>One round of ours: a value by case name.</summary>
    Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken);

    /// <summary>One round of the peer, for the cases that have one. Throws <see cref="PeerUnavailableException"/> where it cannot run.</summary>
    Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken);

    /// <summary>What a reader of the row should know besides its numbers; asked for when all is measured.</summary>
    string? NoteOf(BenchmarkCase row) => null;
}
