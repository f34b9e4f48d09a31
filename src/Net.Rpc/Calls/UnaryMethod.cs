using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

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
