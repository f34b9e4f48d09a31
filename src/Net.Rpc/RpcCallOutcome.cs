namespace Net.Rpc;

/// <summary>How a call that the peer made ended.</summary>
public enum RpcCallOutcome
{
    /// <summary>The method returned.</summary>
    Succeeded = 0,

    /// <summary>The method failed, and the caller got the error.</summary>
    Failed,

    /// <summary>The caller cancelled, or the connection closed, and the method stopped.</summary>
    Cancelled,

    /// <summary>The method was never started: not found, not permitted, wrong arguments or too much at once.</summary>
    Refused,
}
