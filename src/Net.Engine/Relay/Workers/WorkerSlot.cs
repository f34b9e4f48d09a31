using System.Globalization;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Relay.Model;
using Net.Relay;
using Net.Workers;
using Net.Workers.Relay;

namespace Net.Engine.Relay.Workers;

/// <summary>One relay worker as it shall be: its flows, rings and sockets, and the process that has them, if one runs. One lock around its state; nothing under it waits
/// for the worker.</summary>
internal sealed partial class WorkerSlot : IWorkerOwner, IAsyncDisposable
{
    private readonly WorkerContext _context;
    private readonly Lock _gate = new();
    private readonly WorkerSockets _sockets;
    private readonly Dictionary<RelayFlowKey, FlowEntry> _flows = [];
    private readonly Dictionary<int, RingSet> _rings = [];
    private readonly int _count;
    private WorkerSupervisor? _supervisor;
    private ulong _fingerprint;
    private bool _hasBegun;

    /// <summary>Makes a slot; no process is started before it has a flow.</summary>
    /// <param name="index">The worker's index.</param>
    /// <param name="count">How many workers there are.</param>
    /// <param name="context">What all share.</param>
    public WorkerSlot(int index, int count, WorkerContext context)
    {
        Index = index;
        _count = count;
        _context = context;
        _sockets = new WorkerSockets(context.Host, context.Numbers);
        Origin = string.Create(CultureInfo.InvariantCulture, $"worker {index}");
    }

    /// <summary>The worker's index.</summary>
    public int Index { get; }

    /// <summary>What its counters are known by.</summary>
    public string Origin { get; }

    /// <summary>The core it is pinned to when it starts; -1 for none.</summary>
    public int Core { get; set; } = -1;

    /// <summary>Whether it has any flow.</summary>
    public bool IsNeeded
    {
        get
        {
            lock (_gate)
            {
                return _flows.Count > 0;
            }
        }
    }

    /// <summary>Gives the worker the flows it shall have. Only what differs is told to it.</summary>
    /// <param name="wanted">The flows.</param>
    /// <param name="rings">Rings by interface; every interface a flow of the packet engine comes in by has one.</param>
    /// <param name="links">The network, for names of interfaces.</param>
    /// <param name="failures">Collects, by rule, what could not be opened; such a flow is left out.</param>
    public void Apply(IReadOnlyList<WorkerFlow> wanted, IReadOnlyDictionary<int, RingSet> rings, LinkIndex links, Dictionary<int, string> failures)
    {
        lock (_gate)
        {
            var news = new DescriptorNews();
            List<RelayAssignment> changed = [];
            var stays = new HashSet<RelayFlowKey>(wanted.Count);
            foreach (WorkerFlow flow in wanted)
            {
                var key = new RelayFlowKey(flow.Flow.RuleId, flow.Flow.Input.InterfaceIndex);
                if (_flows.TryGetValue(key, out FlowEntry? known) && known.Is(flow))
                {
                    stays.Add(key);
                    continue;
                }

                try
                {
                    FlowEntry entry = AssignmentBuilder.Build(flow, _sockets, links, news);
                    _fingerprint += entry.Fingerprint - (known?.Fingerprint ?? 0);
                    _flows[key] = entry;
                    changed.Add(entry.Assignment);
                    stays.Add(key);
                }
                catch (IOException exception)
                {
                    failures[flow.Flow.RuleId] = exception.Message;
                }
            }

            RelayFlowKey[] removed = stays.Count == _flows.Count ? [] : [.. _flows.Keys.Where(key => !stays.Contains(key))];
            foreach (RelayFlowKey key in removed)
            {
                _fingerprint -= _flows[key].Fingerprint;
                _flows.Remove(key);
            }

            bool hasNewRings = UpdateRings(rings, news);
            if (changed.Count == 0 && removed.Length == 0 && !hasNewRings)
            {
                return;
            }

            _sockets.CloseUnused(_flows.Values.SelectMany(entry => entry.SocketIds).ToHashSet(), news);
            if (removed.Length > 0)
            {
                _context.Ledger.Keep(Origin, _flows.Keys.Select(key => key.RuleId).ToHashSet());
            }

            Tell(changed.Count + removed.Length > _flows.Count / 2
                ? new ReplaceFlows { Flows = [.. _flows.Values.Select(entry => entry.Assignment)], Descriptors = news.ToMessage() }
                : new ChangeFlows { Flows = [.. changed], Removed = removed, Descriptors = news.ToMessage() }, news);
        }

        Start();
    }

