using Net.Rpc.Streams;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>A call that opens a stream.</summary>
internal sealed class StreamCall<TRequest, TItem>(
    RpcConnection connection, RpcCallContext context, RequestId id, TRequest request, StreamMethod<TRequest, TItem> method)
    : IncomingCall(connection, context, id)
{
    protected override async Task InvokeAsync()
    {
        if (Context.IsNotification)
        {
            // Nobody could fetch the items.
            return;
        }

        StreamProducer producer = Connection.Producers.AddResult(
            stop => method.Handler(request, Context, stop), method.Item, method.Options);
        bool isKept = false;
        try
        {
            int prefetch = method.Options.Prefetch;
            if (prefetch > 0)
            {
                await producer.WaitAsync(prefetch, CancellationToken).ConfigureAwait(false);
            }

            await WaitForRoomAsync().ConfigureAwait(false);
            isKept = AnswerOpened(producer, prefetch);
        }
        finally
        {
            if (!isKept)
            {
                Connection.Producers.Remove(producer);
            }
        }
    }

    private bool AnswerOpened(StreamProducer producer, int prefetch)
    {
        using MessageWriter writer = MessageWriter.Rent();
        writer.BeginResult(Id);
        bool isEnded = false;
        if (prefetch > 0)
        {
            // The token stands first on the wire, but whether there is one shows only once the values are written.
            using MessageWriter values = MessageWriter.Rent();
            values.Json.WriteStartObject();
            isEnded = producer.WriteValues(values, Math.Max(prefetch, producer.Options.MaxBatchSize));
            values.Json.WriteEndObject();
            ReadOnlySpan<byte> members = values.Finish();
            writer.Json.WriteStartObject();
            if (!isEnded)
            {
                writer.Json.WriteNumber("token"u8, producer.Token);
            }

            writer.Json.WritePropertyName("values"u8);
            writer.Json.WriteRawValue(members["{\"values\":"u8.Length..^1], skipInputValidation: true);
        }
        else
        {
            writer.Json.WriteStartObject();
            writer.Json.WriteNumber("token"u8, producer.Token);
        }

        writer.Json.WriteEndObject();
        writer.End();
        Answer(writer);
        return !isEnded;
    }
}
