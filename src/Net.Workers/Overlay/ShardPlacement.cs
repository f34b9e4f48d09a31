namespace Net.Workers.Overlay;

/// <summary>Where a shard of a worker shall run.</summary>
/// <param name="Core">The core its thread keeps to; null leaves that to the scheduler.</param>
/// <param name="NumaNode">The memory node of that core; null when it is not known.</param>
/// <param name="Reason">Why, in one phrase without a full stop.</param>
public sealed record ShardPlacement(int? Core, int? NumaNode, string Reason);
