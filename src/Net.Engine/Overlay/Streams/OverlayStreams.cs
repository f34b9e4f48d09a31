using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Net.Contracts;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Engine.Overlay.Streams;

/// <summary>Application streams of one overlay. They live as long as the worker that carries them.</summary>
internal sealed class OverlayStreams(Func<WorkerMessage, bool> send)
{
    /// <summary>The most bytes one message to a worker carries.</summary>
    public const int ChunkBytes = 64 * 1024;

    // Streams nobody accepts are refused beyond this many of a protocol.
    private const int MaxWaiting = 64;

    private readonly ConcurrentDictionary<long, ApplicationStream> _streams = new();
    private readonly ConcurrentDictionary<string, Channel<ApplicationStream>> _waiting = new(StringComparer.Ordinal);
    private long _next;

    /// <summary>Takes streams of a protocol before applications can; null leaves all to them.</summary>
    public Func<ApplicationStream, bool>? Intercept { get; set; }

    /// <summary>Opens a stream.</summary>
    /// <exception cref="EngineException">There is no session, or the peer refused it.</exception>
    public async Task<ApplicationStream> OpenAsync(int peerIndex, string peer, string protocol, CancellationToken cancellationToken)
    {
        var stream = new ApplicationStream(Interlocked.Increment(ref _next), peer, protocol);
        _streams[stream.Id] = stream;
        if (!send(new OpenApplicationStream(stream.Id, peerIndex, protocol)))
        {
            _streams.TryRemove(stream.Id, out _);
            throw new EngineException(ErrorCatalogue.OverlayNotRunning, "The overlay's worker does not run now.", peer);
        }

        try
        {
            await stream.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Close(stream);
            throw;
        }

        return stream;
    }

    /// <summary>Waits for a stream a peer opens.</summary>
    public async Task<ApplicationStream> AcceptAsync(string protocol, CancellationToken cancellationToken) =>
        await WaitingFor(protocol).Reader.ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>A stream by its number.</summary>
    public ApplicationStream? Find(long id) => _streams.GetValueOrDefault(id);

    /// <summary>Sends; returns when the session took all of it.</summary>
    public async Task WriteAsync(ApplicationStream stream, ReadOnlyMemory<byte> data, bool isFinal, CancellationToken cancellationToken)
    {
        await stream.Writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            do
            {
                ReadOnlyMemory<byte> chunk = data[..Math.Min(data.Length, ChunkBytes)];
                data = data[chunk.Length..];
                if (!send(new WriteApplicationStream(stream.Id, chunk.ToArray(), isFinal && data.Length == 0)))
                {
                    throw new EngineException(ErrorCatalogue.OverlayNotRunning, "The overlay's worker does not run now.", stream.Peer);
                }

                await stream.WaitWrittenAsync(cancellationToken).ConfigureAwait(false);
            }
            while (data.Length > 0);
        }
        finally
        {
            stream.Writing.Release();
        }
    }

    /// <summary>Receives until the peer's last; what was taken lets the peer send more.</summary>
    public async IAsyncEnumerable<(byte[] Data, bool IsFinal)> ReadAsync(ApplicationStream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach ((byte[] data, bool isFinal) in stream.Incoming.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return (data, isFinal);
            if (data.Length > 0)
            {
                send(new ConsumeApplicationStream(stream.Id, data.Length));
            }
        }
    }

    /// <summary>Ends a stream at once.</summary>
    public void Close(ApplicationStream stream)
    {
        if (_streams.TryRemove(stream.Id, out _))
        {
            send(new CloseApplicationStream(stream.Id));
            stream.Close("it was closed here");
        }
    }

    /// <summary>The worker tells of a stream.</summary>
    /// <param name="message">One of the messages about streams.</param>
    /// <param name="nameOf">The name of a peer of the worker.</param>
    /// <returns>False when the message is about something else.</returns>
    public bool Received(WorkerMessage message, Func<int, string?> nameOf)
    {
        switch (message)
        {
            case ApplicationStreamOpened { StreamId: > 0 } opened:
                if (Find(opened.StreamId) is { } ours)
                {
                    if (opened.Problem is { } problem)
                    {
                        _streams.TryRemove(opened.StreamId, out _);
                        ours.Close(problem);
                    }
                    else
                    {
                        ours.Open();
                    }
                }

                return true;
            case ApplicationStreamOpened opened:
                Accepted(opened, nameOf(opened.PeerIndex));
                return true;
            case ApplicationStreamReceived received:
                Find(received.StreamId)?.Received(received.Data, received.IsFinal);
                return true;
            case ApplicationStreamWritten written:
                Find(written.StreamId)?.Written();
                return true;
            case ApplicationStreamClosed closed:
                if (_streams.TryRemove(closed.StreamId, out ApplicationStream? ended))
                {
                    ended.Close(closed.Reason);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>The worker ended, and all streams with it.</summary>
    public void Reset(string reason)
    {
        foreach (ApplicationStream stream in _streams.Values)
        {
            _streams.TryRemove(stream.Id, out _);
            stream.Close(reason);
        }
    }

    private void Accepted(ApplicationStreamOpened opened, string? peer)
    {
        var stream = new ApplicationStream(opened.StreamId, peer ?? "unknown", opened.Protocol);
        _streams[stream.Id] = stream;
        stream.Open();
        if (Intercept?.Invoke(stream) != true && (peer is null || _waiting.Count > MaxWaiting || !WaitingFor(opened.Protocol).Writer.TryWrite(stream)))
        {
            Close(stream);
        }
    }

    private Channel<ApplicationStream> WaitingFor(string protocol) =>
        _waiting.GetOrAdd(protocol, _ => Channel.CreateBounded<ApplicationStream>(MaxWaiting));
}
