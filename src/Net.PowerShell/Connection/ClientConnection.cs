using Net.Client;
using Net.Contracts;

namespace Net.PowerShell.Connection;

/// <summary>A connection through <see cref="EngineClient"/>.</summary>
internal sealed class ClientConnection(EngineClient client) : IEngineConnection
{
    /// <inheritdoc />
    public HelloReply Hello => client.Hello;

    /// <inheritdoc />
    public bool IsOpen => client.IsConnected;

    /// <inheritdoc />
    public Task<TResult> CallAsync<TRequest, TResult>(
        ApiMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken) =>
        client.CallAsync(method, request, cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<TItem> StreamAsync<TRequest, TItem>(
        ApiStream<TRequest, TItem> method, TRequest request, CancellationToken cancellationToken) =>
        client.StreamAsync(method, request, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => client.DisposeAsync();
}
