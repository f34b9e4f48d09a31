using Net.Relay;
using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>All flows of a worker in their two tables. Made whole by the thread that reads commands, and taken over by the one that relays between two batches.</summary>
internal sealed class FlowSet
{
    /// <summary>Compiles flows.</summary>
    /// <param name="assignments">The flows.</param>
    /// <param name="previous">The set before, whose states go on; null for none.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public FlowSet(IReadOnlyCollection<RelayAssignment> assignments, FlowSet? previous, long now)
    {
        Dictionary<RelayFlowKey, FlowRuntime> before = previous?.Flows ?? [];
        var states = new Dictionary<int, FlowState>();
        foreach (FlowRuntime runtime in before.Values)
        {
            states.TryAdd(runtime.Assignment.Flow.RuleId, runtime.State);
        }

        Flows = new Dictionary<RelayFlowKey, FlowRuntime>(assignments.Count);
        foreach (RelayAssignment assignment in assignments)
        {
            RelayFlow flow = assignment.Flow;
            var key = new RelayFlowKey(flow.RuleId, flow.Input.InterfaceIndex);

            if (flow.Targets.Length > RelayFlow.MaxTargets)
            {
                Refused.Add((flow.RuleId, $"it has {flow.Targets.Length} outputs, and {RelayFlow.MaxTargets} are the most"));
                continue;
            }

            // What is not changed keeps its object: with thousands of flows little is new. Flows of one rule share counters and memory, also of what several
            // interfaces bring of one stream.
            try
            {
                FlowState state = before.TryGetValue(key, out FlowRuntime? same) && same.Assignment.Flow == flow
                    ? same.State
                    : new FlowState(flow, now, states.GetValueOrDefault(flow.RuleId));
                states.TryAdd(flow.RuleId, state);
                Flows[key] = new FlowRuntime(assignment, state);
            }
            catch (ArgumentException exception)
            {
                Refused.Add((flow.RuleId, exception.Message));
            }
        }

        (PacketTable, PacketFlows) = Compile(RelayEngineKind.Packet);
        (SocketTable, SocketFlows) = Compile(RelayEngineKind.Socket);
        ByNumber = [.. PacketFlows, .. SocketFlows];
        for (int number = 0; number < ByNumber.Length; number++)
        {
            ByNumber[number].Number = number;
        }

        Fingerprint = ComputeFingerprint();
    }

    /// <summary>The flows by what the engine knows them by.</summary>
    public Dictionary<RelayFlowKey, FlowRuntime> Flows { get; }

    /// <summary>Rules whose packets could not be rewritten, with the reason; they are in no table, which the fingerprint shows.</summary>
    public List<(int RuleId, string Reason)> Refused { get; } = [];

    /// <summary>The table of the packet engine.</summary>
    public RelayTable PacketTable { get; }

    /// <summary>Its flows, by the indexes the table gives.</summary>
    public FlowRuntime[] PacketFlows { get; }

    /// <summary>The table of the socket engine.</summary>
    public RelayTable SocketTable { get; }

    /// <summary>Its flows, by the indexes the table gives.</summary>
    public FlowRuntime[] SocketFlows { get; }

    /// <summary>All flows by <see cref="FlowRuntime.Number"/>.</summary>
    public FlowRuntime[] ByNumber { get; }

    /// <summary>The fingerprint when it was last computed.</summary>
    public ulong Fingerprint { get; private set; }

    /// <summary>Computes the fingerprint anew from what the tables hold.</summary>
    public void RefreshFingerprint() => Fingerprint = ComputeFingerprint();

    private ulong ComputeFingerprint() => RelayFingerprint.Of([.. PacketTable.Flows, .. SocketTable.Flows]);

    private (RelayTable Table, FlowRuntime[] Flows) Compile(RelayEngineKind engine)
    {
        var table = new RelayTable([.. Flows.Values.Where(runtime => IsOf(runtime, engine)).Select(runtime => runtime.Assignment.Flow)]);
        var flows = new FlowRuntime[table.Flows.Length];
        for (int index = 0; index < flows.Length; index++)
        {
            RelayFlow flow = table.Flows[index];
            flows[index] = Flows[new RelayFlowKey(flow.RuleId, flow.Input.InterfaceIndex)];
        }

        return (table, flows);
    }

    // Whatever is not the socket engine's is the packet engine's: rules of the kernel's engines do not come here.
    private static bool IsOf(FlowRuntime runtime, RelayEngineKind engine) => runtime.Assignment.Engine == RelayEngineKind.Socket == (engine == RelayEngineKind.Socket);
}
