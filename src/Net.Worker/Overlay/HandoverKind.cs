namespace Net.Worker.Overlay;

/// <summary>What one shard hands to another.</summary>
internal enum HandoverKind
{
    /// <summary>A read of the device, offload header included: its packets are for a peer of the other shard.</summary>
    FromDevice,

    /// <summary>A packet of a peer that was allowed, to be sent to a peer of the other shard.</summary>
    Forward,

    /// <summary>The same, but the other shard keeps the flow and so has to ask the policy.</summary>
    ForwardUnjudged,

    /// <summary>A packet of this node's own, such as an ICMP error, for a peer of the other shard.</summary>
    Own,

    /// <summary>A datagram of a connection of the other shard that the kernel delivered here.</summary>
    Datagram,

    /// <summary>A datagram of no connection here that may be a stateless reset for one there: where a connection id stands it has random bytes.</summary>
    Reset,
}
