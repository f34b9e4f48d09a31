namespace Net.Rpc.Wire;

/// <summary>The peer broke the protocol; the connection closes with the reason.</summary>
internal sealed class RpcProtocolException(RpcCloseReason reason, string detail) : Exception(detail)
{
    public RpcCloseReason Reason { get; } = reason;
}
