namespace Net.Benchmarks.Relay;

/// <summary>What the sink does with packets. What it spends on them the relay lacks, as both are on the same two cores; a network card's cable would take them for nothing.</summary>
internal enum SinkMode
{
    /// <summary>Its IP stack and sockets get them.</summary>
    Receive,

    /// <summary>Drops them before the IP stack, as socket buffers: least for packets that were socket buffers at the relay.</summary>
    DropBuffers,

    /// <summary>Drops them in the driver: least for frames no socket buffer was made for, which is how XDP sends.</summary>
    DropFrames,
}
