using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>A method that peers may call.</summary>
internal abstract class RpcMethod(string name)
{
    public string Name { get; } = name;

    /// <summary>Binds the arguments, on the thread that reads the connection; throws <see cref="RpcException"/> when they do not fit.</summary>
    public abstract IncomingCall Bind(RpcConnection connection, RpcCallContext context, RequestId id, ReadOnlySpan<byte> arguments);
}
