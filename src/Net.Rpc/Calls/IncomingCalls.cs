using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>
/// The calls of the peer that run or wait. Requests run at once up to the limit and then wait in order; notifications run one
/// after another. When too much waits the connection is not read any more, except while this side itself waits for an
/// answer of the peer: then what comes too much is refused, because not reading could mean waiting for ever.
/// </summary>
internal sealed class IncomingCalls(RpcConnectionOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RequestId, IncomingCall> _open = [];
    private readonly Queue<IncomingCall> _waiting = new();
    private readonly Queue<IncomingCall> _notifications = new();
    private TaskCompletionSource? _reader;
    private TaskCompletionSource? _drained;
    private int _running;
    private bool _isNotifying;
    private bool _isDraining;
    private bool _isClosed;

    private enum Verdict
    {
        Run,
        Wait,
        Duplicate,
        Busy,
        ShuttingDown,
    }

    /// <summary>Whether reading should stop until <see cref="WaitForRoomAsync"/> ends.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return IsFullLocked;
            }
        }
    }

    public bool IsAnyOpen
    {
        get
        {
            lock (_gate)
            {
                return _running > 0 || _open.Count > 0 || _isNotifying;
            }
        }
    }

    private bool IsFullLocked =>
        !_isClosed && (_waiting.Count >= options.MaxInFlight || _notifications.Count >= options.MaxInFlight * 2);

    /// <summary>Runs or queues a call; throws when it must be refused.</summary>
    public void Start(IncomingCall call)
    {
        switch (call.Context.IsNotification ? AdmitNotification(call) : Admit(call))
        {
            case Verdict.Run when call.TakesPlace:
                ThreadPool.UnsafeQueueUserWorkItem(call, preferLocal: false);
                break;
            case Verdict.Run:
                // Fetching what is ready is quick, and the answer then leaves with others.
                call.Execute();
                break;
            case Verdict.Duplicate:
                throw new RpcException(RpcErrorCodes.InvalidRequest, "The id is in use by another request.");
            case Verdict.Busy:
                throw new RpcException(RpcErrorCodes.Busy, "Too many requests are open on this connection.");
            case Verdict.ShuttingDown:
                throw new RpcException(RpcErrorCodes.ShuttingDown, "The connection is closing and takes no new requests.");
        }
    }

    public void Cancel(RequestId id)
    {
        IncomingCall? call;
        lock (_gate)
        {
            call = _open.GetValueOrDefault(id);
        }

        call?.Cancel();
    }

    /// <summary>The call is about to be answered, so its id is free again.</summary>
    public void Forget(IncomingCall call)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(call.Id, out IncomingCall? open) && ReferenceEquals(open, call))
            {
                _open.Remove(call.Id);
            }
        }
    }

    /// <summary>The call has ended; its place goes to the next one that waits.</summary>
    public void Release(IncomingCall call)
    {
        if (call.Context.IsNotification)
        {
            return;
        }

        Forget(call);
        if (!call.TakesPlace)
        {
            return;
        }

        IncomingCall? next;
        TaskCompletionSource? reader;
        TaskCompletionSource? drained;
        lock (_gate)
        {
            _running--;
            if (_waiting.TryDequeue(out next))
            {
                _running++;
            }

            reader = TakeReader();
            drained = TakeDrained();
        }

        reader?.TrySetResult();
        drained?.TrySetResult();
        if (next is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
        }
    }

    /// <summary>Waits until reading may go on.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (!IsFullLocked)
            {
                return Task.CompletedTask;
            }

            _reader = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reader.Task;
        }
    }

    /// <summary>Lets the reader go on because this side now waits for an answer.</summary>
    public void WakeReader()
    {
        TaskCompletionSource? reader;
        lock (_gate)
        {
            reader = _reader;
            _reader = null;
        }

        reader?.TrySetResult();
    }

    /// <summary>Refuses new requests from now on and completes when the ones that run and wait have ended.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            _isDraining = true;
            if (IsIdle)
            {
                return Task.CompletedTask;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>The connection is gone: everything that runs is cancelled, nothing that waits runs.</summary>
    public void Close()
    {
        IncomingCall[] open;
        TaskCompletionSource? reader;
        TaskCompletionSource? drained;
        lock (_gate)
        {
            _isClosed = true;
            open = [.. _open.Values];
            _open.Clear();
            _waiting.Clear();
            _notifications.Clear();
            reader = _reader;
            drained = _drained;
            _reader = null;
            _drained = null;
        }

        foreach (IncomingCall call in open)
        {
            call.Cancel();
        }

        reader?.TrySetResult();
        drained?.TrySetResult();
    }

    private bool IsIdle => _running == 0 && _waiting.Count == 0 && !_isNotifying;

    private Verdict Admit(IncomingCall call)
    {
        lock (_gate)
        {
            if (_isClosed || (_isDraining && call.TakesPlace))
            {
                return Verdict.ShuttingDown;
            }

            bool mustWait = call.TakesPlace && _running >= options.MaxInFlight;
            if (mustWait && _waiting.Count >= options.MaxInFlight)
            {
                return Verdict.Busy;
            }

            // An answered null id can mean any request, so such requests cannot be cancelled and may repeat.
            if (!call.Id.IsNull && !_open.TryAdd(call.Id, call))
            {
                return Verdict.Duplicate;
            }

            if (mustWait)
            {
                _waiting.Enqueue(call);
                return Verdict.Wait;
            }

            _running += call.TakesPlace ? 1 : 0;
            return Verdict.Run;
        }
    }

    private Verdict AdmitNotification(IncomingCall call)
    {
        lock (_gate)
        {
            if (_isClosed || _isDraining)
            {
                return Verdict.Wait;
            }

            if (_notifications.Count >= options.MaxInFlight * 2)
            {
                return Verdict.Busy;
            }

            _notifications.Enqueue(call);
            if (_isNotifying)
            {
                return Verdict.Wait;
            }

            _isNotifying = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static calls => _ = calls.RunNotificationsAsync(), this, preferLocal: false);
        return Verdict.Wait;
    }

    private async Task RunNotificationsAsync()
    {
        while (TakeNotification() is { } call)
        {
            await call.RunAsync().ConfigureAwait(false);
        }
    }

    private IncomingCall? TakeNotification()
    {
        IncomingCall? call;
        TaskCompletionSource? reader;
        TaskCompletionSource? drained;
        lock (_gate)
        {
            _isNotifying = _notifications.TryDequeue(out call);
            reader = TakeReader();
            drained = TakeDrained();
        }

        reader?.TrySetResult();
        drained?.TrySetResult();
        return call;
    }

    private TaskCompletionSource? TakeReader()
    {
        TaskCompletionSource? reader = IsFullLocked ? null : _reader;
        _reader = reader is null ? _reader : null;
        return reader;
    }

    private TaskCompletionSource? TakeDrained()
    {
        TaskCompletionSource? drained = IsIdle ? _drained : null;
        _drained = drained is null ? _drained : null;
        return drained;
    }
}
