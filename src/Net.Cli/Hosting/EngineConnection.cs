using Net.Cli.Commands;
using Net.Client;
using Net.Contracts;

namespace Net.Cli.Hosting;

/// <summary>A connection to a real engine.</summary>
internal sealed class EngineConnection(EngineClient client) : IEngineConnection
{
    /// <inheritdoc />
    public HelloReply Hello => client.Hello;

    /// <summary>Connects to the engine at a socket, null for the default one.</summary>
    /// <exception cref="EngineException">No engine answers there.</exception>
    public static async Task<IEngineConnection> ConnectAsync(string? socket, CancellationToken cancellationToken)
    {
        var options = new EngineClientOptions { ClientName = "netmod", ClientVersion = VersionCommand.Version };
        return new EngineConnection(await EngineClient.ConnectAsync(socket is null ? options : options with { SocketPath = socket }, cancellationToken));
    }

    /// <inheritdoc />
    public Task<TResult> CallAsync<TRequest, TResult>(ApiMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken) =>
        client.CallAsync(method, request, cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<TItem> StreamAsync<TRequest, TItem>(ApiStream<TRequest, TItem> method, TRequest request, CancellationToken cancellationToken) =>
        client.StreamAsync(method, request, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => client.DisposeAsync();
}
