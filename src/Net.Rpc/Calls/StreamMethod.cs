using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>A method whose result is a stream of items.</summary>
internal sealed class StreamMethod<TRequest, TItem>(
    string name,
    ArgumentBinder<TRequest> binder,
    JsonTypeInfo<TItem> item,
    Func<TRequest, RpcCallContext, CancellationToken, IAsyncEnumerable<TItem>> handler,
    RpcStreamOptions options)
    : RpcMethod(name)
{
    public JsonTypeInfo<TItem> Item { get; } = item;

    public Func<TRequest, RpcCallContext, CancellationToken, IAsyncEnumerable<TItem>> Handler { get; } = handler;

    public RpcStreamOptions Options { get; } = options;

    public override IncomingCall Bind(RpcConnection connection, RpcCallContext context, RequestId id, ReadOnlySpan<byte> arguments) =>
        new StreamCall<TRequest, TItem>(connection, context, id, binder.Bind(arguments, connection), this);
}
