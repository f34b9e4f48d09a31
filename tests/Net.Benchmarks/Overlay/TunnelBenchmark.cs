using Net.Benchmarks.Harness;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>Measures ours and the peers in turn, all of them between the same two namespaces. A peer that cannot be had or fails leaves a note.</summary>
internal abstract class TunnelBenchmark : IBenchmark
{
    private const int FirstPort = 51_000;

    private readonly Dictionary<ITunnel, string> _notes = [];
    private readonly ITunnel _ours;
    private TunnelLab? _lab;

    /// <summary>Makes the benchmark.</summary>
    /// <param name="ours">What is compared; another tunnel in its place tries the benchmark itself.</param>
    protected TunnelBenchmark(ITunnel ours) => _ours = ours;

    public IReadOnlyList<BenchmarkCase> Cases =>
    [
        .. Measures.SelectMany(measure => measure.Rows.Select(row => new BenchmarkCase(Core.Areas.Overlay, measure.RowName(row.Peer), measure.Unit, measure.Better)
        {
            Target = row.Target,
            Peer = row.Peer.Name.Trim(),
        })),
    ];

    /// <summary>What is measured of each tunnel.</summary>
    protected abstract IReadOnlyList<TunnelMeasure> Measures { get; }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _lab = await TunnelLab.UpAsync(cancellationToken);
        int port = FirstPort;
        foreach (ITunnel tunnel in (IEnumerable<ITunnel>)[_ours, .. Peers()])
        {
            port += 10;
            if (await StartAsync(_lab, tunnel, port, cancellationToken) is string problem)
            {
                _notes[tunnel] = $"{tunnel.Name.Trim()} could not be started: {problem}";
            }
        }
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, double> values = await MeasureOneAsync(_ours, cancellationToken);
        return Measures.Where(measure => values.ContainsKey(measure.Name))
            .SelectMany(measure => measure.Rows.Select(row => (Row: measure.RowName(row.Peer), Value: values[measure.Name])))
            .ToDictionary(row => row.Row, row => row.Value, StringComparer.Ordinal);
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, double> all = new(StringComparer.Ordinal);
        foreach (ITunnel peer in Peers())
        {
            IReadOnlyDictionary<string, double> values = await MeasureOneAsync(peer, cancellationToken);
            foreach (TunnelMeasure measure in Measures.Where(measure => values.ContainsKey(measure.Name) && measure.Rows.Any(row => row.Peer == peer)))
            {
                all[measure.RowName(peer)] = values[measure.Name];
            }
        }

        return all;
    }

    public string? NoteOf(BenchmarkCase row)
    {
        ITunnel? peer = Measures.SelectMany(measure => measure.Rows.Where(one => measure.RowName(one.Peer) == row.Name)).Select(one => one.Peer).FirstOrDefault();
        string[] notes = [.. ((IEnumerable<ITunnel?>)[_ours, peer]).Select(tunnel => tunnel is null ? null : _notes.GetValueOrDefault(tunnel)).OfType<string>()];
        return notes.Length == 0 ? null : string.Join("; ", notes);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ITunnel tunnel in (IEnumerable<ITunnel>)[_ours, .. Peers()])
        {
            await tunnel.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    /// <summary>Starts a tunnel; gives what is wrong with it, or null when it runs.</summary>
    protected virtual async Task<string?> StartAsync(TunnelLab lab, ITunnel tunnel, int port, CancellationToken cancellationToken)
    {
        try
        {
            await tunnel.StartAsync(lab, TunnelPorts.Direct(port), cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await tunnel.DisposeAsync();
            return failure.Message;
        }
    }

    /// <summary>Measures one tunnel.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="tunnel">Which.</param>
    /// <param name="names">Of the measures, those that are wanted of this tunnel.</param>
    /// <param name="values">Takes the values by the name of their measure.</param>
    /// <param name="cancellationToken">Gives up.</param>
    protected abstract Task MeasureAsync(TunnelLab lab, ITunnel tunnel, IReadOnlySet<string> names, IDictionary<string, double> values, CancellationToken cancellationToken);

    private IEnumerable<ITunnel> Peers() => Measures.SelectMany(measure => measure.Rows).Select(row => row.Peer).Distinct();

    private async Task<IReadOnlyDictionary<string, double>> MeasureOneAsync(ITunnel tunnel, CancellationToken cancellationToken)
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal);
        if (_notes.TryGetValue(tunnel, out string? note) && note.Contains("could not be started", StringComparison.Ordinal))
        {
            return values;
        }

        HashSet<string> names = [.. Measures.Where(measure => tunnel == _ours || measure.Rows.Any(row => row.Peer == tunnel)).Select(measure => measure.Name)];
        try
        {
            await MeasureAsync(_lab!, tunnel, names, values, cancellationToken);
        }
        catch (Exception failure) when (failure is LabException or TimeoutException)
        {
            _notes[tunnel] = $"{tunnel.Name} failed in a round: {failure.Message}";
        }

        return values;
    }
}
