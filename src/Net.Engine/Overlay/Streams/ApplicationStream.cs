using System.Threading.Channels;
using Net.Contracts;

namespace Net.Engine.Overlay.Streams;

/// <summary>One stream between applications of two nodes, as the engine sees it. The worker sends no more than the credit it was given, so what waits here is bounded.</summary>
internal sealed class ApplicationStream(long id, string peer, string protocol)
{
    private readonly Channel<(byte[] Data, bool IsFinal)> _incoming = Channel.CreateUnbounded<(byte[], bool)>();
    private readonly Channel<bool> _written = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _closed;

    /// <summary>The worker's number of it.</summary>
    public long Id => id;

    /// <summary>The peer's name.</summary>
    public string Peer => peer;

    /// <summary>What speaks over it.</summary>
    public string Protocol => protocol;

    /// <summary>One writer at a time.</summary>
    public SemaphoreSlim Writing { get; } = new(1, 1);

    /// <summary>Completes when the session has it; fails when it could not be opened.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Data as it comes.</summary>
    public ChannelReader<(byte[] Data, bool IsFinal)> Incoming => _incoming.Reader;

    /// <summary>The session has it.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Data came.</summary>
    public void Received(byte[] data, bool isFinal)
    {
        _incoming.Writer.TryWrite((data, isFinal));
        if (isFinal)
        {
            _incoming.Writer.TryComplete();
        }
    }

    /// <summary>The session took what was written last.</summary>
    public void Written() => _written.Writer.TryWrite(true);

    /// <summary>Waits until the session took what was written last.</summary>
    /// <exception cref="EngineException">The stream ended.</exception>
    public async Task WaitWrittenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _written.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException exception)
        {
            throw Gone(exception);
        }
    }

    /// <summary>It ended.</summary>
    public void Close(string reason)
    {
        _closed ??= reason;
        _opened.TrySetException(Gone(null));
        _ = _opened.Task.Exception;
        _written.Writer.TryComplete();
        _incoming.Writer.TryComplete(Gone(null));
    }

    private EngineException Gone(Exception? inner) => new(ErrorCatalogue.OverlayPeerNotConnected, $"The stream to '{peer}' ended: {_closed}", peer, inner);
}
