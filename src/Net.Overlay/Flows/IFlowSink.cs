namespace Net.Overlay.Flows;

/// <summary>Takes records of connections and decisions from the data path. Called on its thread: an implementation copies and returns, it never waits or allocates.</summary>
public interface IFlowSink
{
    /// <summary>A flow was allowed by a rule that logs.</summary>
    /// <param name="key">The flow in the direction it was opened.</param>
    /// <param name="entry">Its entry, valid during the call.</param>
    void FlowStarted(in FlowKey key, in FlowEntry entry);

    /// <summary>A flow that was reported is over.</summary>
    /// <param name="key">The flow in the direction it was opened.</param>
    /// <param name="entry">Its final entry, valid during the call.</param>
    /// <param name="reason">Why.</param>
    void FlowEnded(in FlowKey key, in FlowEntry entry, FlowEndReason reason);

    /// <summary>Packets were denied.</summary>
    /// <param name="denial">An example and how many it stands for.</param>
    void FlowDenied(in FlowDenial denial);
}
