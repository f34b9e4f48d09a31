using Net.Rpc.Streams;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>The peer fetches the next items of a stream.</summary>
internal sealed class NextCall(RpcConnection connection, RpcCallContext context, RequestId id, StreamProducer producer)
    : IncomingCall(connection, context, id)
{
    public override bool TakesPlace => false;

    protected override async Task InvokeAsync()
    {
        await producer.WaitAsync(Math.Min(producer.Options.MinBatchSize, producer.Options.MaxBatchSize), CancellationToken).ConfigureAwait(false);
        await WaitForRoomAsync().ConfigureAwait(false);
        bool isOver = true;
        try
        {
            isOver = AnswerNext();
        }
        finally
        {
            if (isOver)
            {
                Connection.Producers.Remove(producer);
            }
        }
    }

    private bool AnswerNext()
    {
        using MessageWriter writer = MessageWriter.Rent();
        writer.BeginResult(Id);
        writer.Json.WriteStartObject();
        int empty = writer.Buffer.Length + (int)writer.Json.BytesPending;
        bool isEnded = producer.WriteValues(writer, producer.Options.MaxBatchSize);

        // The end is told by an answer of its own, as other implementations of the protocol do.
        bool isEmpty = writer.Buffer.Length + (int)writer.Json.BytesPending == empty + "\"values\":[]".Length;
        writer.Json.WriteBoolean("finished"u8, isEnded && isEmpty);
        writer.Json.WriteEndObject();
        writer.End();
        Answer(writer);
        return isEnded && isEmpty;
    }
}
