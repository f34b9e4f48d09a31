using Net.Platform.Linux.Relay;

namespace Net.Worker.Relay;

/// <summary>Packets of one flow that follow each other and differ in nothing but payload and checksum: what may leave as one message.</summary>
internal struct FlowRun
{
    /// <summary>The flow.</summary>
    public FlowRuntime Flow;

    /// <summary>The first packet.</summary>
    public int First;

    /// <summary>The last packet.</summary>
    public int Last;

    /// <summary>How many packets.</summary>
    public int Count;

    /// <summary>Payload of all of them.</summary>
    public int PayloadBytes;

    /// <summary>Payload of each; the last may have less.</summary>
    public int SegmentBytes;

    /// <summary>Whether no more packets may join: the last was shorter, or it is one that must leave alone.</summary>
    public bool IsClosed;

    /// <summary>All payloads behind each other: they came so, or were gathered; empty otherwise.</summary>
    public PacketMemory Together;
}
