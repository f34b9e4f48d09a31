namespace Net.Workers.Overlay;

/// <summary>The worker took its descriptors and moves packets.</summary>
/// <param name="Library">The version of the QUIC library, for the log.</param>
public sealed record OverlayReady(string Library) : WorkerMessage;

/// <summary>What the worker counted, once a second and with every change of a peer's state.</summary>
public sealed record OverlayReport : WorkerMessage
{
    /// <summary>The version of the model in force.</summary>
    public long ModelVersion { get; set; }

    /// <summary>Peers whose state or numbers changed since the last report.</summary>
    public PeerReport[] Peers { get; set; } = [];

    /// <summary>Dropped packets, by the reasons of <see cref="DropReason"/>, in their order.</summary>
    public long[] Drops { get; set; } = [];

    /// <summary>Connections each rule decided, in the order of the model's rules.</summary>
    public long[] RuleMatches { get; set; } = [];

    /// <summary>Connections in the flow table.</summary>
    public int Flows { get; set; }

    /// <summary>Handshakes made and refused, and datagrams of strangers answered by Retry.</summary>
    public long Handshakes { get; set; }

    /// <summary>Handshakes that failed.</summary>
    public long FailedHandshakes { get; set; }

    /// <summary>Initial packets answered by Retry because too many handshakes were open.</summary>
    public long Retries { get; set; }

    /// <summary>Resident memory of the worker in bytes.</summary>
    public long ResidentBytes { get; set; }
}

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
}

/// <summary>A peer's session.</summary>
public sealed record PeerReport
{
    /// <summary>The peer.</summary>
    public int Index { get; set; }

    /// <summary><c>idle</c>, <c>connecting</c>, <c>authenticating</c>, <c>up</c>, <c>backoff</c>, <c>refused</c> or <c>disabled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>When the state began, on the wall clock.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The endpoint in use.</summary>
    public string? RemoteEndpoint { get; set; }

    /// <summary>The smoothed round trip; null without a session.</summary>
    public TimeSpan? RoundTripTime { get; set; }

    /// <summary>The largest IP packet that goes through whole.</summary>
    public int? PathMtuBytes { get; set; }

    /// <summary>The congestion window in bytes.</summary>
    public long? CongestionWindowBytes { get; set; }

    /// <summary><c>datagram</c> or <c>stream</c>.</summary>
    public string? Carriage { get; set; }

    /// <summary>Bytes of IP packets sent.</summary>
    public long SentBytes { get; set; }

    /// <summary>Bytes of IP packets received.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>Sessions made.</summary>
    public int Connections { get; set; }

    /// <summary>When the session came up.</summary>
    public DateTimeOffset? ConnectedAt { get; set; }
}

/// <summary>A node with a key the model does not have has proven it and asks to take part.</summary>
/// <param name="RequestId">What the answer refers to.</param>
/// <param name="PublicKey">Its proven public key.</param>
/// <param name="Name">The name it gives itself.</param>
/// <param name="Certificate">Its membership certificate; null without one.</param>
/// <param name="Rotation">An old key's word for this one; null without one.</param>
/// <param name="RemoteEndpoint">Where it is.</param>
public sealed record AuthorizePeer(long RequestId, byte[] PublicKey, string Name, byte[]? Certificate, byte[]? Rotation, string RemoteEndpoint) : WorkerMessage;

/// <summary>A node asks to join.</summary>
/// <param name="RequestId">What the answer refers to.</param>
/// <param name="PublicKey">Its proven public key.</param>
/// <param name="Request">The protocol's frame with its join request, whole.</param>
/// <param name="RemoteEndpoint">Where it is.</param>
public sealed record JoinRequested(long RequestId, byte[] PublicKey, byte[] Request, string RemoteEndpoint) : WorkerMessage;

/// <summary>The node this one asked to join through has answered.</summary>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Reply">The protocol's frame with its join reply, whole.</param>
public sealed record JoinAnswered(int PeerIndex, byte[] Reply) : WorkerMessage;

