using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Events;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Detection;

/// <summary>Feeds the detector with refused packets and new connections, tells what it finds by events and bans sources. What waits is bounded; findings beyond a number in ten seconds are
/// counted and banned, and told together.</summary>
internal sealed partial class DetectionWatch : IAsyncDisposable
{
    private const int MostWaiting = 1024;
    private const int MostEvents = 20;
    private const int WatcherCapacity = 16_384;
    private static readonly TimeSpan s_eventsFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(30);

    private readonly IFirewallHost? _host;
    private readonly HostAddresses _addresses;
    private readonly IFirewallBan _ban;
    private readonly EventLog _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly FirewallDetector _detector = new();
    private readonly Lock _gate = new();
    private readonly Channel<DetectedSource> _found = Channel.CreateBounded<DetectedSource>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly long[] _totals = new long[3];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _telling;
    private IConnectionWatcher? _watcher;
    private Task _watching = Task.CompletedTask;
    private long? _failedAt;
    private long? _eventsSince;
    private int _eventsTold;
    private int _eventsHeld;

    /// <summary>Makes a watch; it begins with the first settings that are enabled.</summary>
    public DetectionWatch(IFirewallHost? host, HostAddresses addresses, IFirewallBan ban, EventLog events, TimeProvider clock, ILogger logger)
    {
        _host = host;
        _addresses = addresses;
        _ban = ban;
        _events = events;
        _clock = clock;
        _logger = logger;
        _telling = Task.Run(TellAllAsync);
    }

    /// <summary>What was found since the engine started, by kind.</summary>
    /// <param name="kind">The kind.</param>
    public long Total(DetectionKind kind) => Interlocked.Read(ref _totals[(int)kind]);

