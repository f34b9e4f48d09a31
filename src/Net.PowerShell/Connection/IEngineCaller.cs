using Net.Contracts;

namespace Net.PowerShell.Connection;

/// <summary>Whatever carries calls to an engine. Failures are <see cref="EngineException"/> only.</summary>
internal interface IEngineCaller
{
    /// <summary>Calls a method with one answer.</summary>
    Task<TResult> CallAsync<TRequest, TResult>(ApiMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken);

    /// <summary>Calls a method that answers with a stream; leaving the enumeration ends the engine's work.</summary>
    IAsyncEnumerable<TItem> StreamAsync<TRequest, TItem>(ApiStream<TRequest, TItem> method, TRequest request, CancellationToken cancellationToken);
}
