namespace Net.Workers.Relay;

/// <summary>Some flows of a worker anew: with thousands of them a change of one costs little. Otherwise as <see cref="ReplaceFlows"/>.</summary>
public sealed record ChangeFlows : WorkerMessage
{
    /// <summary>Flows that are new, or stand in place of those with the same rule and interface.</summary>
    public RelayAssignment[] Flows { get; init; } = [];

    /// <summary>Flows that go.</summary>
    public RelayFlowKey[] Removed { get; init; } = [];

    /// <summary>What the descriptors are that come with the message, and which earlier ones are closed.</summary>
    public RelayDescriptors Descriptors { get; init; } = new();
}