    /// <summary>Sends a message that is not about flows.</summary>
    /// <param name="message">The message.</param>
    /// <returns>False when no worker runs, or it takes no messages.</returns>
    public bool TrySend(WorkerMessage message)
    {
        lock (_gate)
        {
            return _hasBegun && _supervisor?.TrySend(message) == true;
        }
    }

    /// <summary>Ends the process that runs without any flow.</summary>
    public async Task StopIdleAsync()
    {
        WorkerSupervisor? supervisor;
        lock (_gate)
        {
            if (_flows.Count > 0 || _supervisor is null)
            {
                return;
            }

            supervisor = Detach();
        }

        await StopAsync(supervisor).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        WorkerSupervisor? supervisor;
        lock (_gate)
        {
            supervisor = Detach();
        }

        await StopAsync(supervisor).ConfigureAwait(false);
        _sockets.Dispose();
    }

    private static async Task StopAsync(WorkerSupervisor? supervisor)
    {
        if (supervisor is not null)
        {
            await supervisor.StopAsync(new StopRelay()).ConfigureAwait(false);
            await supervisor.DisposeAsync().ConfigureAwait(false);
        }
    }

    private WorkerSupervisor? Detach()
    {
        WorkerSupervisor? supervisor = _supervisor;
        _supervisor = null;
        _hasBegun = false;
        _state = RelayWorkerState.Idle;
        _reason = NoRules;
        _processId = null;
        return supervisor;
    }

    private void Start()
    {
        WorkerSupervisor? supervisor = null;
        lock (_gate)
        {
            if (_supervisor is null && _flows.Count > 0)
            {
                _state = RelayWorkerState.Starting;
                _reason = "It is being started.";
                _supervisor = supervisor = new WorkerSupervisor(_context.Launcher, this, _context.Clock, _context.Supervision);
            }
        }

        supervisor?.Start();
    }

    private bool UpdateRings(IReadOnlyDictionary<int, RingSet> rings, DescriptorNews news)
    {
        HashSet<int> needed = [.. _flows.Values.Where(entry => entry.Assignment.Engine == RelayEngineKind.Packet).Select(entry => entry.Assignment.Flow.Input.InterfaceIndex)];
        bool isChanged = false;
        foreach (int gone in _rings.Keys.Where(index => !needed.Contains(index) || !ReferenceEquals(rings.GetValueOrDefault(index), _rings[index])).ToArray())
        {
            news.Closed.Add(_rings[gone].IdOf(Index));
            _rings.Remove(gone);
            isChanged = true;
        }

        foreach (int index in needed.Where(index => !_rings.ContainsKey(index)))
        {
            RingSet set = rings[index];
            _rings.Add(index, set);
            news.Rings.Add(set.Describe(Index, news.Add(set.HandleOf(Index))));
            isChanged = true;
        }

        return isChanged;
    }

    // Before a worker began, its first message will have everything.
    private void Tell(WorkerMessage message, DescriptorNews news)
    {
        _changedAt = _context.Clock.GetTimestamp();
        _isConfirmed = false;
        if (_hasBegun && _supervisor is { } supervisor && !supervisor.TrySend(message, news.Handles))
        {
            _hasBegun = false;
            _state = RelayWorkerState.Stuck;
            _reason = "It does not take its messages, and is started anew with all its rules.";
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "Worker {Worker}, rule {Rule}: {Text}", EventName = "RelayWorkerSaid")]
        public static partial void WorkerSaid(ILogger logger, LogLevel level, int worker, int? rule, string text);
    }
}
