using System.Text.Json.Serialization.Metadata;

namespace Net.Rpc.Streams;

/// <summary>The streams this side produces on one connection, by token. Tokens count from 1.</summary>
internal sealed class StreamProducers(RpcConnectionOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, StreamProducer> _open = [];
    private long _next = 1;
    private int _ofPeer;
    private bool _isClosed;

    public bool IsAnyOpen
    {
        get
        {
            lock (_gate)
            {
                return _open.Count > 0;
            }
        }
    }

    /// <summary>A stream the peer opens by a call; refused beyond the limit.</summary>
    public StreamProducer AddResult<T>(Func<CancellationToken, IAsyncEnumerable<T>> source, JsonTypeInfo<T> info, RpcStreamOptions streamOptions) =>
        Add(source, info, streamOptions, isOfPeer: true);

    /// <summary>A stream this side passes as an argument.</summary>
    public StreamProducer AddArgument<T>(IAsyncEnumerable<T> items, JsonTypeInfo<T> info, RpcStreamOptions streamOptions) =>
        Add(_ => items, info, streamOptions, isOfPeer: false);

    public StreamProducer? Find(long token)
    {
        lock (_gate)
        {
            return _open.GetValueOrDefault(token);
        }
    }

    public void Remove(StreamProducer producer)
    {
        lock (_gate)
        {
            if (_open.Remove(producer.Token) && producer.IsOfPeer)
            {
                _ofPeer--;
            }
        }

        producer.Dispose();
    }

    public void CloseAll()
    {
        StreamProducer[] open;
        lock (_gate)
        {
            _isClosed = true;
            open = [.. _open.Values];
            _open.Clear();
            _ofPeer = 0;
        }

        foreach (StreamProducer producer in open)
        {
            producer.Dispose();
        }
    }

    private StreamProducer<T> Add<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> source, JsonTypeInfo<T> info, RpcStreamOptions streamOptions, bool isOfPeer)
    {
        StreamProducer<T> producer;
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new RpcException(RpcErrorCodes.ShuttingDown, "The connection is closing.");
            }

            if (isOfPeer && _ofPeer >= options.MaxStreams)
            {
                throw new RpcException(RpcErrorCodes.Busy, $"No more than {options.MaxStreams} streams may be open on one connection.");
            }

            producer = new StreamProducer<T>(_next++, isOfPeer, source, info, streamOptions);
            _open.Add(producer.Token, producer);
            _ofPeer += isOfPeer ? 1 : 0;
        }

        producer.Resume();
        return producer;
    }
}
