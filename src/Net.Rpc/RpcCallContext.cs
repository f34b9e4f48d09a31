namespace Net.Rpc;

/// <summary>What a handler may know about the call it serves.</summary>
public sealed class RpcCallContext
{
    internal RpcCallContext(RpcConnection connection, string method, bool isNotification, long startedAt)
    {
        Connection = connection;
        Method = method;
        IsNotification = isNotification;
        StartedAt = startedAt;
    }

    /// <summary>The connection the call came over; the handler may call and notify the peer on it.</summary>
    public RpcConnection Connection { get; }

    /// <summary>The name of the method.</summary>
    public string Method { get; }

    /// <summary>Whether the peer expects no answer.</summary>
    public bool IsNotification { get; }

    /// <summary>The state object of the connection: who the caller is, for example.</summary>
    public object? State => Connection.State;

    /// <summary>The time stamp, of the connection's time provider, at which the call arrived.</summary>
    public long StartedAt { get; }
}