    /// <summary>Takes other thresholds and begins or ends to follow connections as they ask for; tells of what was held back.</summary>
    /// <param name="settings">The thresholds in force.</param>
    /// <param name="isLogging">Whether any rule in force that refuses packets to this host logs: without it no scan is seen.</param>
    public void Tick(FirewallDetection settings, bool isLogging)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = !ReferenceEquals(_detector.Settings, settings);
            _detector.Settings = settings;
            ReleaseHeld();
        }

        if (isNew && settings is { Enabled: true, ScanPorts: > 0 } && !isLogging)
        {
            _events.Publish("FirewallDetectionIncomplete", "firewall", EventSeverity.Warning, "Scans are seen by packets that are refused and logged, and no rule that refuses packets to this host logs: switch LogBlocked of the firewall's profile on, or Log of such rules.");
        }

        bool isWanted = settings.Enabled && (settings.LoginAttempts > 0 || settings.FloodConnections > 0);
        if (!isWanted)
        {
            CloseWatcher();
            _failedAt = null;
        }
        else if (_watcher is null && _host is not null && (_failedAt is not { } failed || _clock.GetElapsedTime(failed) >= s_retryAfter))
        {
            OpenWatcher(_host);
        }
    }

    /// <summary>Takes a packet that a rule logged.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="headers">The packet's headers.</param>
    public void Take(FirewallLogEntry entry, PacketTuple headers)
    {
        if (entry is not { Direction: RuleDirection.Inbound, Action: Contracts.RuleAction.Block or Contracts.RuleAction.Reject } || headers.DestinationPort is not { } port || !MayBeFound(headers.Source))
        {
            return;
        }

        DetectedSource? found;
        lock (_gate)
        {
            found = _detector.Refused(headers.Source, port, _clock.GetUtcNow());
        }

        Queue(found);
    }

    /// <summary>Takes a connection that began.</summary>
    /// <param name="connection">The connection.</param>
    public void Take(TrackedConnection connection)
    {
        IPAddress source = connection.Original.Source;
        if (!MayBeFound(source))
        {
            return;
        }

        List<DetectedSource> found = [];
        lock (_gate)
        {
            _detector.Connected(source, Connections.ConnectionText.HasPorts(connection.Protocol) ? connection.Original.DestinationPort : null, _clock.GetUtcNow(), found);
        }

        found.ForEach(Queue);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        CloseWatcher();
        _found.Writer.TryComplete();
        await Task.WhenAll(_watching, _telling).ConfigureAwait(false);
        _stop.Dispose();
    }

    // What this host sends itself, and what has no single source, is nobody's doing.
    private bool MayBeFound(IPAddress source) => !_addresses.IsOwn(source) && !source.Equals(IPAddress.Any) && !source.Equals(IPAddress.IPv6Any) && !source.IsIPv6Multicast
        && !(source.AddressFamily == AddressFamily.InterNetwork && source.GetAddressBytes()[0] >= 224);

    private void Queue(DetectedSource? found)
    {
        if (found is not null)
        {
            Interlocked.Increment(ref _totals[(int)found.Kind]);
            _found.Writer.TryWrite(found);
        }
    }

    private void OpenWatcher(IFirewallHost host)
    {
        try
        {
            if (host.Connections.Unavailable is { } reason)
            {
                throw new InvalidOperationException(reason);
            }

            IConnectionWatcher watcher = host.Connections.Watch(null, ConnectionEventKinds.New, WatcherCapacity);
            _watcher = watcher;
            _watching = FollowAsync(watcher);
            _failedAt = null;
        }
        catch (Exception exception) when (KernelFailure.Is(exception))
        {
            if (_failedAt is null)
            {
                _events.Publish("FirewallDetectionIncomplete", "firewall", EventSeverity.Warning, $"Connections cannot be followed, so that no guessing of passwords and no flood is seen: {exception.Message}");
            }

            _failedAt = _clock.GetTimestamp();
        }
    }

    private void CloseWatcher() => Interlocked.Exchange(ref _watcher, null)?.Dispose();

    private async Task FollowAsync(IConnectionWatcher watcher)
    {
        try
        {
            await foreach (ConnectionEvent item in watcher.Events.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                if (item is { Kind: ConnectionEventKinds.New, Connection: { } connection })
                {
                    Take(connection);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception exception)
        {
            Log.FollowingEnded(_logger, exception);
        }

        Interlocked.CompareExchange(ref _watcher, null, watcher);
    }

    private async Task TellAllAsync()
    {
        try
        {
            await foreach (DetectedSource found in _found.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                await TellAsync(found).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    private async Task TellAsync(DetectedSource found)
    {
        FirewallDetection settings;
        lock (_gate)
        {
            settings = _detector.Settings;
        }

        string done = await ActAsync(found, settings).ConfigureAwait(false);
        lock (_gate)
        {
            if (_eventsSince is null || _clock.GetElapsedTime(_eventsSince.Value) >= s_eventsFor)
            {
                ReleaseHeld();
                _eventsSince = _clock.GetTimestamp();
                _eventsTold = 0;
            }

            if (_eventsTold >= MostEvents)
            {
                _eventsHeld++;
                return;
            }

            _eventsTold++;
        }

        string window = Duration(settings.Window);
        string source = found.Source.ToString();
        switch (found.Kind)
        {
            case DetectionKind.Scan:
                _events.Publish("FirewallScanDetected", "firewall", EventSeverity.Information, $"{source} tried {found.Count} ports of this host within {window} and was refused ({string.Join(", ", found.Ports)}). {done}", source);
                break;
            case DetectionKind.LoginGuessing:
                _events.Publish("FirewallLoginGuessingDetected", "firewall", EventSeverity.Warning, $"{source} began {found.Count} connections to ports where people log in within {window}, the last to {found.Ports[0]}. {done}", source);
                break;
            default:
                _events.Publish("FirewallFloodDetected", "firewall", EventSeverity.Warning, $"{source} began {found.Count} connections within {window}. {done}", source);
                break;
        }
    }

    private async Task<string> ActAsync(DetectedSource found, FirewallDetection settings)
    {
        if (settings.BanList is not { } list)
        {
            return "Nothing was done: no list for bans is set.";
        }

        if (settings.NeverBan.Any(range => Holds(range, found.Source)))
        {
            return "Nothing was done: it is among those that are never banned.";
        }

        try
        {
            await _ban.BanAsync(list, found.Source, settings.BanTime, _stop.Token).ConfigureAwait(false);
            return $"It was put into the list '{list}' for {Duration(settings.BanTime)}.";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return $"It could not be put into the list '{list}': {exception.Message}";
        }
    }

    private void ReleaseHeld()
    {
        if (_eventsHeld == 0 || (_eventsSince is { } since && _clock.GetElapsedTime(since) < s_eventsFor))
        {
            return;
        }

        _events.Publish("FirewallDetectionsHeldBack", "firewall", EventSeverity.Warning, $"{_eventsHeld} more sources were found within {Duration(s_eventsFor)}; what is set was done about each of them.");
        _eventsHeld = 0;
    }

    private static bool Holds(AddressRange range, IPAddress address) => new Net.Firewall.AddressRange(range.First, range.Last).Contains(address);

    private static string Duration(TimeSpan time) => time.TotalMinutes >= 1 && time.Seconds == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds} s");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Following connections for detection ended; it begins again.", EventName = "FirewallDetectionEnded")]
        public static partial void FollowingEnded(ILogger logger, Exception exception);
    }
}
