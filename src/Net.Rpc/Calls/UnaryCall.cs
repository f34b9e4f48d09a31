using System.Text.Json;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>A call of a method with one result.</summary>
internal sealed class UnaryCall<TRequest, TResult>(
    RpcConnection connection, RpcCallContext context, RequestId id, TRequest request, UnaryMethod<TRequest, TResult> method)
    : IncomingCall(connection, context, id)
{
    protected override async Task InvokeAsync()
    {
        TResult result = await method.Handler(request, Context, CancellationToken).ConfigureAwait(false);
        if (Context.IsNotification)
        {
            return;
        }

        await WaitForRoomAsync().ConfigureAwait(false);
        using MessageWriter writer = MessageWriter.Rent();
        writer.BeginResult(Id);
        JsonSerializer.Serialize(writer.Json, result, method.Result);
        writer.End();
        Answer(writer);
    }
}
