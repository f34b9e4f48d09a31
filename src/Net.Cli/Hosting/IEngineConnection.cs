using Net.Contracts;

namespace Net.Cli.Hosting;

/// <summary>A connection to an engine: what the commands need of the client, and where tests put a fake.</summary>
internal interface IEngineConnection : IAsyncDisposable
{
    /// <summary>What the engine said about itself and the caller.</summary>
    HelloReply Hello { get; }

    /// <summary>Calls a method and waits for its answer.</summary>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<TResult> CallAsync<TRequest, TResult>(ApiMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken);

    /// <summary>Calls a method that answers with a stream of items.</summary>
    /// <exception cref="EngineException">The call failed.</exception>
    IAsyncEnumerable<TItem> StreamAsync<TRequest, TItem>(ApiStream<TRequest, TItem> method, TRequest request, CancellationToken cancellationToken);
}
