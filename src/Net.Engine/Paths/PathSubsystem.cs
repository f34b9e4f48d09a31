using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Configuration;
using Net.Engine.Events;
using Net.Engine.Metrics;
using Net.Platform;

namespace Net.Engine.Paths;

/// <summary>Follows the uplinks of the host: what the kernel says of them at once, what probes find as they return.</summary>
internal sealed partial class PathSubsystem(EngineSeams seams, ConfigurationManager configuration, EventLog events, ILogger<PathSubsystem> logger)
    : IMetricSource, IAsyncDisposable
{
    private const int WatcherCapacity = 1024;

    // Counters are read this often; a rate over less says more about the clock than about the traffic.
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(2);

    // A route that comes back with its link within this time belongs to the same path.
    private static readonly TimeSpan RouteGrace = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, TrackedPath> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<Channel<PathChange>> _watchers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    /// <summary>Begins to follow.</summary>
    public void Start()
    {
        NetworkSubscription changes = seams.NetworkMonitor.Subscribe();
        Update();
        _running.Add(ListenAsync(changes));
        _running.Add(SampleAsync());
    }

    /// <summary>The paths that match.</summary>
    /// <exception cref="EngineException">A plain name matches none.</exception>
    public NetPath[] List(ListPaths request)
    {
        NetPath[] all;
        lock (_gate)
        {
            PathsSection section = configuration.Document.Paths;
            all = [.. _paths.Values.Select(path => path.ToPath(section))];
        }

        RefuseUnknown(all, request.Names);
        return [.. all.Where(path => Matches(request.Names, path))];
    }

    /// <summary>The paths now and as they change.</summary>
    public async IAsyncEnumerable<PathChange> WatchAsync(WatchPaths request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<PathChange> channel = Channel.CreateBounded<PathChange>(
            new BoundedChannelOptions(WatcherCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_gate)
        {
            DateTimeOffset now = seams.Clock.GetUtcNow();
            PathsSection section = configuration.Document.Paths;
            foreach (TrackedPath path in _paths.Values)
            {
                channel.Writer.TryWrite(new PathChange(PathChangeKind.Present, path.ToPath(section), now));
            }

            _watchers.Add(channel);
        }

        try
        {
            var last = new Dictionary<string, (PathState, bool)>();
            await foreach (PathChange change in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                (PathState, bool) state = (change.Path.State, change.Path.IsSelected);
                bool isNews = change.Kind != PathChangeKind.Changed || !last.TryGetValue(change.Path.PathId, out (PathState, bool) before) || before != state;
                last[change.Path.PathId] = state;
                if (Matches(request.Names, change.Path) && (isNews || !request.StateOnly))
                {
                    yield return change;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>Measures the paths that match, all at once, each item as its path is done.</summary>
    public async IAsyncEnumerable<PathMeasurement> MeasureAsync(MeasurePaths request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = MeasurementPlan.Of(request);
        NetPath[] paths = List(new ListPaths(request.Names));
        List<Task<PathMeasurement>> running = [.. paths.Select(path => PathMeter.MeasureAsync(seams.Prober, path, plan, seams.Clock, cancellationToken))];
        while (running.Count > 0)
        {
            Task<PathMeasurement> done = await Task.WhenAny(running).ConfigureAwait(false);
            running.Remove(done);
            yield return await done.ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Collect(PrometheusWriter writer)
    {
        NetPath[] paths = List(new ListPaths());
        Gauge("path_up", "Whether replies come back over a path, 1 or 0.", path => path.State == PathState.Validated ? 1 : 0);
        Gauge("path_selected", "Whether packets without a more specific route leave this way, 1 or 0.", path => path.IsSelected ? 1 : 0);
        Gauge("path_rtt_seconds", "Smoothed round trip time.", path => path.RoundTripTime?.TotalSeconds);
        Gauge("path_jitter_seconds", "Smoothed change from one round trip to the next.", path => path.Jitter?.TotalSeconds);
        Gauge("path_loss_ratio", "Share of the newest probes without a reply.", path => path.LossRatio);
        Gauge("path_receive_bits_per_second", "Rate received on the interface.", path => path.ReceiveBitsPerSecond);
        Gauge("path_transmit_bits_per_second", "Rate sent on the interface.", path => path.TransmitBitsPerSecond);

        void Gauge(string name, string help, Func<NetPath, double?> value)
        {
            writer.Metric(name, "gauge", help);
            foreach (NetPath path in paths)
            {
                if (value(path) is { } number)
                {
                    writer.Sample(name, number, ("path", path.PathId));
                }
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
            foreach (TrackedPath path in _paths.Values)
            {
                path.Dispose();
            }

            _paths.Clear();
        }

        try
        {
            await Task.WhenAll(running).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // That is how they end.
        }

        _stop.Dispose();
    }

    private static bool Matches(string[]? names, NetPath path) =>
        NameFilter.Matches(names, path.PathId) || NameFilter.Matches(names, path.InterfaceAlias);

    private static void RefuseUnknown(NetPath[] all, string[]? names)
    {
        foreach (string name in names ?? [])
        {
            if (NameFilter.IsLiteral(name) && !all.Any(path => Matches([name], path)))
            {
                throw new EngineException(ErrorCatalogue.PathNotFound, $"No path has the id '{name}', and no uplink that interface.", name);
            }
        }
    }

    private async Task ListenAsync(NetworkSubscription changes)
    {
        using (changes)
        {
            await foreach (NetworkChange change in changes.Changes.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                if (change is LinkChange or RouteChange { Current.IsDefault: true } or RouteChange { Old.IsDefault: true } or OverrunChange or AddressChange)
                {
                    Update();
                }
            }
        }
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(SampleInterval, seams.Clock);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            try
            {
                ReadCounters(seams.NetworkState.GetLinks());
                Update();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.SampleFailed(logger, exception);
            }
        }
    }

    private void ReadCounters(IReadOnlyList<LinkInfo> links)
    {
        lock (_gate)
        {
            foreach (TrackedPath path in _paths.Values)
            {
                if (links.FirstOrDefault(link => link.Index == path.Uplink.Link.Index) is { } link)
                {
                    path.Read(link.Counters);
                    path.Facts = seams.LinkFacts.Read(link.Name);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The counters of the interfaces could not be read.", EventName = "SampleFailed")]
        public static partial void SampleFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "Probing of {PathId} ended by a fault; it begins again.", EventName = "ProbingFailed")]
        public static partial void ProbingFailed(ILogger logger, Exception exception, string pathId);
    }
}
