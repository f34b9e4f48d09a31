namespace Net.Workers.Overlay;

/// <summary>Why a packet was dropped.</summary>
public enum DropReason
{
    /// <summary>The policy denied it.</summary>
    Policy,

    /// <summary>No peer has the destination.</summary>
    NoRoute,

    /// <summary>The peer's session was not up.</summary>
    PeerDown,

    /// <summary>The peer does not own the source address.</summary>
    Source,

    /// <summary>The peer's queue dropped it.</summary>
    Queue,

    /// <summary>It was no IP packet.</summary>
    Malformed,

    /// <summary>Its hop limit ran out.</summary>
    Ttl,

    /// <summary>It was larger than the path and must not be fragmented.</summary>
    TooBig,

    /// <summary>A datagram of nobody known.</summary>
    Stranger,

    /// <summary>The TUN device refused it.</summary>
    Device,

    /// <summary>The shard it was for did not keep up.</summary>
    Handover,
}
