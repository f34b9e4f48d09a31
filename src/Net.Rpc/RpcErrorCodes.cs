namespace Net.Rpc;

/// <summary>The error codes that travel in the <c>code</c> member of an error response.</summary>
public static class RpcErrorCodes
{
    /// <summary>The message was no valid request: for example an id that is still in use.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>The peer has no method of that name.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>An argument is missing, unknown, superfluous or of the wrong type.</summary>
    public const int InvalidParams = -32602;

    /// <summary>The method failed; what happened stands in the message and the data.</summary>
    public const int ServerError = -32000;

    /// <summary>The token of a stream is unknown, or the stream has ended.</summary>
    public const int NoSuchStream = -32001;

    /// <summary>The peer has too many requests or streams open and must wait for some of them to end.</summary>
    public const int Busy = -32010;

    /// <summary>The peer is shutting down and takes no new requests.</summary>
    public const int ShuttingDown = -32011;

    /// <summary>The caller cancelled the request and the method stopped.</summary>
    public const int Cancelled = -32800;
}
