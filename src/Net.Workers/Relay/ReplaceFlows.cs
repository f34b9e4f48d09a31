namespace Net.Workers.Relay;

/// <summary>All flows of a worker anew, and descriptors it gets or loses. The worker takes them over between two batches of packets, and counters and states of
/// flows that stay go on. Descriptors come with the message.</summary>
public sealed record ReplaceFlows : WorkerMessage
{
    /// <summary>The flows.</summary>
    public RelayAssignment[] Flows { get; init; } = [];

    /// <summary>What the descriptors are that come with the message, and which earlier ones are closed.</summary>
    public RelayDescriptors Descriptors { get; init; } = new();
}
