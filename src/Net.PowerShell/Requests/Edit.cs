using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Requests;

/// <summary>Changes things by reading them, editing them and writing them back, without losing what somebody else changed meanwhile.</summary>
internal static class Edit
{
    // Somebody else would have to win the race every time.
    private const int MaximumAttempts = 5;

    /// <summary>Sends <paramref name="change"/> applied to what is in force. The engine refuses when the configuration moved on since it was read;
    /// then everything is read again and sent again.</summary>
    /// <param name="kind">The kind of the things.</param>
    /// <param name="wanted">The things, which the user agreed to change.</param>
    /// <param name="change">What each becomes by the part of the change meant for it.</param>
    /// <param name="options">How to make the change.</param>
    /// <param name="send">The call that makes it.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TResult> CommitAsync<T, TResult>(
        ItemKind<T> kind,
        IReadOnlyCollection<Wanted> wanted,
        Func<T, int, T> change,
        ChangeOptions options,
        Func<T[], ChangeOptions, CancellationToken, Task<TResult>> send,
        IEngineCaller engine,
        CancellationToken cancellationToken)
        where T : class
    {
        for (int attempt = 1; ; attempt++)
        {
            EngineStatus status = await engine.CallAsync(EngineApi.EngineStatus, new GetStatus(), cancellationToken).ConfigureAwait(false);
            Selection<T> now = await Selection<T>.ReadAsync(kind, wanted, engine, cancellationToken).ConfigureAwait(false);
            if (now.Missing.Count > 0)
            {
                throw kind.Missing(now.Missing[0]);
            }

            try
            {
                ChangeOptions guarded = options with { ExpectedGeneration = options.ExpectedGeneration ?? status.Generation };
                return await send(Changed(now, change), guarded, cancellationToken).ConfigureAwait(false);
            }
            catch (EngineException exception) when (
                exception.ErrorId == ErrorCatalogue.ConfigurationChanged.Id && options.ExpectedGeneration is null && attempt < MaximumAttempts)
            {
            }
        }
    }

    private static T[] Changed<T>(Selection<T> now, Func<T, int, T> change)
        where T : class =>
        [.. now.Hits
            .GroupBy(hit => hit.Item, hit => hit.Part, ReferenceEqualityComparer.Instance)
            .Select(parts => parts.Aggregate((T)parts.Key!, change))];
}
