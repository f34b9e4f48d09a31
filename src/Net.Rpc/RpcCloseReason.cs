namespace Net.Rpc;

/// <summary>Why a connection closed.</summary>
public enum RpcCloseReason
{
    /// <summary>The connection is open.</summary>
    None = 0,

    /// <summary>This side closed or disposed the connection.</summary>
    Closed,

    /// <summary>The peer closed the connection between two messages.</summary>
    PeerClosed,

    /// <summary>The peer closed the connection in the middle of a message.</summary>
    Truncated,

    /// <summary>The header of a message was wrong, missing or too long.</summary>
    BadHeader,

    /// <summary>The body of a message was not valid JSON, or no request, notification or response.</summary>
    BadMessage,

    /// <summary>A batch arrived; batches are not part of this protocol.</summary>
    Batch,

    /// <summary>A message was larger than <see cref="RpcConnectionOptions.MaxMessageBytes"/>.</summary>
    MessageTooLarge,

    /// <summary>A response arrived to a request that is not open.</summary>
    UnexpectedResponse,

    /// <summary>The peer did not take what was sent to it within <see cref="RpcConnectionOptions.WriteTimeout"/>.</summary>
    SlowPeer,

    /// <summary>The peer sent nothing for <see cref="RpcConnectionOptions.IdleTimeout"/>, or began a message and never ended it.</summary>
    IdleTimeout,

    /// <summary>The peer did not answer a keep-alive request.</summary>
    NotResponding,

    /// <summary>The stream below failed.</summary>
    IoError,
}
