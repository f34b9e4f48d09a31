using System.Diagnostics;
using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.PowerShell.Pipeline;

namespace Net.PowerShell.Connection;

/// <summary>Tells of every call, as <c>-Verbose</c> shows it. Requests are not shown: they may hold a passphrase.</summary>
internal sealed class TracingCaller(IEngineCaller inner, IPipelinePoster poster, Action<string> tell) : IEngineCaller
{
    /// <inheritdoc />
    public async Task<TResult> CallAsync<TRequest, TResult>(
        ApiMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        long start = Stopwatch.GetTimestamp();
        TResult result = await inner.CallAsync(method, request, cancellationToken).ConfigureAwait(false);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await poster.PostAsync(() => tell(FormattableString.Invariant($"{method.Name} answered in {milliseconds:F1} ms."))).ConfigureAwait(false);
        return result;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<TItem> StreamAsync<TRequest, TItem>(
        ApiStream<TRequest, TItem> method, TRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        await poster.PostAsync(() => tell($"{method.Name} streams.")).ConfigureAwait(false);
        await foreach (TItem item in inner.StreamAsync(method, request, cancellationToken).ConfigureAwait(false))
        {
            yield return item;
        }
    }
}
