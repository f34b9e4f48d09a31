using Net.Workers.Relay;

namespace Net.Engine.Relay.Workers;

/// <content>Traces.</content>
internal sealed partial class WorkerSlot
{
    private readonly HashSet<long> _traces = [];

    /// <summary>Whether the process that runs now was told of a trace.</summary>
    /// <param name="id">The trace.</param>
    public bool IsTracing(long id)
    {
        lock (_gate)
        {
            return _traces.Contains(id);
        }
    }

    /// <summary>Begins a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <returns>False when the worker does not run, or has not the rule.</returns>
    public bool StartTrace(StartTrace trace)
    {
        lock (_gate)
        {
            if (_state != Contracts.RelayWorkerState.Running || !_flows.Keys.Any(key => key.RuleId == trace.RuleId) || !TrySend(trace))
            {
                return false;
            }

            _traces.Add(trace.Id);
            return true;
        }
    }

    /// <summary>Ends a trace.</summary>
    /// <param name="id">The trace.</param>
    public void EndTrace(long id)
    {
        lock (_gate)
        {
            if (_traces.Remove(id))
            {
                TrySend(new StopTrace(id));
            }
        }
    }
}
