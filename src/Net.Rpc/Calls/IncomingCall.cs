using System.Diagnostics.CodeAnalysis;
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
        if (TakesPlace)
        {
            // What a handler does on cancellation runs on the thread pool, not on the thread that reads the connection.
            _ = _cancel.CancelAsync();
        }
        else
        {
            _cancel.Cancel();
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
        try
        {
            Connection.SendError(Id, error);
        }
        catch (Exception exception)
        {
            // The data of the error cannot be written; the caller must get an answer all the same.
            Connection.Options.Observer?.HandlerFailed(Context, exception);
            Connection.SendError(Id, new RpcException());
        }
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
            return Connection.Options.ExceptionMapper(exception) ?? new RpcException();
        }
        catch (Exception mapperFailure)
        {
            Connection.Options.Observer?.HandlerFailed(Context, mapperFailure);
            return new RpcException();
        }
    }
}
