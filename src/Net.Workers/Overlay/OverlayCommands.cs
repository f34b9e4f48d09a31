namespace Net.Workers.Overlay;

/// <summary>The first message to a new overlay worker. With it come two descriptors: the TUN queue, then the UDP socket.
/// It holds the node's private seed and must never be logged.</summary>
public sealed record StartOverlay : WorkerMessage
{
    /// <summary>The overlay's name.</summary>
    public required string Overlay { get; init; }

    /// <summary>This node's name.</summary>
    public required string NodeName { get; init; }

    /// <summary>The node key's seed, 32 bytes (RFC 8032 section 5.1.5).</summary>
    public required byte[] Seed { get; init; }

    /// <summary>This node's membership certificate as it is presented to peers; null without one.</summary>
    public byte[]? Certificate { get; set; }

    /// <summary>The old key's word for the present one, after a rotation; null without one.</summary>
    public byte[]? Rotation { get; set; }

    /// <summary>The overlay's MTU in bytes.</summary>
    public int MtuBytes { get; set; } = 1420;

    /// <summary>Whether the TUN queue takes and gives TCP segmentation.</summary>
    public bool HasTso { get; set; }

    /// <summary>Whether the TUN queue takes and gives UDP segmentation.</summary>
    public bool HasUso { get; set; }

    /// <summary>The largest UDP payload to try, in bytes; path MTU discovery finds what fits up to it.</summary>
    public int MaxUdpPayloadBytes { get; set; } = 1472;

    /// <summary>How the sending rate follows the path: <c>automatic</c>, <c>bbr</c> or <c>cubic</c>.</summary>
    public string CongestionControl { get; set; } = "automatic";

    /// <summary>Whether DATAGRAM frames may be used.</summary>
    public bool Datagrams { get; set; } = true;

    /// <summary>Time without a packet before a session is kept alive.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time without traffic before a session is closed; null keeps it up.</summary>
    public TimeSpan? IdleClose { get; set; }

    /// <summary>The core the worker's thread keeps to; null leaves it to the kernel.</summary>
    public int? Core { get; set; }

    /// <summary>The first model.</summary>
    public required OverlayModel Model { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"StartOverlay {{ {Overlay} }}";
}

/// <summary>Replaces the model: peers, routes, policy and names, all at once.</summary>
/// <param name="Model">The model.</param>
public sealed record ReplaceModel(OverlayModel Model) : WorkerMessage;

/// <summary>The answer to <see cref="AuthorizePeer"/>. When a peer is allowed, a model that has it was sent before.</summary>
/// <param name="RequestId">The question's number.</param>
/// <param name="PeerIndex">The peer's index in the model; null refuses.</param>
/// <param name="Reason">Why, in one sentence; told to the peer when it is refused.</param>
public sealed record PeerAuthorized(long RequestId, int? PeerIndex, string Reason) : WorkerMessage;

/// <summary>The answer to <see cref="JoinRequested"/>, passed on to the node that asked.</summary>
/// <param name="RequestId">The question's number.</param>
/// <param name="Reply">The protocol's frame with the join reply, whole.</param>
/// <param name="IsLast">Whether the session ends after it; a pending join stays for the decision.</param>
public sealed record AnswerJoin(long RequestId, byte[] Reply, bool IsLast) : WorkerMessage;

/// <summary>Tests a peer by echoes inside its session.</summary>
/// <param name="RequestId">What the result is known by.</param>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Count">Echoes.</param>
/// <param name="Timeout">How long to wait for each.</param>
/// <param name="Throughput">How long to send test data; null does not.</param>
/// <param name="Mtu">Whether to find the largest packet that goes through.</param>
public sealed record TestPeer(long RequestId, int PeerIndex, int Count, TimeSpan Timeout, TimeSpan? Throughput, bool Mtu) : WorkerMessage;

/// <summary>Ends the session with a peer, which is then made again as the model says.</summary>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Reason">Why; told to the peer.</param>
public sealed record DisconnectPeer(int PeerIndex, string Reason) : WorkerMessage;

/// <summary>Opens an application stream.</summary>
/// <param name="StreamId">What the engine calls it by: positive for streams opened here, negative numbers come from the worker for accepted ones.</param>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Protocol">What speaks over it.</param>
public sealed record OpenApplicationStream(long StreamId, int PeerIndex, string Protocol) : WorkerMessage;

/// <summary>Sends over an application stream; answered by <see cref="ApplicationStreamWritten"/> when the data was handed to the session.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Data">At most 64 KiB.</param>
/// <param name="IsFinal">Whether it is the last.</param>
public sealed record WriteApplicationStream(long StreamId, byte[] Data, bool IsFinal) : WorkerMessage;

/// <summary>Tells that an application took data, so that the peer may send as much more.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Bytes">How much was taken.</param>
public sealed record ConsumeApplicationStream(long StreamId, int Bytes) : WorkerMessage;

/// <summary>Ends an application stream at once.</summary>
/// <param name="StreamId">The stream.</param>
public sealed record CloseApplicationStream(long StreamId) : WorkerMessage;

/// <summary>Gives every session new packet protection keys (RFC 9001 section 6), for tests.</summary>
public sealed record UpdateKeys : WorkerMessage;

/// <summary>Ends sessions with a goodbye and then the worker.</summary>
public sealed record StopOverlay : WorkerMessage;
