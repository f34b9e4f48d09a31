using System.Buffers.Binary;
using System.Buffers.Text;

namespace Net.Rpc.Wire;

/// <summary>
/// The outgoing side: messages are copied into one buffer while another is being written, so that many messages share one
/// write. Bounded: senders that can wait do so above the limit, and a peer that takes nothing for too long fails the connection.
/// </summary>
internal sealed class SendQueue : IDisposable
{
    // A slow but living peer must show progress within the write timeout, so one write is never too much of it.
    private const int WriteAtMost = 128 * 1024;

    private readonly Stream _stream;
    private readonly RpcConnectionOptions _options;
    private readonly Action<RpcCloseReason, string?> _fail;
    private readonly Action<int>? _sent;
    private readonly ITimer _writeTimer;
    private readonly Lock _gate = new();
    private MessageBuffer _pending = new();
    private MessageBuffer _writing = new();
    private List<TaskCompletionSource>? _waiters;
    private TaskCompletionSource? _drained;
    private Dictionary<string, byte[]>? _latest;
    private int _corks;
    private bool _isWriting;
    private bool _isClosed;

    public SendQueue(Stream stream, RpcConnectionOptions options, Action<RpcCloseReason, string?> fail, Action<int>? sent)
    {
        _stream = stream;
        _options = options;
        _fail = fail;
        _sent = sent;
        _writeTimer = options.TimeProvider.CreateTimer(
            static state => ((SendQueue)state!).OnWriteTimeout(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether another message may be queued without waiting.</summary>
    public bool HasRoom => Volatile.Read(ref _isClosed) || Queued < _options.MaxOutgoingBytes;

    /// <summary>Whether so much waits that the peer must not be read, since answers to what it sends would only add to it.</summary>
    public bool IsOverfull => !Volatile.Read(ref _isClosed) && Queued >= 2L * _options.MaxOutgoingBytes;

    private int Queued => _pending.Length + _writing.Length;

    /// <summary>Waits until there is room again. Ends at once when the connection closes: what is sent then goes nowhere.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isClosed || Queued < _options.MaxOutgoingBytes)
            {
                return Task.CompletedTask;
            }

            (_waiters ??= []).Add(waiter);
        }

        return waiter.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Queues a message, whether there is room or not; false when the connection is closed.</summary>
    public bool Append(ReadOnlySpan<byte> message)
    {
        bool start;
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            AppendFrame(message);
            start = TryStartWriting();
        }

        StartWriting(start);
        return true;
    }

    /// <summary>
    /// Queues a message only if there is room. Without room, a message with a key is kept as the latest of that key until there
    /// is room again, replacing an earlier one; one without a key is refused.
    /// </summary>
    public bool TryAppend(ReadOnlySpan<byte> message, string? key)
    {
        bool start;
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            bool keyWaits = key is not null && _latest is not null && _latest.ContainsKey(key);
            if (Queued >= _options.MaxOutgoingBytes || keyWaits)
            {
                if (key is null || (!keyWaits && _latest?.Count >= 4096))
                {
                    return false;
                }

                (_latest ??= new Dictionary<string, byte[]>(StringComparer.Ordinal))[key] = message.ToArray();
                return true;
            }

            AppendFrame(message);
            start = TryStartWriting();
        }

        StartWriting(start);
        return true;
    }

    /// <summary>Holds writing back until <see cref="Uncork"/>, so that answers to messages that came together leave together.</summary>
    public void Cork()
    {
        lock (_gate)
        {
            _corks++;
        }
    }

    public void Uncork()
    {
        bool start;
        lock (_gate)
        {
            _corks--;
            start = TryStartWriting();
        }

        StartWriting(start);
    }

