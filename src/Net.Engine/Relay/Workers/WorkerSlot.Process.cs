using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Workers;
using Net.Workers.Overlay;
using Net.Workers.Relay;

namespace Net.Engine.Relay.Workers;

/// <content>What the worker's process does and says.</content>
internal sealed partial class WorkerSlot
{
    private const string NoRules = "No rule needs it.";
    private const int DefaultLogLevel = (int)EngineLogLevel.Information;

    // Four reports: a worker that had time to take a change and shows another table than it was given has drifted.
    private static readonly TimeSpan DriftAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DriftPerFlow = TimeSpan.FromTicks(2000);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromMilliseconds(750);

    private RelayWorkerState _state = RelayWorkerState.Idle;
    private string _reason = NoRules;
    private EngineLogLevel _logLevel = EngineLogLevel.Information;
    private int? _processId;
    private DateTimeOffset? _startedAt;
    private DateTimeOffset? _reportedAt;
    private long? _residentBytes;
    private long _changedAt;
    private bool _isConfirmed;
    private bool? _isInDesiredState;
    private bool _wasSynced;
    private int _restarts;
    private IReadOnlyList<RelayInputCounters> _inputs = [];

    /// <summary>How often the worker was started anew.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>Whether it runs but does not take what it is told: the caller of a change has to know. One that is being started will get everything.</summary>
    public bool IsStuck
    {
        get
        {
            lock (_gate)
            {
                return _flows.Count > 0 && (_state == RelayWorkerState.Stuck || (_state == RelayWorkerState.Running && IsSilent()));
            }
        }
    }

    /// <summary>Why rules of this worker relay nothing now; null when they do.</summary>
    public string? Trouble
    {
        get
        {
            lock (_gate)
            {
                return _state == RelayWorkerState.Running ? IsSilent() ? "it does not answer its health checks" : null : _reason.TrimEnd('.');
            }
        }
    }

    /// <summary>Whether its first process is on its way, which is no trouble.</summary>
    public bool IsStarting
    {
        get
        {
            lock (_gate)
            {
                return _state == RelayWorkerState.Starting && _restarts == 0;
            }
        }
    }

    /// <summary>Resident memory; null while no process runs.</summary>
    public long? ResidentBytes
    {
        get
        {
            lock (_gate)
            {
                return _residentBytes;
            }
        }
    }

    /// <summary>Counters of its rings and sockets.</summary>
    public IReadOnlyList<RelayInputCounters> Inputs
    {
        get
        {
            lock (_gate)
            {
                return _inputs;
            }
        }
    }

    /// <summary>How much the worker logs.</summary>
    /// <param name="level">The level; null goes back to the default.</param>
    public void SetLogLevel(EngineLogLevel? level)
    {
        lock (_gate)
        {
            _logLevel = level ?? EngineLogLevel.Information;
        }

        TrySend(new Net.Workers.Relay.SetLogLevel((int)_logLevel));
    }

    /// <summary>The worker as the API tells it.</summary>
    /// <param name="nameOf">Gives names of interfaces.</param>
    public RelayWorker Describe(Func<int, string> nameOf)
    {
        lock (_gate)
        {
            bool isSilent = _state == RelayWorkerState.Running && IsSilent();
            return new RelayWorker
            {
                Index = Index,
                ProcessId = _processId,
                Core = _processId is null || Core < 0 ? null : Core,
                NumaNode = _processId is null || Core < 0 ? null : _context.Host.NodeOf(Core),
                Interfaces = [.. _flows.Keys.Select(key => key.InterfaceIndex).Distinct().Select(nameOf).Order(StringComparer.Ordinal)],
                RuleCount = _flows.Keys.Select(key => key.RuleId).Distinct().Count(),
                State = isSilent ? RelayWorkerState.Stuck : _state,
                Reason = isSilent ? "It did not answer the last health checks." : _reason,
                Restarts = _restarts,
                StartedAt = _processId is null ? null : _startedAt,
                LastReport = _reportedAt,
                ResidentBytes = _processId is null ? null : _residentBytes,
                InDesiredState = _isInDesiredState,
                LogLevel = _logLevel,
            };
        }
    }

    /// <inheritdoc />
    public (WorkerMessage Message, SafeHandle[] Descriptors) Begin(int processId)
    {
        lock (_gate)
        {
            _context.Ledger.Forget(Origin);
            _sockets.Settle();
            var news = new DescriptorNews();
            foreach (RingSet set in _rings.Values)
            {
                news.Rings.Add(set.Describe(Index, news.Add(set.HandleOf(Index))));
            }

            _sockets.DescribeAll(news);
            _hasBegun = true;
            _isConfirmed = false;
            _wasSynced = false;
            _changedAt = _context.Clock.GetTimestamp();
            _processId = processId;
            _startedAt = _context.Clock.GetUtcNow();
            _reportedAt = null;
            _isInDesiredState = null;
            var start = new StartRelay
            {
                WorkerIndex = Index,
                WorkerCount = _count,
                Core = Core < 0 ? null : Core,
                LogLevel = (int)_logLevel,
                Descriptors = news.ToMessage(),
                Flows = [.. _flows.Values.Select(entry => entry.Assignment)],
            };
            return (start, news.Handles);
        }
    }

