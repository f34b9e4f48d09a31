namespace Net.Benchmarks.Harness;

/// <summary>Runs benchmarks round by round, ours and the peer in turn, and makes rows of the medians.</summary>
/// <param name="rounds">How often everything is measured.</param>
/// <param name="progress">Hears what is measured now.</param>
/// <param name="only">Leaves out benchmarks without a row whose name contains this; null leaves out none.</param>
internal sealed class BenchmarkRunner(int rounds, Action<string> progress, string? only = null)
{
    public async Task<IReadOnlyList<BenchmarkRow>> RunAsync(IEnumerable<Func<IBenchmark>> benchmarks, CancellationToken cancellationToken)
    {
        List<BenchmarkRow> rows = [];
        foreach (Func<IBenchmark> create in benchmarks)
        {
            IBenchmark benchmark = create();
            try
            {
                if (only is not null && !benchmark.Cases.Any(row => row.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
                {
                    continue;
                }

                rows.AddRange(await RunOneAsync(benchmark, cancellationToken));
            }
            finally
            {
                await DisposeAsync(benchmark);
            }
        }

        return rows;
    }

    private async Task<IEnumerable<BenchmarkRow>> RunOneAsync(IBenchmark benchmark, CancellationToken cancellationToken)
    {
        Samples ours = new();
        Samples peers = new();
        string? note = null;
        bool hasPeer = benchmark.Cases.Any(row => row.Peer is not null);
        progress($"{benchmark.Cases[0].Area}: {string.Join(", ", benchmark.Cases.Select(row => row.Name))}");
        try
        {
            await benchmark.PrepareAsync(cancellationToken);
            for (int round = 0; round < rounds; round++)
            {
                ours.Add(await benchmark.MeasureAsync(cancellationToken));
                if (!hasPeer)
                {
                    continue;
                }

                try
                {
                    peers.Add(await benchmark.MeasurePeerAsync(cancellationToken));
                }
                catch (PeerUnavailableException absent)
                {
                    note = absent.Message;
                    hasPeer = false;
                }
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The other cases still have something to say.
            return benchmark.Cases.Select(row => Failed(row, failure.Message));
        }

        return benchmark.Cases.Select(row => Measured(row, ours.Median(row.Name), row.Peer is null ? null : peers.Median(row.Name), (row.Peer is null ? null : note) ?? benchmark.NoteOf(row)) with
        {
            Spread = ours.Spread(row.Name),
            PeerSpread = row.Peer is null ? null : peers.Spread(row.Name),
        });
    }

    private static BenchmarkRow Measured(BenchmarkCase row, double? value, double? peerValue, string? note)
    {
        if (value is null)
        {
            return Failed(row, note ?? "the benchmark gave no value for this case") with { PeerValue = peerValue };
        }

        double? target = row.Target?.Resolve(peerValue);
        bool? met = target is null ? null : row.Better == Better.Higher ? value >= target : value <= target;
        double? ratio = peerValue is null or 0 ? null : value / peerValue;
        return new BenchmarkRow(row.Area, row.Name, value, row.Unit, row.Better, row.Peer, peerValue, ratio, target, met)
        {
            Note = note,
            TargetText = row.Target?.Describe(row.Better) ?? "-",
        };
    }

    private static BenchmarkRow Failed(BenchmarkCase row, string message) =>
        new(row.Area, row.Name, null, row.Unit, row.Better, row.Peer, null, null, row.Target is { IsRatio: false } target ? target.Number : null, row.Target is null ? null : false)
        {
            Error = message,
            TargetText = row.Target?.Describe(row.Better) ?? "-",
        };

    private async Task DisposeAsync(IBenchmark benchmark)
    {
        try
        {
            await benchmark.DisposeAsync();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            progress($"{benchmark.Cases[0].Area}: cleaning up failed: {failure.Message}");
        }
    }

    private sealed class Samples
    {
        private readonly Dictionary<string, List<double>> _values = new(StringComparer.Ordinal);

        public void Add(IReadOnlyDictionary<string, double> round)
        {
            foreach ((string name, double value) in round)
            {
                if (!_values.TryGetValue(name, out List<double>? list))
                {
                    _values[name] = list = [];
                }

                list.Add(value);
            }
        }

        public BenchmarkSpread? Spread(string name) =>
            _values.TryGetValue(name, out List<double>? list) && list.Count > 1 ? new BenchmarkSpread(list.Min(), list.Max()) : null;

        public double? Median(string name)
        {
            if (!_values.TryGetValue(name, out List<double>? list))
            {
                return null;
            }

            double[] sorted = [.. list.Order()];
            int middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }
}
