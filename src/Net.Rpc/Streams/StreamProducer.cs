using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Wire;

namespace Net.Rpc.Streams;

/// <summary>A stream whose items this side produces and the peer fetches.</summary>
internal abstract class StreamProducer(long token, bool isOfPeer) : IDisposable
{
    public long Token { get; } = token;

    /// <summary>Whether the peer opened it, so that it counts against the peer's limit.</summary>
    public bool IsOfPeer { get; } = isOfPeer;

    /// <summary>Waits until an answer of at least this many items can be given, or the stream has ended.</summary>
    public abstract Task WaitAsync(int count, CancellationToken cancellationToken);

    /// <summary>Writes the members <c>values</c> and returns whether the stream has ended and nothing is left. Throws what the source threw.</summary>
    public abstract bool WriteValues(MessageWriter writer, int most);

    public abstract RpcStreamOptions Options { get; }

    public abstract void Dispose();
}

/// <inheritdoc />
internal sealed class StreamProducer<T>(
    long token, bool isOfPeer, Func<CancellationToken, IAsyncEnumerable<T>> source, JsonTypeInfo<T> info, RpcStreamOptions options)
    : StreamProducer(token, isOfPeer), IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _ready = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource? _consumer;
    private TaskCompletionSource? _pump;
    private int _wanted;
    private bool _isEnded;
    private bool _isStarted;
    private Exception? _failure;

    public override RpcStreamOptions Options => options;

    private bool CanAnswer => _isEnded || _ready.Count >= _wanted;

    private bool MayProduce => !_isEnded && _ready.Count < Math.Max(options.MaxReadAhead, _consumer is null ? 0 : _wanted);

    public override async Task WaitAsync(int count, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            if (_consumer is not null)
            {
                throw new RpcException(RpcErrorCodes.InvalidRequest, "The items of this stream are already being fetched.");
            }

            _wanted = Math.Max(1, count);
            if (CanAnswer)
            {
                return;
            }

            _consumer = waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Resume();
        try
        {
            await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _consumer = null;
            }
        }
    }

    public override bool WriteValues(MessageWriter writer, int most)
    {
        int count;
        lock (_gate)
        {
            count = Math.Min(_ready.Count, most);
            if (count == 0 && _failure is not null)
            {
                throw _failure;
            }
        }

        Utf8JsonWriter json = writer.Json;
        json.WriteStartArray("values"u8);
        long start = writer.Buffer.Length + json.BytesPending;
        while (count-- > 0 && writer.Buffer.Length + json.BytesPending - start < options.MaxBatchBytes)
        {
            T item;
            lock (_gate)
            {
                item = _ready.Dequeue();
            }

            JsonSerializer.Serialize(json, item, info);
        }

        json.WriteEndArray();
        Resume();
        lock (_gate)
        {
            return _isEnded && _ready.Count == 0 && _failure is null;
        }
    }

    /// <summary>Begins to produce ahead, or lets the pump go on if it waits and may.</summary>
    public void Resume()
    {
        TaskCompletionSource? pump = null;
        lock (_gate)
        {
            if (!MayProduce)
            {
                return;
            }

            if (_isStarted)
            {
                pump = _pump;
                _pump = null;
            }
            else
            {
                _isStarted = true;
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        pump?.TrySetResult();
    }

    public void Execute() => _ = PumpAsync();

    public override void Dispose()
    {
        TaskCompletionSource? pump;
        TaskCompletionSource? consumer;
        lock (_gate)
        {
            pump = _pump;
            _pump = null;
            consumer = _consumer;
            if (!_isEnded)
            {
                _isEnded = true;
                _failure = new RpcException(RpcErrorCodes.NoSuchStream, "The stream was closed.");
            }

            _ready.Clear();
        }

        // What the source does on cancellation runs on the thread pool, not on the thread that reads the connection.
        _ = _stop.CancelAsync();
        pump?.TrySetResult();
        consumer?.TrySetResult();
    }

    private async Task PumpAsync()
    {
        Exception? failure = null;
        try
        {
            ConfiguredCancelableAsyncEnumerable<T>.Enumerator items =
                source(_stop.Token).WithCancellation(_stop.Token).ConfigureAwait(false).GetAsyncEnumerator();
            try
            {
                while (!_stop.IsCancellationRequested)
                {
                    await WaitForDemandAsync().ConfigureAwait(false);
                    if (_stop.IsCancellationRequested || !await items.MoveNextAsync())
                    {
                        break;
                    }

                    Add(items.Current);
                }
            }
            finally
            {
                await items.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            // Whatever the source threw belongs to the consumer's next fetch; the fetch maps it for the wire.
            failure = exception;
        }

        TaskCompletionSource? consumer;
        lock (_gate)
        {
            _failure ??= failure;
            _isEnded = true;
            consumer = _consumer;
        }

        consumer?.TrySetResult();
    }

    private Task WaitForDemandAsync()
    {
        lock (_gate)
        {
            if (MayProduce || _stop.IsCancellationRequested)
            {
                return Task.CompletedTask;
            }

            _pump = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _pump.Task;
        }
    }

    private void Add(T item)
    {
        TaskCompletionSource? consumer = null;
        lock (_gate)
        {
            if (_isEnded)
            {
                return;
            }

            _ready.Enqueue(item);
            if (_consumer is not null && CanAnswer)
            {
                consumer = _consumer;
            }
        }

        consumer?.TrySetResult();
    }
}