    /// <inheritdoc />
    public void Received(WorkerMessage message)
    {
        switch (message)
        {
            case RelayReady ready:
                Ready(ready);
                break;
            case RelayReport report:
                Take(report);
                break;
            case TracedPackets packets:
                _context.Owner.Traced(Index, packets);
                break;
            case RelayRefused refused:
                _context.Events.Publish("RelayWorkerRefused", "relay", EventSeverity.Error, $"Worker {Index} of the relay could not take one of its sockets: {refused.Reason}", Target);
                break;
            case WorkerLog line:
                LogLevel level = (LogLevel)Math.Clamp(line.Level, 0, (int)LogLevel.Critical);
                Log.WorkerSaid(_context.Logger, level, Index, line.RuleId, line.Text);
                break;
        }
    }

    /// <inheritdoc />
    public void Ended(string reason, TimeSpan restartIn)
    {
        string next = restartIn > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"in {restartIn.TotalSeconds:0.##} s") : "at once";
        lock (_gate)
        {
            _hasBegun = false;
            _traces.Clear();
            _processId = null;
            _residentBytes = null;
            _isInDesiredState = null;
            _inputs = [];
            _restarts++;
            _state = RelayWorkerState.Restarting;
            _reason = $"It ended: {reason}; it is started anew {next}.";
            _context.Ledger.Forget(Origin);
            _sockets.Settle();
        }

        _context.Events.Publish("RelayWorkerEnded", "relay", EventSeverity.Error, $"Worker {Index} of the relay ended: {reason}. The next starts {next}; what comes for its rules meanwhile waits in their rings as far as they reach.", Target);
    }

    private string Target => Index.ToString(CultureInfo.InvariantCulture);

    private bool IsSilent() => _context.Clock.GetUtcNow() - (_reportedAt ?? _startedAt ?? DateTimeOffset.MaxValue) > StuckAfter;

    private void Ready(RelayReady ready)
    {
        int rules;
        lock (_gate)
        {
            _state = RelayWorkerState.Running;
            _reason = "It relays.";
            _reportedAt = _context.Clock.GetUtcNow();
            rules = _flows.Count;
        }

        string how = ready.IsLocked ? "locked by a filter of system calls" : "without a filter of system calls, which this kernel refused";
        string remark = _context.Host.WorkerRemark is { } words ? $" {words}" : string.Empty;
        _context.Events.Publish("RelayWorkerStarted", "relay", EventSeverity.Information, $"Worker {Index} of the relay (process {_processId}) relays {rules} flows, {how}.{remark}", Target);
    }

    private void Take(RelayReport report)
    {
        _context.Ledger.Take(Origin, report.Counters, _context.Host.MonotonicNanoseconds);
        string? drift = null;
        bool isRestart = false;
        WorkerSupervisor? supervisor;
        lock (_gate)
        {
            _reportedAt = _context.Clock.GetUtcNow();
            _residentBytes = report.ResidentBytes > 0 ? report.ResidentBytes : _residentBytes;
            _inputs = Merge(_inputs, report.Inputs);
            supervisor = _supervisor;
            bool isRight = report.Fingerprint == _fingerprint && report.Flows == _flows.Count;
            if (isRight)
            {
                _isInDesiredState = true;
                if (_isConfirmed)
                {
                    // A whole report after the one that confirmed the change: nothing is on its way any more.
                    _sockets.Settle();
                    _wasSynced = false;
                }

                _isConfirmed = true;
            }
            else if (_hasBegun && !report.IsLast && _context.Clock.GetElapsedTime(_changedAt) > DriftAfter + (DriftPerFlow * _flows.Count))
            {
                _isInDesiredState = false;
                isRestart = _wasSynced;
                drift = $"worker {Index} had {report.Flows} flows with the hash {report.Fingerprint:x16} where it was given {_flows.Count} with {_fingerprint:x16}";
                if (!isRestart)
                {
                    _wasSynced = true;
                    Tell(new ReplaceFlows { Flows = [.. _flows.Values.Select(entry => entry.Assignment)] }, new DescriptorNews());
                }
            }
        }

        if (drift is not null)
        {
            _context.Events.Publish("RelayDriftRepaired", "relay", EventSeverity.Warning, $"Found: {drift}. Done: {(isRestart ? "it is started anew" : "it got all of them again")}.", Target);
        }

        if (isRestart)
        {
            supervisor?.Restart("its rules were not those it was given, twice");
        }
    }

    private static IReadOnlyList<RelayInputCounters> Merge(IReadOnlyList<RelayInputCounters> known, RelayInputCounters[] changed) =>
        changed.Length == 0 ? known : [.. known.Where(one => !changed.Any(other => other.Id == one.Id)), .. changed];
}
