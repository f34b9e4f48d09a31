using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Asks the engine for candidates while somebody waits with a finger on the Tab key.</summary>
internal static class CompletionQuery
{
    /// <summary>Longer than this feels broken; better no completion.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks, and gives what came in time. It never throws: a shell that breaks at Tab is worse than one that stays silent.</summary>
    public static IReadOnlyList<Candidate> Ask(
        Func<IEngineCaller, CancellationToken, Task<IEnumerable<Candidate>>> ask, IEngineCaller engine, TimeProvider time)
    {
        using var late = new CancellationTokenSource(Limit, time);
        try
        {
            CancellationToken token = late.Token;
            var answer = Task.Run(async () => (IReadOnlyList<Candidate>)[.. await ask(engine, token).ConfigureAwait(false)], token);
            return answer.WaitAsync(token).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return [];
        }
    }
}
