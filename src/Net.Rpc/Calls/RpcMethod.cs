using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>A method that peers may call.</summary>
internal abstract class RpcMethod(string name)
{
    public string Name { get; } = name;

    /// <summary>Binds the arguments, on the thread that reads the connection; throws <see cref="RpcException"/> when they do not fit.</summary>
    public abstract IncomingCall Bind(RpcConnection connection, RpcCallContext context, RequestId id, ReadOnlySpan<byte> arguments);
}

/// <summary>A method with one result.</summary>
internal sealed class UnaryMethod<TRequest, TResult>(
    string name, ArgumentBinder<TRequest> binder, JsonTypeInfo<TResult> result, Func<TRequest, RpcCallContext, CancellationToken, ValueTask<TResult>> handler)
    : RpcMethod(name)
{
    public JsonTypeInfo<TResult> Result { get; } = result;

    public Func<TRequest, RpcCallContext, CancellationToken, ValueTask<TResult>> Handler { get; } = handler;

    public override IncomingCall Bind(RpcConnection connection, RpcCallContext context, RequestId id, ReadOnlySpan<byte> arguments) =>
        new UnaryCall<TRequest, TResult>(connection, context, id, binder.Bind(arguments, connection), this);
}

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
