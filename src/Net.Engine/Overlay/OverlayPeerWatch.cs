using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Net.Contracts;

namespace Net.Engine.Overlay;

/// <summary>Hands changes of peers to whoever watches. A watcher that does not read loses the oldest of what waits for it.</summary>
internal sealed class OverlayPeerWatch
{
    private const int WatcherCapacity = 1024;

    private readonly Lock _gate = new();
    private readonly HashSet<Channel<OverlayPeerChange>> _watchers = [];

    /// <summary>Tells of a change.</summary>
    public void Publish(OverlayPeerChange change)
    {
        lock (_gate)
        {
            foreach (Channel<OverlayPeerChange> watcher in _watchers)
            {
                watcher.Writer.TryWrite(change);
            }
        }
    }

    /// <summary>Peers as they are, and then as they change.</summary>
    /// <param name="present">Gives what is now; asked once the watch has begun, so that nothing is missed between.</param>
    /// <param name="wants">Which changes to give.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public async IAsyncEnumerable<OverlayPeerChange> WatchAsync(
        Func<IEnumerable<OverlayPeerChange>> present, Func<OverlayPeerChange, bool> wants, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<OverlayPeerChange> channel = Channel.CreateBounded<OverlayPeerChange>(
            new BoundedChannelOptions(WatcherCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_gate)
        {
            _watchers.Add(channel);
        }

        try
        {
            foreach (OverlayPeerChange change in present())
            {
                yield return change;
            }

            await foreach (OverlayPeerChange change in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (wants(change))
                {
                    yield return change;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(channel);
            }
        }
    }
}
