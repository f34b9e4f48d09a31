using Net.Platform.Linux.Relay;

namespace Net.Worker.Relay;

/// <summary>One packet of a batch, for one flow.</summary>
internal struct RunItem
{
    /// <summary>Its payload: of UDP, or with ESP all behind the IP header.</summary>
    public PacketMemory Payload;

    /// <summary>The frame of the batch it is in.</summary>
    public int Frame;

    /// <summary>The next packet of the run; -1 for none.</summary>
    public int Next;

    /// <summary>Its number in the flow's trace; 0 when it is not in one.</summary>
    public int TraceNumber;
}
