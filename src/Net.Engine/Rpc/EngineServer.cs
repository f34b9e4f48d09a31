using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Metrics;
using Net.Rpc;

namespace Net.Engine.Rpc;

/// <summary>Serves clients at the engine's socket.</summary>
internal sealed partial class EngineServer(
    RpcDispatcher dispatcher, IPeerIdentifier identifier, EngineOptions options, TimeProvider clock, ILogger<EngineServer> logger)
    : IRpcObserver, IMetricSource, IAsyncDisposable
{
    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private RpcServer? _server;
    private Socket? _socket;
    private Task _running = Task.CompletedTask;
    private long _calls;
    private long _failures;
    private long _dropped;

    /// <summary>Clients connected now.</summary>
    public int ClientCount => _server?.Connections.Count ?? 0;

    /// <summary>Begins to serve.</summary>
    public void Start(Socket socket)
    {
        _socket = socket;
        _server = new RpcServer(dispatcher, new RpcConnectionOptions
        {
            ExceptionMapper = EngineErrors.ToRpc,
            Observer = this,
            TimeProvider = clock,
            KeepAliveInterval = TimeSpan.FromMinutes(1),
        });
        _running = _server.RunAsync(AcceptAsync, _stop.Token);
    }

    /// <summary>Takes no new clients, lets running calls end and closes.</summary>
    public async Task DrainAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket?.Dispose();
        File.Delete(options.SocketPath);
        if (_server is not null)
        {
            await _server.DrainAsync(options.DrainTimeout, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void CallFinished(RpcCallContext context, RpcCallOutcome outcome, int errorCode, TimeSpan duration)
    {
        Interlocked.Increment(ref _calls);
        if (errorCode != 0)
        {
            Interlocked.Increment(ref _failures);
        }

        Log.CallFinished(logger, context.Method, outcome, errorCode, duration.TotalMilliseconds);
    }

    /// <inheritdoc />
    public void HandlerFailed(RpcCallContext context, Exception exception)
    {
        if (exception is not EngineException)
        {
            Log.HandlerFailed(logger, exception, context.Method);
        }
    }

    /// <inheritdoc />
    public void NotificationDropped(RpcConnection connection, string method) => Interlocked.Increment(ref _dropped);

    /// <inheritdoc />
    public void ConnectionClosed(RpcConnection connection, RpcCloseReason reason, string? detail) =>
        Log.ConnectionClosed(logger, reason is RpcCloseReason.PeerClosed or RpcCloseReason.Closed ? LogLevel.Debug : LogLevel.Warning,
            (connection.State as CallerIdentity)?.Client ?? "unknown", reason, detail);

    /// <inheritdoc />
    public void Collect(PrometheusWriter writer)
    {
        writer.Metric("rpc_connections", "gauge", "Clients connected.").Sample("rpc_connections", ClientCount);
        writer.Metric("rpc_calls_total", "counter", "Calls that ended.").Sample("rpc_calls_total", Interlocked.Read(ref _calls));
        writer.Metric("rpc_failures_total", "counter", "Calls that ended with an error.").Sample("rpc_failures_total", Interlocked.Read(ref _failures));
        writer.Metric("rpc_notifications_dropped_total", "counter", "Notifications slow clients did not get.").Sample("rpc_notifications_dropped_total", Interlocked.Read(ref _dropped));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        try
        {
            await _running.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // That is how it ends.
        }

        _stop.Dispose();
    }

    private async ValueTask<(Stream Stream, object? State)> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _socket!.AcceptAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Out of descriptors, for example: the others go on, and this one is tried again.
                Log.AcceptFailed(logger, exception);
                await Task.Delay(AcceptRetry, clock, cancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                return (new NetworkStream(client, ownsSocket: true), identifier.Identify(client));
            }
            catch (Exception exception)
            {
                // It went away before the kernel could say who it was.
                client.Dispose();
                Log.NotIdentified(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Trace, "{Method} ended: {Outcome} {ErrorCode} after {Milliseconds:F2} ms.", EventName = "CallFinished")]
        public static partial void CallFinished(ILogger logger, string method, RpcCallOutcome outcome, int errorCode, double milliseconds);

        [LoggerMessage(2, LogLevel.Error, "{Method} failed by a fault of the engine.", EventName = "HandlerFailed")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string method);

        [LoggerMessage(EventId = 3, Message = "The connection of {Client} closed: {Reason} {Detail}", EventName = "ConnectionClosed")]
        public static partial void ConnectionClosed(ILogger logger, LogLevel level, string client, RpcCloseReason reason, string? detail);

        [LoggerMessage(5, LogLevel.Error, "A client could not be accepted; it is tried again.", EventName = "AcceptFailed")]
        public static partial void AcceptFailed(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Warning, "A client could not be identified and was refused.", EventName = "ClientNotIdentified")]
        public static partial void NotIdentified(ILogger logger, Exception exception);
    }
}
