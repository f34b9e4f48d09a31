namespace Net.Rpc;

/// <summary>Limits and hooks of a connection. One object may serve many connections.</summary>
public sealed record RpcConnectionOptions
{
    /// <summary>How messages are told apart on the stream.</summary>
    public RpcFraming Framing { get; init; }

    /// <summary>The largest message taken; a larger one closes the connection.</summary>
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The longest block of header lines taken.</summary>
    public int MaxHeaderBytes { get; init; } = 4096;

    /// <summary>
    /// How many requests of the peer run at once. As many again wait in arrival order; beyond that the connection is not read
    /// until one ends. The calls that fetch the items of a stream do not count, since the streams do.
    /// </summary>
    public int MaxInFlight { get; init; } = 128;

    /// <summary>How many streams the peer may hold open.</summary>
    public int MaxStreams { get; init; } = 64;

    /// <summary>How many bytes may wait to be sent before senders have to wait and droppable notifications are dropped.</summary>
    public int MaxOutgoingBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long the peer may take no byte of what is sent to it before the connection closes.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a message that has begun may stay incomplete without a further byte.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the peer may send nothing while nothing is open between the two. Infinite unless set.</summary>
    public TimeSpan IdleTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// After this time of silence a request is sent that any JSON-RPC peer answers, if only with an error; without an answer
    /// after the same time again the connection closes. Infinite, which means never, unless set.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The id of the first request sent; each further request counts one up.</summary>
    public long FirstRequestId { get; init; } = 1;

    /// <summary>Turns what a handler threw into the error the caller sees. Nothing of the exception leaves the process unless this puts it there.</summary>
    public Func<Exception, RpcException> ExceptionMapper { get; init; } =
        static _ => new RpcException(RpcErrorCodes.ServerError, "The request failed.");

    /// <summary>Sees calls, bytes and closures; null for none.</summary>
    public IRpcObserver? Observer { get; init; }

    /// <summary>The clock of all timeouts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
