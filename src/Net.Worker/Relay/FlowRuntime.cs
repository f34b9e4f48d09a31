using Net.Relay;
using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>A flow at work: its state, its outputs, and what the current batch of packets holds of it.</summary>
internal sealed class FlowRuntime
{
    /// <summary>Makes one.</summary>
    /// <param name="assignment">The flow and how it is relayed.</param>
    /// <param name="state">Its state.</param>
    public FlowRuntime(RelayAssignment assignment, FlowState state)
    {
        Assignment = assignment;
        State = state;
        Outputs = new FlowOutput[assignment.Flow.Targets.Length];
        for (int index = 0; index < Outputs.Length; index++)
        {
            int udp = assignment.UdpSenders is { } senders && index < senders.Length ? senders[index] : 0;
            Outputs[index] = new FlowOutput(assignment.Flow, index, udp);
        }
    }

    /// <summary>The flow and how it is relayed.</summary>
    public RelayAssignment Assignment { get; }

    /// <summary>Its state. Flows of one rule share their counters.</summary>
    public FlowState State { get; }

    /// <summary>Its outputs.</summary>
    public FlowOutput[] Outputs { get; }

    /// <summary>Its number in the set in use, by which failures of senders come back to it.</summary>
    public int Number { get; set; }

    /// <summary>The trace of its rule; null for none, which is all that tracing costs then.</summary>
    public TraceBuffer? Trace { get; set; }

    /// <summary>The batch <see cref="OpenRun"/> belongs to.</summary>
    public long Batch { get; set; }

    /// <summary>The run of the batch that its next packet may join.</summary>
    public int OpenRun { get; set; }

    /// <summary>Whether anything was counted since the last report.</summary>
    public bool IsTouched { get; set; }
}
