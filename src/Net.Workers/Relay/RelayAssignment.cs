using Net.Relay;

namespace Net.Workers.Relay;

/// <summary>A flow a worker has to relay, and how.</summary>
public sealed record RelayAssignment
{
    /// <summary>The flow. A worker knows it by the rule's id and the input's interface.</summary>
    public required RelayFlow Flow { get; init; }

    /// <summary><see cref="RelayEngineKind.Packet"/>: it comes from rings of frames; <see cref="RelayEngineKind.Socket"/>: from UDP sockets.</summary>
    public RelayEngineKind Engine { get; init; } = RelayEngineKind.Packet;

    /// <summary>For each target the id of the UDP sender it leaves by, 0 for the packet sender of its interface; null when all leave by packet senders. The socket engine needs a UDP
    /// sender for every target. With the packet engine it is for targets whose source is this host's own, and whose source port and TTL are fixed: the sender's count, not the target's.</summary>
    public int[]? UdpSenders { get; init; }
}
