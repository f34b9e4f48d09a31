using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>The traces that run, one per rule: a new one ends the one before.</summary>
/// <param name="mailbox">Where what they saw is told.</param>
internal sealed class RelayTraces(RelayMailbox mailbox)
{
    private readonly List<TraceBuffer> _traces = [];

    /// <summary>Begins a trace.</summary>
    /// <param name="command">What is traced.</param>
    /// <param name="flows">The flows in use.</param>
    public void Start(StartTrace command, FlowSet flows)
    {
        foreach (TraceBuffer old in _traces.FindAll(trace => trace.RuleId == command.RuleId || trace.Id == command.Id))
        {
            End(old, flows);
        }

        var buffer = new TraceBuffer(command);
        _traces.Add(buffer);
        if (!Attach(buffer, flows))
        {
            End(buffer, flows);
        }
    }

    /// <summary>Ends a trace.</summary>
    /// <param name="id">The trace.</param>
    /// <param name="flows">The flows in use.</param>
    public void Stop(long id, FlowSet flows)
    {
        foreach (TraceBuffer trace in _traces.FindAll(trace => trace.Id == id))
        {
            End(trace, flows);
        }
    }

    /// <summary>Goes on in other flows.</summary>
    /// <param name="flows">The flows.</param>
    public void MoveTo(FlowSet flows)
    {
        foreach (TraceBuffer trace in _traces.ToArray())
        {
            if (!Attach(trace, flows))
            {
                End(trace, flows);
            }
        }
    }

    /// <summary>Tells what was seen; cheap when nothing runs.</summary>
    /// <param name="flows">The flows in use.</param>
    /// <param name="isTick">Whether it is time to tell all; otherwise only what is much.</param>
    public void Tell(FlowSet flows, bool isTick)
    {
        for (int index = _traces.Count - 1; index >= 0; index--)
        {
            TraceBuffer trace = _traces[index];
            if (trace.IsFull)
            {
                End(trace, flows);
            }
            else if (trace.IsUrgent || (isTick && trace.HasPending))
            {
                mailbox.Report(trace.Take(isEnd: false));
            }
        }
    }

    private static bool Attach(TraceBuffer trace, FlowSet flows)
    {
        bool isFound = false;
        foreach (FlowRuntime flow in flows.ByNumber)
        {
            if (flow.Assignment.Flow.RuleId == trace.RuleId)
            {
                flow.Trace = trace;
                isFound = true;
            }
        }

        return isFound;
    }

    private void End(TraceBuffer trace, FlowSet flows)
    {
        _traces.Remove(trace);
        foreach (FlowRuntime flow in flows.ByNumber)
        {
            if (ReferenceEquals(flow.Trace, trace))
            {
                flow.Trace = null;
            }
        }

        mailbox.Report(trace.Take(isEnd: true));
    }
}
