namespace Net.Workers.Relay;

/// <summary>What a trace saw.</summary>
/// <param name="Id">The trace.</param>
/// <param name="Packets">The packets, in their order.</param>
/// <param name="IsEnd">Whether the trace has ended: it was full, it was stopped, or its rule is gone.</param>
public sealed record TracedPackets(long Id, TracedPacket[] Packets, bool IsEnd) : WorkerMessage;
