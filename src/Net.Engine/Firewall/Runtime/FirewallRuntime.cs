using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Configuration;
using Net.Engine.Events;
using Net.Engine.Firewall.Runtime.Connections;
using Net.Engine.Firewall.Runtime.Counters;
using Net.Engine.Firewall.Runtime.Detection;
using Net.Engine.Firewall.Runtime.Flows;
using Net.Engine.Firewall.Runtime.Logging;
using Net.Engine.Firewall.Runtime.Tracing;
using Net.Engine.Firewall.Runtime.Transfer;
using Net.Engine.Metrics;
using Net.Firewall;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime;

/// <summary>The firewall while it runs: connections, rates, log, detection and traces. What changes the rules is elsewhere. Looks once a second at what the document asks for.</summary>
internal sealed partial class FirewallRuntime : IMetricSource, IAsyncDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly IFirewallHost? _host;
    private readonly ConfigurationManager _configuration;
    private readonly FirewallModels _models;
    private readonly EventLog _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly FirewallLogFile _file;
    private readonly RuleActivitySampler _sampler;
    private readonly CancellationTokenSource _stop = new();
    private Task _ticking = Task.CompletedTask;
    private FirewallProfile? _accountedFor;
    private FirewallModel? _looked;
    private bool _isRefusalLogged;
    private bool _isDisposed;

    /// <summary>Puts the parts together; nothing is opened yet.</summary>
    /// <param name="seams">The host.</param>
    /// <param name="options">Where the log file goes.</param>
    /// <param name="configuration">The document.</param>
    /// <param name="parts">The rules in force and their lists; they get the rates of rules from here.</param>
    /// <param name="events">Events.</param>
    /// <param name="logger">Hears of faults.</param>
    /// <param name="ban">Puts sources into lists; null for those in the kernel.</param>
    public FirewallRuntime(
        EngineSeams seams, EngineOptions options, ConfigurationManager configuration, FirewallParts parts, EventLog events, ILogger logger, IFirewallBan? ban = null)
    {
        var models = new FirewallModels(configuration, parts.Subsystem);
        _host = seams.FirewallHost;
        _configuration = configuration;
        _models = models;
        _events = events;
        _clock = seams.Clock;
        _logger = logger;
        Addresses = new HostAddresses(seams.NetworkState, _clock);
        _file = new FirewallLogFile(Path.Combine(options.StateFolder, "log"), events);
        _sampler = new RuleActivitySampler(seams.FirewallReader, _clock);
        Log = new FirewallLog(_host, models, Addresses, _file, events, _clock, logger);
        Detection = new DetectionWatch(_host, Addresses, ban ?? new ListBan(parts.Entries), events, _clock, logger);
        Log.Seen = Detection.Take;
        Connections = new ConnectionService(_host, configuration, Addresses, events);
        Statistics = new StatisticService(Connections, Addresses, models, () => Log.Lost, _clock);
        Counters = new CounterService(configuration, seams.FirewallReader, events);
        Flows = new FlowTester(_host, seams.FirewallReader, models, Addresses, seams.Accounts, _clock);
        Transfer = new TransferService(configuration, models, OtherFirewalls.Read, _clock);
        parts.Subsystem.Activity = _sampler;
        Traces = new TraceService(_host, seams.FirewallDatapath, seams.FirewallReader, models, Addresses, _clock, logger);
    }

    /// <summary>This host's addresses and interfaces.</summary>
    public HostAddresses Addresses { get; }

    /// <summary>Tracked connections.</summary>
    public ConnectionService Connections { get; }

    /// <summary>The firewall as a whole.</summary>
    public StatisticService Statistics { get; }

    /// <summary>Begins counters anew.</summary>
    public CounterService Counters { get; }

    /// <summary>Packets that rules log.</summary>
    public FirewallLog Log { get; }

    /// <summary>Sources that pass thresholds.</summary>
    public DetectionWatch Detection { get; }

    /// <summary>What the rules make of packets.</summary>
    public FlowTester Flows { get; }

    /// <summary>Import and export.</summary>
    public TransferService Transfer { get; }

    /// <summary>Traces of packets.</summary>
    public TraceService Traces { get; }

    /// <summary>Removes what a crash left and begins to look after what the document asks for.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Traces.CleanUpAsync(cancellationToken).ConfigureAwait(false);
        _ticking = Task.Run(TickAsync, CancellationToken.None);
    }

    /// <summary>Looks once at what the document asks for.</summary>
    public void Tick()
    {
        FirewallSection section = _configuration.Document.Firewall;
        Try(Log.Tick);
        Try(_sampler.Tick);
        Try(() => Detection.Tick(section.Detection, IsRefusalLogged()));
        Try(() => Account(section.Profile));
    }

    /// <inheritdoc />
    public void Collect(PrometheusWriter writer)
    {
        if (_host is { Connections: { Unavailable: null } tracker })
        {
            try
            {
                ConnectionTableStatistic table = tracker.GetStatistic();
                writer.Metric("firewall_connections", "gauge", "Connections tracked now.").Sample("firewall_connections", table.Count);
                writer.Metric("firewall_connections_max", "gauge", "Connections the kernel tracks at most.").Sample("firewall_connections_max", table.Maximum);
            }
            catch (Exception exception) when (KernelFailure.Is(exception))
            {
                // A value that is not known has no sample.
                Messages.LookFailed(_logger, exception);
            }
        }

        writer.Metric("firewall_log_entries_total", "counter", "Packets that rules logged.").Sample("firewall_log_entries_total", Log.Entries);
        writer.Metric("firewall_log_lost_total", "counter", "Log entries that were lost because they came too fast.").Sample("firewall_log_lost_total", Log.Lost);
        writer.Metric("firewall_detections_total", "counter", "Sources that passed a threshold, by kind.");
        writer.Sample("firewall_detections_total", Detection.Total(DetectionKind.Scan), ("kind", "scan"));
        writer.Sample("firewall_detections_total", Detection.Total(DetectionKind.LoginGuessing), ("kind", "login-guessing"));
        writer.Sample("firewall_detections_total", Detection.Total(DetectionKind.Flood), ("kind", "flood"));
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
        await _ticking.ConfigureAwait(false);
        await Log.DisposeAsync().ConfigureAwait(false);
        await Detection.DisposeAsync().ConfigureAwait(false);
        await _file.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(s_tick, _clock);
        try
        {
            do
            {
                Tick();
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    // One part's fault must not keep the others from looking.
    private void Try(Action look)
    {
        try
        {
            look();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Messages.LookFailed(_logger, exception);
        }
    }

    private bool IsRefusalLogged()
    {
        FirewallModel model = _models.InForce(_clock.GetUtcNow());
        if (!ReferenceEquals(model, _looked))
        {
            _looked = model;
            _isRefusalLogged = model.Rules.Any(rule => rule is
            {
                Enabled: true, Direction: Net.Firewall.RuleDirection.Inbound, Action: Net.Firewall.RuleAction.Block or Net.Firewall.RuleAction.Reject, Effects.Log: true,
            });
        }

        return _isRefusalLogged;
    }

    private void Account(FirewallProfile profile)
    {
        if (ReferenceEquals(profile, _accountedFor) || !profile.ConnectionAccounting || _host is not { Connections: { Unavailable: null } tracker })
        {
            return;
        }

        _accountedFor = profile;
        if (tracker.IsAccounting)
        {
            return;
        }

        try
        {
            tracker.IsAccounting = true;
        }
        catch (Exception exception) when (KernelFailure.Is(exception))
        {
            _events.Publish("FirewallAccountingNotSet", "firewall", EventSeverity.Warning, $"Packets and bytes of connections are not counted: the kernel refused net.netfilter.nf_conntrack_acct: {exception.Message}");
        }
    }

    private static partial class Messages
    {
        [LoggerMessage(1, LogLevel.Warning, "The running firewall could not look at one of its parts; it tries again.", EventName = "FirewallLookFailed")]
        public static partial void LookFailed(ILogger logger, Exception exception);
    }
}
