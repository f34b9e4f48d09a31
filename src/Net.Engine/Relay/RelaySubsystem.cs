using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Events;
using Net.Engine.Reconciling;
using Net.Engine.Relay.Counters;
using Net.Engine.Relay.Host;
using Net.Engine.Relay.Kernel;
using Net.Engine.Relay.Membership;
using Net.Engine.Relay.Model;
using Net.Engine.Relay.Workers;
using Net.Platform;
using Net.Relay;
using Net.Workers;
using EngineState = Net.Relay.EngineState;

namespace Net.Engine.Relay;

/// <summary>Makes the document's section about the relay real: resolves rules against the network as it is, chooses an engine for each, and keeps kernel, workers and
/// group memberships at that. A rule that waits for something never fails the section. One change at a time under a semaphore; readers take one reference.</summary>
internal sealed partial class RelaySubsystem : ISection, IAsyncDisposable
{
    private readonly IRelayHost _host;
    private readonly INetworkMonitor _monitor;
    private readonly EventLog _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly WorkerPool _pool;
    private readonly Dictionary<int, Refusal> _refused = [];
    private readonly HashSet<int> _traced = [];
    private readonly Dictionary<int, (string Name, bool IsNative)> _drivers = [];
    private IKernelRelay? _kernel;
    private MembershipManager? _memberships;
    private EngineAvailability? _availability;
    private RelaySection _section = new();
    private Dictionary<RelayEngineKind, ulong> _loaded = [];
    private volatile Resolution _resolution = Resolution.Empty;
    private volatile SubsystemStatus _status = new("relay", false, "not applied yet");
    private bool _isDisposed;

    /// <summary>Puts the parts together; nothing is opened before there is a rule.</summary>
    /// <param name="host">The host.</param>
    /// <param name="monitor">The network.</param>
    /// <param name="events">Events.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">Where lines go.</param>
    public RelaySubsystem(IRelayHost host, INetworkMonitor monitor, EventLog events, TimeProvider clock, ILogger logger)
    {
        _host = host;
        _monitor = monitor;
        _events = events;
        _clock = clock;
        _logger = logger;
        Ledger = new CounterLedger(clock);
        IWorkerLauncher launcher = host.CreateLauncher();
        Spare = host.SpareAfter is { } after ? new SpareLauncher(launcher, clock, after) : null;
        _pool = new WorkerPool(new WorkerContext { Host = host, Events = events, Ledger = Ledger, Owner = this, Clock = clock, Logger = logger, Launcher = Spare ?? launcher });
    }

    /// <inheritdoc />
    public string Name => "relay";

    /// <inheritdoc />
    public SubsystemStatus Status => _status;

    /// <summary>Counters of rules.</summary>
    public CounterLedger Ledger { get; }

    /// <summary>The worker that waits for one to end; null where the host keeps none.</summary>
    public SpareLauncher? Spare { get; }

    /// <summary>Workers.</summary>
    public ImmutableArray<WorkerSlot> Workers => _pool.Slots;

    /// <summary>Groups that were joined and receivers; null before there was a rule.</summary>
    public MembershipManager? Memberships => _memberships;

    /// <summary>Finds the workers that have a rule.</summary>
    /// <param name="rule">The rule as resolved.</param>
    /// <param name="result">Receives their indexes; cleared first.</param>
    public void WorkersOf(ResolvedRule rule, List<int> result) => _pool.WorkersOf(rule, result);

    /// <summary>Rules as they stand.</summary>
    public Resolution Current => _resolution;

    /// <inheritdoc />
    public void Validate(NetConfiguration document, ICollection<ConfigurationProblem> problems) => RelayChecks.Run(document.Relay, problems);

    /// <inheritdoc />
    public void Describe(NetConfiguration from, NetConfiguration to, PlanBuilder plan)
    {
        if (ReferenceEquals(from.Relay, to.Relay))
        {
            return;
        }

        RelayPlan.Describe(from.Relay, to.Relay, plan);
        HashSet<RelayRule> known = new(from.Relay.Rules, ReferenceEqualityComparer.Instance);
        HashSet<string> news = new(to.Relay.Rules.Where(rule => !known.Contains(rule)).Select(rule => rule.Name), StringComparer.OrdinalIgnoreCase);
        const int shown = 10;
        foreach (string warning in news.Count == 0 ? [] : RelayChecks.Warnings(to.Relay, news.Contains).Take(shown))
        {
            plan.Warn(warning);
        }
    }

