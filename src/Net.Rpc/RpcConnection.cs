using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Calls;
using Net.Rpc.Streams;
using Net.Rpc.Wire;

namespace Net.Rpc;

/// <summary>
/// One JSON-RPC connection. Both ends are equal: each may call, notify and stream. All members are thread-safe. The
/// stream belongs to the connection and is closed with it.
/// </summary>
public sealed class RpcConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly FrameReader _frames;
    private readonly MessageHandler _handler;
    private readonly PeerWatch _watch;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<RpcCloseReason> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _closed;
    private int _started;
    private Task _reading = Task.CompletedTask;

    /// <summary>Creates a connection; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="stream">A connected stream in both directions.</param>
    /// <param name="dispatcher">The methods the peer may call.</param>
    /// <param name="options">Limits and hooks, or null for the defaults.</param>
    /// <param name="state">What <see cref="State"/> starts with.</param>
    public RpcConnection(Stream stream, RpcDispatcher dispatcher, RpcConnectionOptions? options = null, object? state = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(dispatcher);
        _stream = stream;
        Options = options ?? new RpcConnectionOptions();
        State = state;
        Action<int>? sent = Options.Observer is { } observer ? count => observer.BytesSent(this, count) : null;
        Outbox = new SendQueue(stream, Options, Close, sent);
        Incoming = new IncomingCalls(Options);
        Outgoing = new OutgoingCalls(Options.FirstRequestId);
        Producers = new StreamProducers(Options);
        _frames = new FrameReader(stream, Options);
        _handler = new MessageHandler(this, dispatcher);
        _watch = new PeerWatch(this);
    }

    /// <summary>Limits and hooks.</summary>
    public RpcConnectionOptions Options { get; }

    /// <summary>What the application keeps about the peer: who it is, for example.</summary>
    public object? State { get; set; }

    /// <summary>Completes, never failing, when the connection has closed, with the reason.</summary>
    public Task<RpcCloseReason> Completion => _completion.Task;

    /// <summary>Why the connection closed, or <see cref="RpcCloseReason.None"/> while it is open.</summary>
    public RpcCloseReason CloseReason { get; private set; }

    /// <summary>More about why the connection closed, for a log.</summary>
    public string? CloseDetail { get; private set; }

    internal SendQueue Outbox { get; }

    internal IncomingCalls Incoming { get; }

    internal OutgoingCalls Outgoing { get; }

    internal StreamProducers Producers { get; }

    internal ProgressSinks Progress { get; } = new();

    /// <summary>Begins to read. What is sent before waits in the stream of the peer.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("The connection was started before.");
        }

        _watch.Start();
        _reading = ReadAllAsync();
    }

    /// <summary>Calls a method with the members of an object as named arguments.</summary>
    /// <typeparam name="TRequest">The request, an object or <see cref="RpcNothing"/>.</typeparam>
    /// <typeparam name="TResult">The result.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <param name="request">The request.</param>
    /// <param name="requestInfo">How it is written.</param>
    /// <param name="resultInfo">How the result is read; <see cref="RpcNothing.TypeInfo"/> where there is none.</param>
    /// <param name="cancellationToken">Cancels the request at the peer; the peer's answer decides whether the call still succeeds.</param>
    /// <exception cref="RpcException">The peer answered with an error.</exception>
    /// <exception cref="RpcConnectionClosedException">The connection is or was closed.</exception>
    public Task<TResult> InvokeAsync<TRequest, TResult>(
        string method, TRequest request, JsonTypeInfo<TRequest> requestInfo, JsonTypeInfo<TResult> resultInfo, CancellationToken cancellationToken = default) =>
        SendRequestAsync(method, new RecordParams<TRequest>(request, requestInfo), new OutgoingCall<TResult>(this, resultInfo, cancellationToken), cancellationToken);

    /// <summary>Calls a method that was added with progress.</summary>
    /// <typeparam name="TRequest">The request, an object or <see cref="RpcNothing"/>.</typeparam>
    /// <typeparam name="TProgress">A report.</typeparam>
    /// <typeparam name="TResult">The result.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <param name="request">The request.</param>
    /// <param name="requestInfo">How it is written.</param>
    /// <param name="resultInfo">How the result is read.</param>
    /// <param name="progress">Called in order, on the thread that reads the connection, before the call ends.</param>
    /// <param name="progressInfo">How a report is read.</param>
    /// <param name="cancellationToken">Cancels the request at the peer.</param>
    public Task<TResult> InvokeAsync<TRequest, TProgress, TResult>(
        string method,
        TRequest request,
        JsonTypeInfo<TRequest> requestInfo,
        JsonTypeInfo<TResult> resultInfo,
        IProgress<TProgress> progress,
        JsonTypeInfo<TProgress> progressInfo,
        CancellationToken cancellationToken = default) =>
        SendRequestAsync(
            method,
            new RecordWithProgressParams<TRequest, TProgress>(request, requestInfo, progress, progressInfo),
            new OutgoingCall<TResult>(this, resultInfo, cancellationToken),
            cancellationToken);

    /// <summary>Calls a method with arguments by position.</summary>
    /// <typeparam name="TResult">The result.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <param name="arguments">The arguments in their order.</param>
    /// <param name="resultInfo">How the result is read.</param>
    /// <param name="cancellationToken">Cancels the request at the peer.</param>
    public Task<TResult> InvokePositionalAsync<TResult>(
        string method, RpcArgument[] arguments, JsonTypeInfo<TResult> resultInfo, CancellationToken cancellationToken = default) =>
        SendRequestAsync(method, new ArgumentParams(arguments, named: false), new OutgoingCall<TResult>(this, resultInfo, cancellationToken), cancellationToken);

    /// <summary>Calls a method with separate arguments by name.</summary>
    /// <typeparam name="TResult">The result.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <param name="arguments">The arguments, each with a name.</param>
    /// <param name="resultInfo">How the result is read.</param>
    /// <param name="cancellationToken">Cancels the request at the peer.</param>
    public Task<TResult> InvokeNamedAsync<TResult>(
        string method, RpcArgument[] arguments, JsonTypeInfo<TResult> resultInfo, CancellationToken cancellationToken = default) =>
        SendRequestAsync(method, new ArgumentParams(arguments, named: true), new OutgoingCall<TResult>(this, resultInfo, cancellationToken), cancellationToken);

    /// <summary>Calls a method whose result is a stream. The call is made when the enumeration begins; ending it early tells the peer to stop.</summary>
    /// <typeparam name="TRequest">The request, an object or <see cref="RpcNothing"/>.</typeparam>
    /// <typeparam name="TItem">An item.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <param name="request">The request.</param>
    /// <param name="requestInfo">How it is written.</param>
    /// <param name="itemInfo">How an item is read.</param>
    /// <param name="cancellationToken">Cancels the call or the fetch that is open, and ends the stream at the peer.</param>
    public IAsyncEnumerable<TItem> InvokeStreamAsync<TRequest, TItem>(
        string method, TRequest request, JsonTypeInfo<TRequest> requestInfo, JsonTypeInfo<TItem> itemInfo, CancellationToken cancellationToken = default) =>
        StreamConsumer.OpenAsync(this, method, new RecordParams<TRequest>(request, requestInfo), itemInfo, cancellationToken);

    /// <summary>Calls a method whose result is a stream, with arguments by position.</summary>
    /// <typeparam name="TItem">An item.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <param name="arguments">The arguments in their order.</param>
    /// <param name="itemInfo">How an item is read.</param>
    /// <param name="cancellationToken">Cancels the call or the fetch that is open, and ends the stream at the peer.</param>
    public IAsyncEnumerable<TItem> InvokePositionalStreamAsync<TItem>(
        string method, RpcArgument[] arguments, JsonTypeInfo<TItem> itemInfo, CancellationToken cancellationToken = default) =>
        StreamConsumer.OpenAsync(this, method, new ArgumentParams(arguments, named: false), itemInfo, cancellationToken);

    /// <summary>Sends a notification with the members of an object as named arguments, waiting for room if the peer reads slowly.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <param name="request">The request.</param>
    /// <param name="requestInfo">How it is written.</param>
    /// <param name="cancellationToken">Stops waiting for room.</param>
    public ValueTask NotifyAsync<TRequest>(
        string method, TRequest request, JsonTypeInfo<TRequest> requestInfo, CancellationToken cancellationToken = default) =>
        SendNotificationAsync(method, new RecordParams<TRequest>(request, requestInfo), cancellationToken);

    /// <summary>Sends a notification with arguments by position, waiting for room if the peer reads slowly.</summary>
    /// <param name="method">The name of the method.</param>
    /// <param name="arguments">The arguments in their order; values only.</param>
    /// <param name="cancellationToken">Stops waiting for room.</param>
    public ValueTask NotifyPositionalAsync(string method, RpcArgument[] arguments, CancellationToken cancellationToken = default) =>
        SendNotificationAsync(method, new ArgumentParams(arguments, named: false), cancellationToken);

    /// <summary>Sends a notification with separate arguments by name, waiting for room if the peer reads slowly.</summary>
    /// <param name="method">The name of the method.</param>
    /// <param name="arguments">The arguments, each with a name; values only.</param>
    /// <param name="cancellationToken">Stops waiting for room.</param>
    public ValueTask NotifyNamedAsync(string method, RpcArgument[] arguments, CancellationToken cancellationToken = default) =>
        SendNotificationAsync(method, new ArgumentParams(arguments, named: true), cancellationToken);

    /// <summary>
    /// Sends a notification only if that needs no waiting, so that one slow peer cannot hold up the others. While the peer
    /// is behind, a notification with a key is kept, replacing an earlier one of the same key, and sent once there is room.
    /// </summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <param name="request">The request.</param>
    /// <param name="requestInfo">How it is written.</param>
    /// <param name="coalesceKey">What the notification is the latest state of, or null to drop it while the peer is behind.</param>
    /// <returns>False when the notification was dropped or the connection is closed.</returns>
    public bool TryNotify<TRequest>(string method, TRequest request, JsonTypeInfo<TRequest> requestInfo, string? coalesceKey = null) =>
        TrySendNotification(method, new RecordParams<TRequest>(request, requestInfo), coalesceKey);

    /// <summary>As <see cref="TryNotify{TRequest}"/>, with arguments by position.</summary>
    /// <param name="method">The name of the method.</param>
    /// <param name="arguments">The arguments in their order; values only.</param>
    /// <param name="coalesceKey">What the notification is the latest state of, or null to drop it while the peer is behind.</param>
    /// <returns>False when the notification was dropped or the connection is closed.</returns>
    public bool TryNotifyPositional(string method, RpcArgument[] arguments, string? coalesceKey = null) =>
        TrySendNotification(method, new ArgumentParams(arguments, named: false), coalesceKey);

    /// <summary>
    /// Closes gracefully: refuses new requests, lets the running ones end within the given time, ends the streams, sends
    /// what is queued, then closes.
    /// </summary>
    /// <param name="drainTime">How long running requests and queued messages may take.</param>
    /// <param name="cancellationToken">Closes at once.</param>
    public async Task CloseAsync(TimeSpan drainTime, CancellationToken cancellationToken = default)
    {
        try
        {
            using var limit = new CancellationTokenSource(drainTime, Options.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await Incoming.DrainAsync().WaitAsync(either.Token).ConfigureAwait(false);
            Producers.CloseAll();
            await Outbox.DrainAsync().WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Time is up; what still runs is cancelled by closing.
        }

        Close(RpcCloseReason.Closed, null);
        await Completion.ConfigureAwait(false);
    }

    /// <summary>Closes at once; running calls of either side are cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        Close(RpcCloseReason.Closed, null);
        await Completion.ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _stop.Dispose();
    }

    internal void Close(RpcCloseReason reason, string? detail)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        CloseReason = reason;
        CloseDetail = detail;
        _watch.Dispose();
        Outbox.Dispose();
        _stop.Cancel();
        _stream.Dispose();

        // User code listens to what follows; it must not run on the thread that closes, which may hold the reader or a timer.
        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.EndCalls(), this, preferLocal: false);
    }

    internal Task<TResult> SendRequestAsync<TParams, TResult>(
        string method, TParams parameters, OutgoingCall<TResult> call, CancellationToken cancellationToken)
        where TParams : struct, IParamsWriter
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(cancellationToken);
        }

        if (!Outbox.HasRoom)
        {
            return SendRequestWhenRoomAsync(method, parameters, call, cancellationToken);
        }

        try
        {
            SendRequest(method, parameters, call);
        }
        catch (RpcConnectionClosedException exception)
        {
            return Task.FromException<TResult>(exception);
        }

        return call.Task;
    }

    internal void SendError(RequestId id, RpcException error)
    {
        using MessageWriter writer = MessageWriter.Rent();
        writer.WriteError(id, error.Code, error.Message, error.ErrorData);
        Outbox.Append(writer.Finish());
    }

    private async Task<TResult> SendRequestWhenRoomAsync<TParams, TResult>(
        string method, TParams parameters, OutgoingCall<TResult> call, CancellationToken cancellationToken)
        where TParams : struct, IParamsWriter
    {
        await Outbox.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        SendRequest(method, parameters, call);
        return await call.Task.ConfigureAwait(false);
    }

    private void SendRequest<TParams>(string method, TParams parameters, OutgoingCall call)
        where TParams : struct, IParamsWriter
    {
        Outgoing.Add(call);
        try
        {
            using MessageWriter writer = MessageWriter.Rent();
            writer.BeginRequest(method, call.Id);
            parameters.Write(writer, this, call);
            writer.End();
            Outbox.Append(writer.Finish());
        }
        catch (Exception exception)
        {
            // The request could not be written, so nothing of it was sent; the caller gets the reason.
            Outgoing.Remove(call.Id);
            call.Fail(exception);
            return;
        }

        call.ListenForCancellation();
        Incoming.WakeReader();
    }

    private async ValueTask SendNotificationAsync<TParams>(string method, TParams parameters, CancellationToken cancellationToken)
        where TParams : struct, IParamsWriter
    {
        if (!Outbox.HasRoom)
        {
            await Outbox.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        }

        using MessageWriter writer = MessageWriter.Rent();
        ComposeNotification(writer, method, parameters);
        if (!Outbox.Append(writer.Finish()))
        {
            throw new RpcConnectionClosedException(CloseReason, CloseDetail);
        }
    }

    private bool TrySendNotification<TParams>(string method, TParams parameters, string? key)
        where TParams : struct, IParamsWriter
    {
        using MessageWriter writer = MessageWriter.Rent();
        ComposeNotification(writer, method, parameters);
        if (Outbox.TryAppend(writer.Finish(), key))
        {
            return true;
        }

        Options.Observer?.NotificationDropped(this, method);
        return false;
    }

    private void ComposeNotification<TParams>(MessageWriter writer, string method, TParams parameters)
        where TParams : struct, IParamsWriter
    {
        writer.BeginNotification(method);
        parameters.Write(writer, this, null);
        writer.End();
    }

    private async Task ReadAllAsync()
    {
        try
        {
            while (true)
            {
                int count = await _watch.WhileReadingAsync(_frames.FillAsync(_stop.Token), _frames.IsInsideMessage).ConfigureAwait(false);
                if (count == 0)
                {
                    Close(_frames.IsInsideMessage ? RpcCloseReason.Truncated : RpcCloseReason.PeerClosed, null);
                    break;
                }

                Options.Observer?.BytesReceived(this, count);
                while (HandleReceived())
                {
                    await WaitToReadOnAsync().ConfigureAwait(false);
                }
            }
        }
        catch (RpcProtocolException exception)
        {
            Close(exception.Reason, exception.Message);
        }
        catch (Exception exception)
        {
            // Disposing the stream ends a read in many ways, and a failed hook must not take the process with it.
            Close(RpcCloseReason.IoError, exception.Message);
        }
        finally
        {
            _frames.Dispose();
        }
    }

    /// <summary>Handles the whole messages that have arrived; true when it stopped early because too much waits.</summary>
    private bool HandleReceived()
    {
        Outbox.Cork();
        try
        {
            while (_frames.TryRead(out ReadOnlySpan<byte> message))
            {
                _handler.Handle(message);
                if (Volatile.Read(ref _closed) != 0)
                {
                    return false;
                }

                if (MustStopReading)
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            Outbox.Uncork();
        }
    }

    private bool MustStopReading => (Incoming.IsFull && !Outgoing.IsAnyOpen) || Outbox.IsOverfull;

    private async Task WaitToReadOnAsync()
    {
        if (Outbox.IsOverfull)
        {
            await Outbox.WaitForRoomAsync(CancellationToken.None).ConfigureAwait(false);
        }

        if (Incoming.IsFull && !Outgoing.IsAnyOpen)
        {
            await Incoming.WaitForRoomAsync().ConfigureAwait(false);
        }
    }

    private void EndCalls()
    {
        try
        {
            Outgoing.FailAll(new RpcConnectionClosedException(CloseReason, CloseDetail));
            Incoming.Close();
            Producers.CloseAll();
            Options.Observer?.ConnectionClosed(this, CloseReason, CloseDetail);
        }
        finally
        {
            _completion.TrySetResult(CloseReason);
        }
    }
}
