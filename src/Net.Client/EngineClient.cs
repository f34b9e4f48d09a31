using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Net.Contracts;
using Net.Contracts.Json;
using Net.Rpc;
using Net.Rpc.Transport;

namespace Net.Client;

/// <summary>A connection to an engine. Safe to use from many threads; every failure is an <see cref="EngineException"/>.</summary>
public sealed class EngineClient : IAsyncDisposable
{
    private static readonly RpcDispatcher NoMethods = new();

    private readonly RpcConnection _connection;

    private EngineClient(RpcConnection connection, HelloReply hello)
    {
        _connection = connection;
        Hello = hello;
    }

    /// <summary>What the engine said at hello: its version, and what the caller may do.</summary>
    public HelloReply Hello { get; }

    /// <summary>Whether the connection is still open.</summary>
    public bool IsConnected => !_connection.Completion.IsCompleted;

    /// <summary>Completes when the connection has closed.</summary>
    public Task Closed => _connection.Completion;

    /// <summary>Connects and says hello.</summary>
    /// <param name="options">Where to; null for the default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineException">No engine answers there, it speaks another version, or the caller may not open the socket.</exception>
    public static async Task<EngineClient> ConnectAsync(EngineClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EngineClientOptions();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        RpcConnection? connection = null;
        try
        {
            Stream stream = await OpenAsync(options.SocketPath, limit.Token).ConfigureAwait(false);
            connection = new RpcConnection(stream, NoMethods);
            connection.Start();

            // A cancelled call waits for the engine's word on it; one that never said hello may be mute, and is not waited for.
            HelloReply hello = await CallAsync(
                connection, EngineApi.EngineHello, new Hello(EngineApi.ProtocolVersion, options.ClientName, options.ClientVersion), limit.Token)
                .WaitAsync(limit.Token).ConfigureAwait(false);
            return new EngineClient(connection, hello);
        }
        catch (Exception exception)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new EngineException(ErrorCatalogue.EngineNotReachable, $"The engine at {options.SocketPath} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} seconds.", options.SocketPath, exception);
            }

            throw;
        }
    }

    /// <summary>Calls a method.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResult">The result.</typeparam>
    /// <param name="method">Which.</param>
    /// <param name="request">Its arguments.</param>
    /// <param name="cancellationToken">Cancels the call in the engine as well.</param>
    /// <exception cref="EngineException">The engine refused it, or the connection broke.</exception>
    public Task<TResult> CallAsync<TRequest, TResult>(ApiMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        return CallAsync(_connection, method, request, cancellationToken);
    }

    /// <summary>Calls a method that streams. The call begins with the enumeration; ending that early ends the engine's work too.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TItem">An item.</typeparam>
    /// <param name="method">Which.</param>
    /// <param name="request">Its arguments.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="EngineException">The engine refused it, or the connection broke.</exception>
    public async IAsyncEnumerable<TItem> StreamAsync<TRequest, TItem>(
        ApiStream<TRequest, TItem> method, TRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        IAsyncEnumerator<TItem> items = _connection.InvokeStreamAsync(method.Name, request, method.Request, method.Item, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (items.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await items.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (Exception exception) when (Translate(exception) is { } failure)
                {
                    throw failure;
                }

                yield return items.Current;
            }
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<TResult> CallAsync<TRequest, TResult>(
        RpcConnection connection, ApiMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken)
    {
        try
        {
            // The engine is told to cancel and answers when it has; a caller who cancels does not wait for that.
            return await connection.InvokeAsync(method.Name, request, method.Request, method.Result, cancellationToken)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Translate(exception) is { } failure)
        {
            throw failure;
        }
    }

    private static async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // The kernel's word for a missing socket reads like a fault of the network.
                return !File.Exists(path)
                    ? throw new EngineException(ErrorCatalogue.EngineNotReachable, $"No engine serves at {path}: there is no such socket, or you may not look into its folder.", path)
                    : await UnixSocketTransport.ConnectAsync(path, cancellationToken).ConfigureAwait(false);
            }

            var pipe = new NamedPipeClientStream(".", path, PipeDirection.InOut, PipeOptions.Asynchronous);
            await pipe.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return pipe;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new EngineException(ErrorCatalogue.SocketNotPermitted, $"You may not open {path}.", path, exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new EngineException(ErrorCatalogue.EngineNotReachable, $"No engine answers at {path}: {exception.Message}", path, exception);
        }
    }

    private static EngineException? Translate(Exception exception) => exception switch
    {
        RpcException error => FromRpc(error),
        RpcConnectionClosedException closed => new EngineException(ErrorCatalogue.ConnectionLost, $"The connection to the engine broke: {closed.Message}", inner: closed),
        // The peer answered with something no release of ours sends.
        JsonException or FormatException or OverflowException or NotSupportedException =>
            new EngineException(ErrorCatalogue.ProtocolVersionMismatch, $"The engine's answer is not readable: {exception.Message}", inner: exception),
        IOException or ObjectDisposedException => new EngineException(ErrorCatalogue.ConnectionLost, $"The connection to the engine broke: {exception.Message}", inner: exception),
        _ => null,
    };

    private static EngineException FromRpc(RpcException error)
    {
        EngineErrorData? data = null;
        if (error.ErrorData is { ValueKind: JsonValueKind.Object } element)
        {
            try
            {
                data = element.Deserialize(ContractsJsonContext.Default.EngineErrorData);
            }
            catch (JsonException)
            {
                // An error of the protocol itself, which carries no data of ours.
            }
        }

        ErrorDefinition fallback = error.Code switch
        {
            -32601 => ErrorCatalogue.MethodNotFound,
            -32602 => ErrorCatalogue.ArgumentInvalid,
            _ => ErrorCatalogue.InternalFault,
        };
        return new EngineException(
            data is null ? fallback.Code : ErrorCodes.FromRpcCode(error.Code),
            error.Message,
            data ?? new EngineErrorData(fallback.Id, fallback.Code, null, fallback.RecommendedAction));
    }
}
