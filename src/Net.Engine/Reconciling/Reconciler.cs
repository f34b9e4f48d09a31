using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Configuration;
using Net.Engine.Events;
using Net.Engine.Firewall;
using Net.Engine.Paths;
using Net.Platform;

namespace Net.Engine.Reconciling;

/// <summary>Keeps actual equal to desired: looks when the kernel tells of a change, and slowly even when it does not.</summary>
internal sealed partial class Reconciler : IAsyncDisposable
{
    // A change that came with no notice at all is found within this time.
    private static readonly TimeSpan FullComparison = TimeSpan.FromSeconds(30);

    // What cannot be repaired now is tried again this often.
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly ConfigurationManager _configuration;
    private readonly IReadOnlyList<ISection> _sections;
    private readonly FirewallSubsystem _firewall;
    private readonly RouteSubsystem _routes;
    private readonly ISection? _overlays;
    private readonly EventLog _events;
    private readonly TimeProvider _clock;
    private readonly ILogger<Reconciler> _logger;
    private readonly Channel<ISection> _suspects = Channel.CreateUnbounded<ISection>();
    private readonly HashSet<ISection> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly Dictionary<string, string> _lastReport = [];
    private bool _isDisposed;

    public Reconciler(
        ConfigurationManager configuration, IReadOnlyList<ISection> sections, FirewallSubsystem firewall, RouteSubsystem routes,
        EventLog events, TimeProvider clock, ILogger<Reconciler> logger, ISection? overlays = null)
    {
        _configuration = configuration;
        _sections = sections;
        _firewall = firewall;
        _routes = routes;
        _overlays = overlays;
        _events = events;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Begins to listen and to repair.</summary>
    public void Start(INetworkMonitor network, IFirewallMonitor firewall)
    {
        NetworkSubscription changes = network.Subscribe();
        _running.Add(ListenAsync(changes));
        _running.Add(ListenAsync(firewall));
        _running.Add(TickAsync());
        _running.Add(RepairAsync());
    }

    /// <summary>Compares every section now, for tests and for a caller who wants certainty.</summary>
    public async Task CompareAllAsync(CancellationToken cancellationToken)
    {
        _firewall.Table.WantReading();
        foreach (ISection section in _sections)
        {
            await CompareAsync(section, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(_running).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // That is how they end.
        }

        _stop.Dispose();
    }

    private async Task ListenAsync(NetworkSubscription changes)
    {
        using (changes)
        {
            await foreach (NetworkChange change in changes.Changes.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                if (change is LinkChange { Old: { } old, Current: { } current } && old.Name != current.Name)
                {
                    _routes.InterfaceRenamed(_configuration.Document, old.Name, current.Name);
                }

                if (IsAboutRoutes(change))
                {
                    Suspect(_routes);
                }

                if (_overlays is not null && IsAboutOverlays(change))
                {
                    Suspect(_overlays);
                }
            }
        }
    }

    // Counters tick and neighbours come and go; only what a route can hang on matters.
    private static bool IsAboutRoutes(NetworkChange change) => change switch
    {
        LinkChange { Old: { } old, Current: { } current } => old.IsUsable != current.IsUsable || old.Name != current.Name || old.IsAdminUp != current.IsAdminUp,
        LinkChange or OverrunChange => true,
        AddressChange => true,
        RouteChange route => (route.Old ?? route.Current)!.Protocol == RouteProtocols.NetModule || (route.Current is { } now && now.Protocol == RouteProtocols.NetModule),
        _ => false,
    };

    // A device that goes, and whatever of ours is taken away or changed.
    private static bool IsAboutOverlays(NetworkChange change) => change switch
    {
        LinkChange { Old: { } old, Current: { } current } => old.IsAdminUp != current.IsAdminUp || old.MtuBytes != current.MtuBytes,
        LinkChange { Current: null } or OverrunChange => true,
        AddressChange { Current: null } => true,
        RouteChange { Old: { } old } => old.Protocol == RouteProtocols.NetModuleOverlay,
        RuleChange { Old: { } old } => old.Protocol == RouteProtocols.NetModuleOverlay,
        _ => false,
    };

    private async Task ListenAsync(IFirewallMonitor monitor)
    {
        await foreach (FirewallGeneration generation in monitor.Generations.ReadAllAsync(_stop.Token).ConfigureAwait(false))
        {
            bool isSuspect = _firewall.Heard(generation);
            if (_overlays is not null && generation.Touches(Overlay.Kernel.OverlayNft.Table))
            {
                Suspect(_overlays);
            }

            if (isSuspect)
            {
                Suspect(_firewall);
            }
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(Retry, _clock);
        int ticks = 0;
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            bool isFull = ++ticks % (int)(FullComparison / Retry) == 0;
            if (isFull)
            {
                _firewall.Table.WantReading();
            }

            // What may be somebody else's is looked at at once, what is ours alone when changes have come to an end.
            if (_firewall.Table.IsUnmatched || (_firewall.Table.NeedsLook && _firewall.Table.SinceWritten >= Retry))
            {
                _firewall.Table.WantReadingAhead();
                Suspect(_firewall);
            }

            foreach (ISection section in _sections)
            {
                if (isFull || !section.Status.InDesiredState)
                {
                    Suspect(section);
                }
            }
        }
    }

    // A section waits at most once, however often it is suspected meanwhile.
    private void Suspect(ISection section)
    {
        lock (_waiting)
        {
            if (_waiting.Add(section))
            {
                _suspects.Writer.TryWrite(section);
            }
        }
    }

    private async Task RepairAsync()
    {
        await foreach (ISection section in _suspects.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
        {
            lock (_waiting)
            {
                _waiting.Remove(section);
            }

            try
            {
                await CompareAsync(section, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // One section's fault must not end the watch over the others.
                Log.ComparisonFailed(_logger, exception, section.Name);
            }
        }
    }

    private async Task CompareAsync(ISection section, CancellationToken cancellationToken)
    {
        if (_configuration.ReadOnlyReason is not null)
        {
            return;
        }

        if (section == _firewall)
        {
            // Reading a large table takes long enough that no change should wait for it.
            _firewall.Table.LookAhead();
        }

        DriftReport? report = await _configuration.WithTurnAsync(
            desired => section.RepairAsync(desired, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (report is null)
        {
            _lastReport.Remove(section.Name);
            return;
        }

        // What stays unrepaired is said once, not every second.
        string text = $"Found: {report.Found}. Done: {report.Done}.";
        if (report.IsRepaired || _lastReport.GetValueOrDefault(section.Name) != text)
        {
            _events.Publish(report.EventId, section.Name, report.IsRepaired ? EventSeverity.Warning : EventSeverity.Error, text);
        }

        _lastReport[section.Name] = text;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The section {Section} could not be compared with the kernel.", EventName = "ComparisonFailed")]
        public static partial void ComparisonFailed(ILogger logger, Exception exception, string section);
    }
}
