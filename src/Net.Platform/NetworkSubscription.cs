using System.Threading.Channels;

namespace Net.Platform;

/// <summary>A stream of network changes.</summary>
public sealed class NetworkSubscription : IDisposable
{
    private readonly Channel<NetworkChange> _channel;
    private readonly Action<NetworkSubscription> _end;
    private bool _isOverrun;

    internal NetworkSubscription(NetworkSnapshot start, int capacity, Action<NetworkSubscription> end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Start = start;
        _end = end;
        _channel = Channel.CreateBounded<NetworkChange>(new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleWriter = true,
        });
    }

    /// <summary>The network at the moment of subscribing: changes count from here.</summary>
    public NetworkSnapshot Start { get; }

    /// <summary>The changes in order. Completes when the monitor or the subscription is disposed.</summary>
    public ChannelReader<NetworkChange> Changes => _channel.Reader;

    /// <inheritdoc />
    public void Dispose()
    {
        _end(this);
        Complete();
    }

    internal void Publish(NetworkChange change)
    {
        if (_isOverrun)
        {
            // What is queued is stale already: the reader is told to look at the snapshot as soon as there is room.
            _isOverrun = !_channel.Writer.TryWrite(new OverrunChange(MustReadSnapshot: true) { Timestamp = change.Timestamp });
            if (_isOverrun)
            {
                return;
            }
        }

        _isOverrun = !_channel.Writer.TryWrite(change);
        if (_isOverrun)
        {
            // Make room by dropping what nobody read, so that the reader learns of the loss even if nothing happens any more.
            while (_channel.Reader.TryRead(out _))
            {
            }

            _isOverrun = !_channel.Writer.TryWrite(new OverrunChange(MustReadSnapshot: true) { Timestamp = change.Timestamp });
        }
    }

    internal void Complete() => _channel.Writer.TryComplete();
}
