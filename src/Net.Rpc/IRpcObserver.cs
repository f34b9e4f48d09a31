namespace Net.Rpc;

/// <summary>
/// Sees what happens on connections, for logs and metrics. Called synchronously on the path of each message, so an
/// implementation must be quick and must not throw. Every member does nothing unless implemented.
/// </summary>
public interface IRpcObserver
{
    /// <summary>A method is about to run for the peer.</summary>
    /// <param name="context">The call.</param>
    public void CallStarted(RpcCallContext context)
    {
    }

    /// <summary>A call of the peer ended.</summary>
    /// <param name="context">The call.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="errorCode">The error code of the answer, 0 when it succeeded.</param>
    /// <param name="duration">From the arrival of the request to its answer.</param>
    public void CallFinished(RpcCallContext context, RpcCallOutcome outcome, int errorCode, TimeSpan duration)
    {
    }

    /// <summary>A handler threw something other than an <see cref="RpcException"/>; the details stay here.</summary>
    /// <param name="context">The call.</param>
    /// <param name="exception">What it threw.</param>
    public void HandlerFailed(RpcCallContext context, Exception exception)
    {
    }

    /// <summary>A notification was dropped because the peer does not read fast enough.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="method">The method of the notification.</param>
    public void NotificationDropped(RpcConnection connection, string method)
    {
    }

    /// <summary>Bytes arrived.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="count">How many, framing included.</param>
    public void BytesReceived(RpcConnection connection, int count)
    {
    }

    /// <summary>Bytes were handed to the stream.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="count">How many, framing included.</param>
    public void BytesSent(RpcConnection connection, int count)
    {
    }

    /// <summary>A connection closed.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reason">Why.</param>
    /// <param name="detail">More about it, if known.</param>
    public void ConnectionClosed(RpcConnection connection, RpcCloseReason reason, string? detail)
    {
    }
}
