namespace Net.Platform.Linux;

/// <summary>What came of a call into a <see cref="QuicConnection"/>.</summary>
public enum QuicResult
{
    /// <summary>Done. Bytes written may be zero when there was nothing to write.</summary>
    Ok,

    /// <summary>Congestion window, flow control, stream limit or amplification limit: nothing of it can be written now. Try again after the next read or expiry.</summary>
    Blocked,

    /// <summary>The peer closed the connection, or reset it as unknown to it. Nothing more may be sent; dispose it.</summary>
    Draining,

    /// <summary>Fatal, with the cause in <see cref="QuicConnection.LastErrorText"/>: send what <see cref="QuicConnection.WriteClose"/> gives, then dispose it.</summary>
    Failed,

    /// <summary>The datagram does not fit into one packet of this path, or the peer takes no datagrams at all. Nothing was written; the connection goes on.</summary>
    TooLarge,

    /// <summary>The server must prove the client's address first: send a Retry packet (<see cref="QuicTokens.WriteRetry"/>) and dispose the connection.</summary>
    RetryRequired,

    /// <summary>It ended silently: idle timeout, handshake timeout, or closed by us before. Dispose it.</summary>
    Closed,

    /// <summary>No such stream, or its sending side is finished or was reset. The connection goes on.</summary>
    StreamGone,
}
