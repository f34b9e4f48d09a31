using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Events;
using Net.Engine.Firewall;
using Net.Engine.Firewall.Runtime;
using Net.Engine.Metrics;
using Net.Engine.Overlay;
using Net.Engine.Overlay.Runtime;
using Net.Engine.Paths;
using Net.Engine.Reconciling;
using Net.Engine.Relay;
using Net.Engine.Rpc;
using Net.Engine.Schema;
using Net.Engine.Secrets;
using Net.Engine.State;

namespace Net.Engine;

/// <summary>One engine: its parts, put together. Whoever hosts it starts it, waits for <see cref="StopRequested"/> and disposes it.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class NetEngine : IAsyncDisposable
{
    private readonly EngineOptions _options;
    private readonly EngineSeams _seams;
    private readonly EventLog _events;
    private readonly ISection[] _sections;
    private readonly FirewallParts _firewall;
    private readonly Reconciler _reconciler;
    private readonly PathSubsystem _paths;
    private readonly MetricsSubsystem _metrics;
    private readonly OverlayContext _overlayContext;
    private readonly OverlaySubsystem _overlays;
    private readonly RelaySubsystem _relay;
    private readonly FirewallRuntime _firewallRuntime;
    private readonly EngineServer _server;
    private readonly StatusService _status;
    private readonly StateLock _lock;
    private readonly TaskCompletionSource<bool> _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Puts an engine together. Nothing is read or opened but its own state folder.</summary>
    /// <exception cref="EngineException">Another engine uses the state folder, or a policy is unreadable.</exception>
    public NetEngine(EngineOptions options, EngineSeams seams, ILoggerFactory loggers)
    {
        _options = options;
        _seams = seams;
        PolicySource policy = PolicySource.Load(options.ConfigurationFolder);
        _events = new EventLog(seams.Clock, loggers.CreateLogger<EventLog>());
        _lock = StateLock.Take(options.StateFolder);
        var secrets = new SecretStore(options.StateFolder, seams.Clock);
        var access = new AccessSubsystem(seams.Accounts, seams.UserId);
        _firewall = new FirewallParts(seams, options, _events, loggers);
        FirewallSubsystem firewall = _firewall.Subsystem;
        var routes = new RouteSubsystem(seams.NetworkState, seams.NetworkEditor, _events);
        _overlayContext = OverlayContext.Create(seams, options, _events, loggers.CreateLogger<OverlaySubsystem>());
        _overlays = new OverlaySubsystem(_overlayContext, seams.FirewallDatapath, seams.FirewallReader);
        _relay = new RelaySubsystem(seams.RelayHost, seams.NetworkMonitor, _events, seams.Clock, loggers.CreateLogger<RelaySubsystem>());
        List<IMetricSource> metricSources = [firewall, _firewall.Sources];
        _metrics = new MetricsSubsystem(options, secrets, metricSources, loggers.CreateLogger<MetricsSubsystem>());
        _sections = [firewall, routes, _overlays, _relay, access, _metrics];
        Configuration = new ConfigurationManager(
            new GenerationStore(options.StateFolder), _sections, policy, _events, options,
            seams.Clock, loggers.CreateLogger<ConfigurationManager>(), seams.Steps);
        _firewall.Attach(Configuration);
        try
        {
            Configuration.RefuseInvalidPolicy();
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        _firewallRuntime = new FirewallRuntime(seams, options, Configuration, _firewall, _events, loggers.CreateLogger<FirewallRuntime>());
        _paths = new PathSubsystem(seams, Configuration, _events, loggers.CreateLogger<PathSubsystem>());
        _reconciler = new Reconciler(Configuration, _sections, firewall, routes, _events, seams.Clock, loggers.CreateLogger<Reconciler>(), _overlays);

        var methods = new EngineMethods(access, OnDenied);
        _server = new EngineServer(methods.Dispatcher, seams.PeerIdentifier, options, seams.Clock, loggers.CreateLogger<EngineServer>());
        _status = new StatusService(options, Configuration, _sections, access, seams.Privileges, seams.LogLevels, seams.Clock, () => _server.ClientCount);
        metricSources.AddRange([_status, _server, _paths, _overlays, _relay, _firewallRuntime]);
        Bind(methods, firewall, routes, secrets);
        BindFirewall(methods);
        BindOverlays(methods);
        BindRelay(methods);
        BindFirewallRuntime(methods);
    }

    /// <summary>The desired state.</summary>
    public ConfigurationManager Configuration { get; }

    /// <summary>Completes when a client asks the engine to stop; true when rules and routes shall leave the kernel as well.</summary>
    public Task<bool> StopRequested => _stopRequested.Task;

    /// <summary>Loads the state, makes it real and serves.</summary>
    /// <exception cref="EngineException">The socket cannot be opened safely.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        System.Net.Sockets.Socket socket = EngineSocket.Open(_options.SocketPath, _seams.SetGroup, _events);
        await Configuration.LoadAsync(cancellationToken).ConfigureAwait(false);
        _reconciler.Start(_seams.NetworkMonitor, _seams.FirewallMonitor);
        _firewall.Start();
        _paths.Start();
        await _firewallRuntime.StartAsync(cancellationToken).ConfigureAwait(false);
        _overlayContext.Edits.Start(Configuration);
        _server.Start(socket);
        _status.Ready();
        EngineStatus status = _status.Status();
        _events.Publish("EngineStarted", "engine", EventSeverity.Information, $"The engine serves at {_options.SocketPath} {status.StartDuration.TotalMilliseconds:F0} ms after its start, generation {status.Generation}.");
    }

    /// <summary>Ends running calls and stops serving. What is in the kernel stays, unless it shall be removed.</summary>
    public async Task StopAsync(bool remove)
    {
        _status.Stopping();
        _events.Publish("EngineStopping", "engine", EventSeverity.Information, remove ? "The engine stops and takes its rules and routes out of the kernel." : "The engine stops; its rules and routes stay in force.");
        await _server.DrainAsync().ConfigureAwait(false);
        if (remove)
        {
            await _reconciler.DisposeAsync().ConfigureAwait(false);
            foreach (ISection section in _sections)
            {
                try
                {
                    await section.RemoveAsync(CancellationToken.None).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    // The others shall go all the same.
                    _events.Publish("SectionNotRemoved", "engine", EventSeverity.Error, $"The section {section.Name} could not be taken out of the kernel: {exception.Message}");
                }
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        await _firewallRuntime.DisposeAsync().ConfigureAwait(false);
        await _firewall.DisposeAsync().ConfigureAwait(false);
        await _paths.DisposeAsync().ConfigureAwait(false);
        await _reconciler.DisposeAsync().ConfigureAwait(false);
        await _overlayContext.Edits.DisposeAsync().ConfigureAwait(false);
        await _overlays.DisposeAsync().ConfigureAwait(false);
        await _relay.DisposeAsync().ConfigureAwait(false);
        await _metrics.DisposeAsync().ConfigureAwait(false);
        await Configuration.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
    }

    private void OnDenied(CallerIdentity caller, string method, EngineRole needed) =>
        _events.Publish("PermissionDenied", "access", EventSeverity.Warning, $"{caller.UserName} (process {caller.ProcessId}, {caller.Client}) was refused {method}, which needs the role {needed}.", method, caller.UserName);

    private void Bind(EngineMethods methods, FirewallSubsystem firewall, RouteSubsystem routes, SecretStore secrets)
    {
        var configuration = new ConfigurationService(Configuration, secrets);
        var rules = new FirewallService(Configuration, firewall);
        var routeService = new RouteService(Configuration, routes);
        var secretService = new SecretService(secrets, Configuration, _events);
        methods
            .AddForCaller(EngineApi.EngineHello, _status.Hello)
            .Add(EngineApi.EngineStatus, (_, _) => _status.Status())
            .Add(EngineApi.EngineSetLogLevel, (request, _) => _status.SetLogLevel(request))
            .Add(EngineApi.EngineSchema, (_, _) => new TextReply(ApiSchema.Create()))
            .Add(EngineApi.EngineStop, (request, _) => RequestStop(request))
            .Add(EngineApi.EventsList, (request, _) => _events.List(request))
            .Add(EngineApi.EventsWatch, _events.WatchAsync)
            .Add(EngineApi.ConfigurationGet, (request, _) => Configuration.GetSnapshot(request.Generation))
            .Add(EngineApi.ConfigurationApply, (request, actor, token) => configuration.ApplyAsync(actor, request, token))
            .Add(EngineApi.ConfigurationConfirm, (request, actor, token) => Configuration.ConfirmAsync(actor, request.Generation, token))
            .Add(EngineApi.ConfigurationRestore, (request, actor, token) => Configuration.RestoreAsync(actor, request.Generation, request.Change, token))
            .Add(EngineApi.ConfigurationCompare, (request, _) => configuration.Compare(request))
            .Add(EngineApi.ConfigurationGenerations, (_, _) => Configuration.ListGenerations())
            .Add(EngineApi.ConfigurationExport, (request, _) => configuration.Export(request))
            .Add(EngineApi.ConfigurationImport, (request, actor, token) => configuration.ImportAsync(actor, request, token))
            .Add(EngineApi.ConfigurationTest, (request, actor, token) => configuration.TestAsync(actor, request, token))
            .Add(EngineApi.ConfigurationBackup, (request, _) => configuration.Backup(request))
            .Add(EngineApi.ConfigurationRestoreBackup, (request, actor, token) => configuration.RestoreBackupAsync(actor, request, token))
            .Add(EngineApi.SecretsSet, (request, actor) => Do(() => secretService.Set(actor, request)))
            .Add(EngineApi.SecretsList, (_, _) => secretService.List())
            .Add(EngineApi.SecretsRemove, (request, actor, token) => secretService.RemoveAsync(actor, request, token))
            .Add(EngineApi.FirewallListRules, (request, _) => rules.List(request))
            .Add(EngineApi.FirewallCreateRules, (request, actor, token) => rules.CreateAsync(actor, request, token))
            .Add(EngineApi.FirewallSetRules, (request, actor, token) => rules.SetAsync(actor, request, token))
            .Add(EngineApi.FirewallRemoveRules, (request, actor, token) => rules.RemoveAsync(actor, request, token))
            .Add(EngineApi.PathsList, (request, _) => _paths.List(request))
            .Add(EngineApi.PathsWatch, _paths.WatchAsync)
            .Add(EngineApi.PathsMeasure, _paths.MeasureAsync)
            .Add(EngineApi.PathsListRoutes, (request, _) => routeService.List(request))
            .Add(EngineApi.PathsCreateRoutes, (request, actor, token) => routeService.CreateAsync(actor, request, token))
            .Add(EngineApi.PathsSetRoutes, (request, actor, token) => routeService.SetAsync(actor, request, token))
            .Add(EngineApi.PathsRemoveRoutes, (request, actor, token) => routeService.RemoveAsync(actor, request, token));
    }

    private static Done Do(Action action)
    {
        action();
        return new Done();
    }

    private Done RequestStop(StopEngine request)
    {
        _stopRequested.TrySetResult(request.Remove);
        return new Done();
    }
}
