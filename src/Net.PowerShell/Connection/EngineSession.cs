using System.Runtime.CompilerServices;
using Net.Contracts;

namespace Net.PowerShell.Connection;

/// <summary>The one connection of a PowerShell session. It connects when first needed, again after the connection broke,
/// and may be used from several threads at once.</summary>
internal sealed class EngineSession(
    Func<EngineTarget> defaultTarget,
    Func<EngineTarget, CancellationToken, Task<IEngineConnection>> connect) : IEngineCaller, IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private EngineTarget? _target;
    private IEngineConnection? _connection;

    /// <summary>Connects to <paramref name="target"/> from now on. A failure leaves the present connection as it is.</summary>
    public async Task<IEngineConnection> ConnectAsync(EngineTarget target, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IEngineConnection next = await connect(target, cancellationToken).ConfigureAwait(false);
            IEngineConnection? previous = _connection;
            _connection = next;
            _target = target;
            await CloseAsync(previous).ConfigureAwait(false);
            return next;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes the connection and goes back to the default engine.</summary>
    /// <returns>Whether there was a connection.</returns>
    public async Task<bool> DisconnectAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            IEngineConnection? previous = _connection;
            _connection = null;
            _target = null;
            await CloseAsync(previous).ConfigureAwait(false);
            return previous is not null;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public async Task<TResult> CallAsync<TRequest, TResult>(
        ApiMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        IEngineConnection connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await connection.CallAsync(method, request, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException exception) when (IsBroken(exception))
        {
            await ForgetAsync(connection).ConfigureAwait(false);
            if (method.Role > EngineRole.Reader)
            {
                throw; // Nobody knows whether the engine made the change before the connection broke.
            }
        }

        // The engine went away before it answered; reading again harms nothing.
        connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await connection.CallAsync(method, request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<TItem> StreamAsync<TRequest, TItem>(
        ApiStream<TRequest, TItem> method, TRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IEngineConnection connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using IAsyncEnumerator<TItem> items =
            connection.StreamAsync(method, request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveAsync(items, connection).ConfigureAwait(false))
        {
            yield return items.Current;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await DisconnectAsync().ConfigureAwait(false);

    private static bool IsBroken(EngineException exception) =>
        exception.ErrorId == ErrorCatalogue.ConnectionLost.Id || exception.ErrorId == ErrorCatalogue.EngineStopping.Id;

    private static async Task CloseAsync(IEngineConnection? connection)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> MoveAsync<TItem>(IAsyncEnumerator<TItem> items, IEngineConnection connection)
    {
        try
        {
            return await items.MoveNextAsync().ConfigureAwait(false);
        }
        catch (EngineException exception) when (IsBroken(exception))
        {
            await ForgetAsync(connection).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<IEngineConnection> OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_connection is { IsOpen: false } closed)
            {
                // The engine was restarted while the session stood idle.
                _connection = null;
                await CloseAsync(closed).ConfigureAwait(false);
            }

            return _connection ??= await connect(_target ?? defaultTarget(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ForgetAsync(IEngineConnection broken)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (ReferenceEquals(_connection, broken))
            {
                _connection = null;
            }
        }
        finally
        {
            _gate.Release();
        }

        await CloseAsync(broken).ConfigureAwait(false);
    }
}
