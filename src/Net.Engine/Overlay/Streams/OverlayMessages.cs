using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Net.Contracts;

namespace Net.Engine.Overlay.Streams;

/// <summary>Messages between applications of nodes, for all overlays of an engine. A message counts as delivered when a queue of an application has it; while none
/// listens, the newest wait for the first that does. Queues are bounded: a sender to a slow application waits, and is refused in the end.</summary>
internal sealed class OverlayMessages(TimeProvider clock)
{
    private const int QueueLength = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly List<Receiver> _receivers = [];
    private readonly Queue<OverlayMessage> _unclaimed = new();

    /// <summary>Sends a message over a stream of its own; returns when the peer's engine said that an application has it.</summary>
    public static async Task SendAsync(OverlayStreams streams, ApplicationStream stream, string topic, byte[] data, CancellationToken cancellationToken)
    {
        try
        {
            await streams.WriteAsync(stream, MessageFrame.Write(topic, data), isFinal: true, cancellationToken).ConfigureAwait(false);
            await foreach ((byte[] answer, bool _) in streams.ReadAsync(stream, cancellationToken).ConfigureAwait(false))
            {
                if (answer is [MessageFrame.Taken, ..])
                {
                    return;
                }

                if (answer.Length > 0)
                {
                    throw new EngineException(ErrorCatalogue.OverlayPeerNotConnected, $"No application of '{stream.Peer}' takes messages of topic '{topic}' now.", stream.Peer);
                }
            }

            throw new EngineException(ErrorCatalogue.OverlayPeerNotConnected, $"'{stream.Peer}' did not say that it has the message.", stream.Peer);
        }
        finally
        {
            streams.Close(stream);
        }
    }

    /// <summary>Takes a stream a peer opened for a message.</summary>
    public async Task TakeAsync(string overlay, OverlayStreams streams, ApplicationStream stream)
    {
        using var limit = new CancellationTokenSource(ReadLimit, clock);
        try
        {
            var frame = new ArrayBufferWriter<byte>();
            await foreach ((byte[] data, bool _) in streams.ReadAsync(stream, limit.Token).ConfigureAwait(false))
            {
                if (frame.WrittenCount + data.Length > MessageFrame.MaxBytes)
                {
                    return;
                }

                frame.Write(data);
            }

            if (ToMessage(overlay, stream.Peer, frame.WrittenSpan) is { } message)
            {
                bool isTaken = await OfferAsync(message, limit.Token).ConfigureAwait(false);
                await streams.WriteAsync(stream, new[] { isTaken ? MessageFrame.Taken : MessageFrame.Refused }, isFinal: true, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is EngineException or OperationCanceledException or ChannelClosedException)
        {
            // The session ended, or the sender took too long; it knows that by itself.
        }
    }

    /// <summary>Messages as they come, those that waited first.</summary>
    public async IAsyncEnumerable<OverlayMessage> ReceiveAsync(ReceiveOverlayMessages request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var receiver = new Receiver(request, Channel.CreateBounded<OverlayMessage>(QueueLength));
        lock (_gate)
        {
            _receivers.Add(receiver);
            for (int count = _unclaimed.Count; count > 0; count--)
            {
                OverlayMessage waiting = _unclaimed.Dequeue();
                if (!receiver.Wants(waiting) || !receiver.Queue.Writer.TryWrite(waiting))
                {
                    _unclaimed.Enqueue(waiting);
                }
            }
        }

        try
        {
            await foreach (OverlayMessage message in receiver.Queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return message;
            }
        }
        finally
        {
            lock (_gate)
            {
                _receivers.Remove(receiver);
            }

            receiver.Queue.Writer.TryComplete();
        }
    }

    private OverlayMessage? ToMessage(string overlay, string peer, ReadOnlySpan<byte> frame)
    {
        if (!MessageFrame.TryRead(frame, out string? topic, out ReadOnlySpan<byte> data))
        {
            return null;
        }

        string? text = System.Text.Unicode.Utf8.IsValid(data) ? Encoding.UTF8.GetString(data) : null;
        return new OverlayMessage(overlay, peer, topic, text, Convert.ToBase64String(data), clock.GetUtcNow());
    }

    private async Task<bool> OfferAsync(OverlayMessage message, CancellationToken cancellationToken)
    {
        Receiver[] wanting;
        lock (_gate)
        {
            wanting = [.. _receivers.Where(receiver => receiver.Wants(message))];
            if (wanting.Length == 0)
            {
                if (_unclaimed.Count >= QueueLength)
                {
                    return false;
                }

                _unclaimed.Enqueue(message);
                return true;
            }
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = clock.CreateTimer(_ => patience.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
        bool isTaken = false;
        foreach (Receiver receiver in wanting)
        {
            try
            {
                await receiver.Queue.Writer.WriteAsync(message, patience.Token).ConfigureAwait(false);
                isTaken = true;
            }
            catch (Exception exception) when (exception is ChannelClosedException or OperationCanceledException)
            {
                // That one stopped listening, or does not read; the others shall have it all the same.
            }
        }

        return isTaken;
    }

    private sealed record Receiver(ReceiveOverlayMessages Request, Channel<OverlayMessage> Queue)
    {
        public bool Wants(OverlayMessage message) =>
            (Request.Overlay is null || NameFilter.Matches([Request.Overlay], message.Overlay))
            && (Request.Topic is null || NameFilter.Matches([Request.Topic], message.Topic))
            && (Request.Peer is null || NameFilter.Matches([Request.Peer], message.Peer));
    }
}