/// <summary>A peer tells which prefixes it has, all of them.</summary>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Prefixes">The prefixes.</param>
public sealed record RoutesAdvertised(int PeerIndex, ModelPrefix[] Prefixes) : WorkerMessage;

/// <summary>A peer has a newer revocation list.</summary>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Revocations">The list, signed by the network.</param>
public sealed record RevocationsReceived(int PeerIndex, byte[] Revocations) : WorkerMessage;

/// <summary>Connections that ended and decisions against some, for the audit log.</summary>
/// <param name="Records">The records.</param>
/// <param name="Lost">Records that did not fit since the last message.</param>
public sealed record AuditReport(FlowRecord[] Records, long Lost) : WorkerMessage;

/// <summary>A record of the audit log.</summary>
public sealed record FlowRecord
{
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>Whether it is a connection that ended; else a decision.</summary>
    public bool IsConnection { get; set; }

    /// <summary>The peer that opened it; -1 for this node.</summary>
    public int FromPeer { get; set; }

    /// <summary>The peer that was reached; -1 for this node.</summary>
    public int ToPeer { get; set; }

    /// <summary>Source address.</summary>
    public required string Source { get; init; }

    /// <summary>Destination address.</summary>
    public required string Destination { get; init; }

    /// <summary>Source port; 0 without.</summary>
    public int SourcePort { get; set; }

    /// <summary>Destination port; 0 without.</summary>
    public int DestinationPort { get; set; }

    /// <summary>The protocol's number.</summary>
    public int Protocol { get; set; }

    /// <summary>Whether it was allowed.</summary>
    public bool Allowed { get; set; }

    /// <summary>The rule, by its place in the model; -1 for the default.</summary>
    public int Rule { get; set; }

    /// <summary>Bytes from the opener.</summary>
    public long SentBytes { get; set; }

    /// <summary>Bytes to the opener.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>How long it was.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Equal decisions this record stands for.</summary>
    public long Count { get; set; } = 1;
}

/// <summary>A test of a peer ended.</summary>
/// <param name="RequestId">The test.</param>
/// <param name="Sent">Echoes sent.</param>
/// <param name="RoundTrips">Round trips of those that came back.</param>
/// <param name="PathMtuBytes">The largest packet that goes through; null when not asked for.</param>
/// <param name="BitsPerSecond">Test data the peer received; null when not asked for.</param>
/// <param name="Problem">Why it could not be done; null when it was.</param>
public sealed record PeerTested(long RequestId, int Sent, TimeSpan[] RoundTrips, int? PathMtuBytes, double? BitsPerSecond, string? Problem) : WorkerMessage;

/// <summary>A peer opened an application stream, or one opened here is ready or refused.</summary>
/// <param name="StreamId">The stream: negative when the peer opened it.</param>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Protocol">What speaks over it.</param>
/// <param name="Problem">Why it could not be opened; null when it was.</param>
public sealed record ApplicationStreamOpened(long StreamId, int PeerIndex, string Protocol, string? Problem) : WorkerMessage;

/// <summary>Data of an application stream.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Data">The data.</param>
/// <param name="IsFinal">Whether it is the last.</param>
public sealed record ApplicationStreamReceived(long StreamId, byte[] Data, bool IsFinal) : WorkerMessage;

/// <summary>The data of one <see cref="WriteApplicationStream"/> was handed to the session.</summary>
/// <param name="StreamId">The stream.</param>
public sealed record ApplicationStreamWritten(long StreamId) : WorkerMessage;

/// <summary>An application stream ended.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record ApplicationStreamClosed(long StreamId, string Reason) : WorkerMessage;

/// <summary>The worker cannot go on, for the reason given, and ends.</summary>
/// <param name="Reason">Why: the TUN device is gone, a library is missing.</param>
public sealed record OverlayFailed(string Reason) : WorkerMessage;

/// <summary>A line for the engine's log.</summary>
/// <param name="Level">As in Microsoft.Extensions.Logging: 0 trace to 5 critical.</param>
/// <param name="Text">The line, without keys.</param>
/// <param name="PeerIndex">The peer it is about, or null.</param>
public sealed record WorkerLog(int Level, string Text, int? PeerIndex = null) : WorkerMessage;
