using Net.Benchmarks.Harness;
using Net.Contracts;
using Net.Lab;
using Net.Traffic;

namespace Net.Benchmarks.Relay;

/// <summary>Measures our engines and the peers in turn, all of them between the same namespaces. One that cannot be had or fails leaves a note, and the others go on.</summary>
/// <param name="outputs">Outputs of the lab.</param>
internal abstract class RelayBenchmark(int outputs) : IBenchmark
{
    private readonly Dictionary<IRelay, string> _notes = [];
    private RelayLab? _lab;

    public IReadOnlyList<BenchmarkCase> Cases =>
    [
        .. Rows.Select(row => new BenchmarkCase(Core.Areas.Relay, row.Name, row.Unit, row.Better) { Target = row.Target, Peer = row.Peer?.Name }),
    ];

    /// <summary>All rows.</summary>
    protected abstract IReadOnlyList<RelayRow> Rows { get; }

    /// <summary>What is relayed.</summary>
    protected virtual RelayJob Job => new(outputs);

    public async Task PrepareAsync(CancellationToken cancellationToken) => _lab = await RelayLab.UpAsync(outputs, cancellationToken);

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, double> all = new(StringComparer.Ordinal);
        foreach (IGrouping<IRelay, RelayRow> ours in Rows.GroupBy(row => row.Ours))
        {
            IReadOnlyDictionary<string, double> values = await MeasureOneAsync(ours.Key, cancellationToken);
            Fill(all, ours, values);
        }

        return all;
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, double> all = new(StringComparer.Ordinal);
        foreach (IGrouping<IRelay, RelayRow> peer in Rows.Where(row => row.Peer is not null).GroupBy(row => row.Peer!))
        {
            Fill(all, peer, await MeasureOneAsync(peer.Key, cancellationToken));
        }

        return all;
    }

    public string? NoteOf(BenchmarkCase row)
    {
        RelayRow? found = Rows.FirstOrDefault(one => one.Name == row.Name);
        string[] notes = [.. ((IEnumerable<IRelay?>)[found?.Ours, found?.Peer]).Select(relay => relay is null ? null : _notes.GetValueOrDefault(relay)).OfType<string>()];
        return notes.Length == 0 ? null : string.Join("; ", notes);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    /// <summary>Measures a relay that runs.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="relay">Which.</param>
    /// <param name="values">Takes values by the name of their measure.</param>
    /// <param name="cancellationToken">Gives up.</param>
    protected abstract Task MeasureAsync(RelayLab lab, IRelay relay, IDictionary<string, double> values, CancellationToken cancellationToken);

    /// <summary>Starts a relay for its measure.</summary>
    protected virtual Task StartAsync(RelayLab lab, IRelay relay, CancellationToken cancellationToken) => relay.StartAsync(lab, Job, cancellationToken);

    private static void Fill(Dictionary<string, double> all, IEnumerable<RelayRow> rows, IReadOnlyDictionary<string, double> values)
    {
        foreach (RelayRow row in rows)
        {
            if (values.TryGetValue(row.Measure, out double value))
            {
                all[row.Name] = value;
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, double>> MeasureOneAsync(IRelay relay, CancellationToken cancellationToken)
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal);
        try
        {
            await StartAsync(_lab!, relay, cancellationToken);
            await MeasureAsync(_lab!, relay, values, cancellationToken);
        }
        catch (Exception failure) when (failure is LabException or TimeoutException or EngineException or PeerUnavailableException or TrafficException or FileNotFoundException)
        {
            _notes[relay] = $"{relay.Name} failed in a round: {failure.Message}";
        }

        try
        {
            await relay.StopAsync();
        }
        catch (Exception failure) when (failure is LabException or EngineException or FileNotFoundException)
        {
            _notes.TryAdd(relay, $"{relay.Name} could not be stopped: {failure.Message}");
        }

        return values;
    }
}