    /// <summary>Completes when everything queued so far is written or the connection is closed.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            if (_isClosed || (!_isWriting && _pending.Length == 0))
            {
                return Task.CompletedTask;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    public void Dispose()
    {
        List<TaskCompletionSource>? waiters;
        TaskCompletionSource? drained;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            Volatile.Write(ref _isClosed, true);
            waiters = _waiters;
            drained = _drained;
            _waiters = null;
            _latest = null;
            if (!_isWriting)
            {
                _pending.Release();
                _writing.Release();
            }
        }

        _writeTimer.Dispose();
        drained?.TrySetResult();
        waiters?.ForEach(static waiter => waiter.TrySetResult());
    }

    private void AppendFrame(ReadOnlySpan<byte> message)
    {
        switch (_options.Framing)
        {
            case RpcFraming.Header:
                _pending.Append("Content-Length: "u8);
                Span<byte> digits = _pending.GetSpan(16);
                Utf8Formatter.TryFormat(message.Length, digits, out int count);
                _pending.Advance(count);
                _pending.Append("\r\n\r\n"u8);
                _pending.Append(message);
                break;
            case RpcFraming.LengthHeader:
                BinaryPrimitives.WriteInt32BigEndian(_pending.GetSpan(sizeof(int)), message.Length);
                _pending.Advance(sizeof(int));
                _pending.Append(message);
                break;
            default:
                _pending.Append(message);
                _pending.Append("\r\n"u8);
                break;
        }
    }

    private bool TryStartWriting()
    {
        if (_isWriting || _corks > 0 || _isClosed || _pending.Length == 0)
        {
            return false;
        }

        _isWriting = true;
        return true;
    }

    private void StartWriting(bool start)
    {
        if (start)
        {
            _ = WriteAllAsync();
        }
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (TakePending())
            {
                ReadOnlyMemory<byte> rest = _writing.WrittenMemory;
                while (!rest.IsEmpty)
                {
                    int count = Math.Min(rest.Length, WriteAtMost);
                    await WriteAsync(rest[..count]).ConfigureAwait(false);
                    _sent?.Invoke(count);
                    rest = rest[count..];
                }
            }
        }
        catch (Exception exception)
        {
            // Whoever disposed the stream has given the reason already; then this one is ignored. Nobody awaits this
            // loop, so whatever went wrong has to end the connection here.
            _fail(RpcCloseReason.IoError, exception.Message);
            StopWriting();
        }
    }

    private ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        ValueTask write = _stream.WriteAsync(bytes);
        return write.IsCompletedSuccessfully ? write : WriteWithinTimeAsync(write);
    }

    private async ValueTask WriteWithinTimeAsync(ValueTask write)
    {
        _writeTimer.Change(_options.WriteTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            await write.ConfigureAwait(false);
        }
        finally
        {
            _writeTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private bool TakePending()
    {
        List<TaskCompletionSource>? waiters = null;
        TaskCompletionSource? drained = null;
        bool more;
        lock (_gate)
        {
            _writing.Clear();
            if (_isClosed)
            {
                _isWriting = false;
                _pending.Release();
                _writing.Release();
                return false;
            }

            if (_latest is { Count: > 0 } && _pending.Length < _options.MaxOutgoingBytes)
            {
                foreach (byte[] message in _latest.Values)
                {
                    AppendFrame(message);
                }

                _latest.Clear();
            }

            more = _pending.Length > 0 && _corks == 0;
            if (more)
            {
                (_pending, _writing) = (_writing, _pending);
            }
            else
            {
                _isWriting = false;
            }

            if (_waiters is not null && Queued < _options.MaxOutgoingBytes)
            {
                waiters = _waiters;
                _waiters = null;
            }

            if (_pending.Length == 0 && !more)
            {
                drained = _drained;
                _drained = null;
            }
        }

        waiters?.ForEach(static waiter => waiter.TrySetResult());
        drained?.TrySetResult();
        return more;
    }

    private void StopWriting()
    {
        lock (_gate)
        {
            _isWriting = false;
            _pending.Release();
            _writing.Release();
        }
    }

    private void OnWriteTimeout() =>
        _fail(RpcCloseReason.SlowPeer, "The peer did not take what was sent to it in time.");
}
