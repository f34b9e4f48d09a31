namespace Net.Overlay.Queues;

/// <summary>How a queue behaves. Quantum, target and interval are those of RFC 8290, 5.2, and RFC 8289, 4.</summary>
public sealed record FlowQueueOptions
{
    /// <summary>Flows that are kept apart, a power of two; more share. RFC 8290, 5.2.5, uses 1024 for a link, a peer has fewer.</summary>
    public int Buckets { get; init; } = 256;

    /// <summary>Bytes of packets it holds before it drops from the longest flow: at 4 Gb/s, 8 ms. CoDel keeps it far below that where senders heed losses.</summary>
    public int LimitBytes { get; init; } = 4_194_304;

    /// <summary>Bytes a flow may send in its turn: one packet of the largest size. A burst that is larger counts for its next turns.</summary>
    public int QuantumBytes { get; init; } = 1514;

    /// <summary>Nanoseconds a packet may wait without anything being wrong: 5 ms.</summary>
    public long Target { get; init; } = 5_000_000;

    /// <summary>Nanoseconds the wait must exceed the target before packets are dropped, about the longest usual round trip: 100 ms.</summary>
    public long Interval { get; init; } = 100_000_000;
}
