using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Net.Rpc.Streams;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>A request or notification of the peer, from its arrival to its answer.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer and links holds nothing to dispose, and a late cancellation must find it usable.")]
internal abstract class IncomingCall(RpcConnection connection, RpcCallContext context, RequestId id) : IThreadPoolWorkItem
{
    private readonly CancellationTokenSource _cancel = new();

    public RpcConnection Connection { get; } = connection;

    public RpcCallContext Context { get; } = context;

    public RequestId Id { get; } = id;

    /// <summary>Whether it takes one of the places of <see cref="RpcConnectionOptions.MaxInFlight"/>.</summary>
    public virtual bool TakesPlace => true;

    protected CancellationToken CancellationToken => _cancel.Token;

    public void Cancel()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (AggregateException)
        {
            // A callback the handler registered failed; that must not harm the connection that cancels.
        }
    }

    public void Execute() => _ = RunAsync();

    public async Task RunAsync()
    {
        IRpcObserver? observer = TakesPlace ? Connection.Options.Observer : null;
        int errorCode = 0;
        RpcCallOutcome outcome = RpcCallOutcome.Succeeded;
        try
        {
            observer?.CallStarted(Context);
            CancellationToken.ThrowIfCancellationRequested();
            await InvokeAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            errorCode = RpcErrorCodes.Cancelled;
            outcome = RpcCallOutcome.Cancelled;
            await AnswerErrorAsync(new RpcException(RpcErrorCodes.Cancelled, "The task was cancelled.")).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Any failure of a handler becomes an answer; nothing a peer sends may end the process.
            RpcException error = ToError(exception);
            errorCode = error.Code;
            outcome = RpcCallOutcome.Failed;
            await AnswerErrorAsync(error).ConfigureAwait(false);
        }

        Connection.Incoming.Release(this);
        observer?.CallFinished(Context, outcome, errorCode, Connection.Options.TimeProvider.GetElapsedTime(Context.StartedAt));
    }

    /// <summary>Runs the handler and answers its result.</summary>
    protected abstract Task InvokeAsync();

    /// <summary>Sends the composed answer. The id is free again before the peer can see the answer.</summary>
    protected void Answer(MessageWriter writer)
    {
        ReadOnlySpan<byte> message = writer.Finish();
        if (message.Length > Connection.Options.MaxMessageBytes)
        {
            throw new RpcException(RpcErrorCodes.ServerError, "The result is larger than a message may be.");
        }

        Connection.Incoming.Forget(this);
        Connection.Outbox.Append(message);
    }

    protected async ValueTask WaitForRoomAsync()
    {
        if (!Connection.Outbox.HasRoom)
        {
            await Connection.Outbox.WaitForRoomAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async ValueTask AnswerErrorAsync(RpcException error)
    {
        if (Context.IsNotification)
        {
            return;
        }

        await WaitForRoomAsync().ConfigureAwait(false);
        Connection.Incoming.Forget(this);
        Connection.SendError(Id, error);
    }

    private RpcException ToError(Exception exception)
    {
        if (exception is RpcException error)
        {
            return error;
        }

        Connection.Options.Observer?.HandlerFailed(Context, exception);
        try
        {
            return Connection.Options.ExceptionMapper(exception);
        }
        catch (Exception mapperFailure)
        {
            Connection.Options.Observer?.HandlerFailed(Context, mapperFailure);
            return new RpcException();
        }
    }
}

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