    /// <inheritdoc />
    public async Task ApplyAsync(NetConfiguration? from, NetConfiguration to, CancellationToken cancellationToken)
    {
        if (from is not null && ReferenceEquals(_section, to.Relay))
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (to.Relay.Rules.Length == 0 && to.Relay.Settings.Queriers.Length == 0 && _kernel is null)
            {
                _section = to.Relay;
                CleanUp();
                UpdateStatus();
                return;
            }

            Open();
            ForgetRefusals(to.Relay);
            var links = new LinkIndex(_monitor.Snapshot);
            ResolvedRule[] rules = RelayResolver.Resolve(to.Relay.Rules, InputsNow(links, to.Relay.Settings));
            if (from is not null)
            {
                RefuseUnusable(rules);
            }

            _section = to.Relay;
            await RefreshAsync(rules, links).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public async Task<DriftReport?> RepairAsync(NetConfiguration desired, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_kernel is null)
            {
                return null;
            }

            bool wasRight = _status.InDesiredState;
            List<string> found = [.. RepairKernel(isFull: true).Select(one => one.TrimEnd('.'))];
            await RefreshAsync().ConfigureAwait(false);
            if (!wasRight && !_status.InDesiredState)
            {
                return new DriftReport("RelayNotInForce", _status.Reason, "it is tried again", IsRepaired: false);
            }

            return found.Count == 0 ? null : new DriftReport("RelayDriftRepaired", string.Join("; ", found), "it was put back", _status.InDesiredState);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            _kernel?.Remove();
            _memberships?.SetJoins([]);
            await _pool.DisposeAsync().ConfigureAwait(false);
            _resolution = Resolution.Empty;
            _status = new SubsystemStatus(Name, false, "taken out of the kernel on request");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Resolves everything anew and brings kernel, workers and memberships to it.</summary>
    /// <param name="cancellationToken">Gives up waiting for the turn.</param>
    public async Task RefreshNowAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_kernel is not null)
            {
                await RefreshAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Says whether a rule is traced: the packets of a traced rule have to come by a worker.</summary>
    /// <param name="ruleId">The rule's id.</param>
    /// <param name="isTraced">Whether it is.</param>
    /// <param name="cancellationToken">Gives up waiting for the turn.</param>
    public async Task SetTracedAsync(int ruleId, bool isTraced, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if ((isTraced ? _traced.Add(ruleId) : _traced.Remove(ruleId)) && _kernel is not null)
            {
                await RefreshAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads counters of the kernel now. Those of workers are at most 250 ms old.</summary>
    /// <param name="cancellationToken">Gives up waiting for the turn.</param>
    public async Task ReadCountersAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ReadKernelCounters();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopWatchingAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            TryKernel(kernel => kernel.SetDropped([]));
            await _pool.DisposeAsync().ConfigureAwait(false);
            _memberships?.Dispose();
            _kernel?.Dispose();
            _kernel = null;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Open()
    {
        if (_kernel is not null)
        {
            return;
        }

        _kernel = _host.CreateKernel();
        _memberships = new MembershipManager(_host.CreateMulticastSockets(), _monitor, _clock, _logger);
        _memberships.ReceiversChanged += _ => Wake();
        Probe();
        string engines = string.Join("; ", Enum.GetValues<RelayEngineKind>().Select(kind => _availability![kind] is { IsAvailable: false } state ? $"{EngineChooser.NameOf(kind)} cannot run: {state.Reason}" : $"{EngineChooser.NameOf(kind)} can run"));
        _events.Publish("RelayStarted", "relay", EventSeverity.Information, $"The relay is set up: {engines}. {_kernel.Continuity}");
        Watch();
    }

    // Without rules nothing of an earlier engine must go on relaying.
    private void CleanUp()
    {
        try
        {
            using IKernelRelay kernel = _host.CreateKernel();
            kernel.Remove();
        }
        catch (Exception exception) when (IsOfKernel(exception))
        {
            Log.NotCleanedUp(_logger, exception.Message);
        }
    }

    private void Probe()
    {
        try
        {
            _availability = _kernel!.Probe() with { Packet = _host.PacketEngine, Socket = EngineState.Available };
        }
        catch (Exception exception) when (IsOfKernel(exception))
        {
            var none = EngineState.Missing(exception.Message);
            _availability = new EngineAvailability { Xdp = none, Tcx = none, Packet = _host.PacketEngine, Socket = EngineState.Available };
        }
    }

    // A rule that asks for an engine this host has not is refused while its author is there to hear it; in a loaded document it fails by itself.
    private void RefuseUnusable(ResolvedRule[] next)
    {
        HashSet<RelayRule> known = new(_section.Rules, ReferenceEqualityComparer.Instance);
        foreach (ResolvedRule rule in next.Where(rule => rule.Parsed.Engine is not null && !known.Contains(rule.Parsed.Rule)))
        {
            string name = rule.Parsed.Rule.Name;
            if (rule.State == RelayRuleState.Failed)
            {
                throw new EngineException(ErrorCatalogue.RelayEngineNotUsable, $"Rule '{name}': {rule.Reason}", name);
            }

            EngineState state = _availability![rule.Parsed.Engine!.Value];
            if (!state.IsAvailable)
            {
                throw new EngineException(ErrorCatalogue.RelayEngineNotUsable, $"Rule '{name}' asks for {EngineChooser.NameOf(rule.Parsed.Engine.Value)}, but {state.Reason}.", name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "What an earlier engine left of the relay in the kernel could not be looked for: {Problem}", EventName = "RelayNotCleanedUp")]
        public static partial void NotCleanedUp(ILogger logger, string problem);

        [LoggerMessage(2, LogLevel.Error, "The relay could not follow a change of the network.", EventName = "RelayRefreshFailed")]
        public static partial void RefreshFailed(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "The kernel's relay could not be asked: {Problem}", EventName = "RelayKernelFailed")]
        public static partial void KernelFailed(ILogger logger, string problem);
    }

    private readonly record struct Refusal(RelayRule Rule, string Reason, long Since);
}
