using System.Collections.Concurrent;

namespace Net.Rpc;

/// <summary>Keeps the connections of many peers. How they are accepted, and who they are, is the business of the caller.</summary>
/// <param name="dispatcher">The methods peers may call.</param>
/// <param name="options">Limits and hooks of each connection, or null for the defaults.</param>
/// <param name="maxConnections">The most connections at once; a further one is closed on arrival.</param>
public sealed class RpcServer(RpcDispatcher dispatcher, RpcConnectionOptions? options = null, int maxConnections = 1024) : IAsyncDisposable
{
    private readonly RpcConnectionOptions _options = options ?? new RpcConnectionOptions();
    private readonly ConcurrentDictionary<RpcConnection, Task> _connections = new();
    private int _count;
    private volatile bool _isDraining;

    /// <summary>The connections that are open.</summary>
    public IReadOnlyCollection<RpcConnection> Connections => [.. _connections.Keys];

    /// <summary>Takes a connected stream and serves it until it closes.</summary>
    /// <param name="stream">The stream; it belongs to the server from now on.</param>
    /// <param name="state">What <see cref="RpcConnection.State"/> starts with: who the peer is.</param>
    /// <returns>The started connection, or null when there are too many or the server is draining; the stream is closed then.</returns>
    public async ValueTask<RpcConnection?> AcceptAsync(Stream stream, object? state = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (Interlocked.Increment(ref _count) > maxConnections || _isDraining)
        {
            Interlocked.Decrement(ref _count);
            await stream.DisposeAsync().ConfigureAwait(false);
            return null;
        }

        var connection = new RpcConnection(stream, dispatcher, _options, state);
        var isAdded = new TaskCompletionSource();
        _connections.TryAdd(connection, ForgetWhenClosedAsync(connection, isAdded.Task));
        isAdded.SetResult();
        connection.Start();
        if (_isDraining)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        return connection;
    }

    /// <summary>Accepts and serves peers until cancelled.</summary>
    /// <param name="accept">Waits for the next peer: a stream and what is known about it.</param>
    /// <param name="cancellationToken">Stops accepting; connections stay open.</param>
    public async Task RunAsync(Func<CancellationToken, ValueTask<(Stream Stream, object? State)>> accept, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(accept);
        try
        {
            while (true)
            {
                (Stream stream, object? state) = await accept(cancellationToken).ConfigureAwait(false);
                await AcceptAsync(stream, state).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Closes all connections gracefully and takes no new ones.</summary>
    /// <param name="drainTime">How long running requests may take.</param>
    /// <param name="cancellationToken">Closes at once.</param>
    public async Task DrainAsync(TimeSpan drainTime, CancellationToken cancellationToken = default)
    {
        _isDraining = true;
        KeyValuePair<RpcConnection, Task>[] open = [.. _connections];
        await Task.WhenAll(open.Select(entry => entry.Key.CloseAsync(drainTime, cancellationToken))).ConfigureAwait(false);
        await Task.WhenAll(open.Select(entry => entry.Value)).ConfigureAwait(false);
    }

    /// <summary>Closes all connections at once.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDraining = true;
        foreach ((RpcConnection connection, Task forgotten) in _connections)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            await forgotten.ConfigureAwait(false);
        }
    }

    private async Task ForgetWhenClosedAsync(RpcConnection connection, Task isAdded)
    {
        await isAdded.ConfigureAwait(false);
        await connection.Completion.ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
        Interlocked.Decrement(ref _count);
    }
}
