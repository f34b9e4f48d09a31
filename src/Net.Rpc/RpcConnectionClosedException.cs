namespace Net.Rpc;

/// <summary>A call could not be made or answered because the connection is closed.</summary>
public sealed class RpcConnectionClosedException : IOException
{
    /// <summary>Creates the exception without a known reason.</summary>
    public RpcConnectionClosedException()
        : this(RpcCloseReason.Closed, null)
    {
    }

    /// <summary>Creates the exception with a message of the caller's.</summary>
    /// <param name="message">What happened.</param>
    public RpcConnectionClosedException(string message)
        : base(message)
    {
        Reason = RpcCloseReason.Closed;
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public RpcConnectionClosedException(string message, Exception innerException)
        : base(message, innerException)
    {
        Reason = RpcCloseReason.Closed;
    }

    /// <summary>Creates the exception from the reason a connection gives.</summary>
    /// <param name="reason">Why the connection closed.</param>
    /// <param name="detail">More about it, if known.</param>
    public RpcConnectionClosedException(RpcCloseReason reason, string? detail)
        : base(detail is null ? $"The connection is closed ({reason})." : $"The connection is closed ({reason}): {detail}")
    {
        Reason = reason;
    }

    /// <summary>Why the connection closed.</summary>
    public RpcCloseReason Reason { get; }
}
