using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Requests;

/// <summary>A kind of thing of the configuration that is listed, made, changed and removed by name, each in one transaction.</summary>
/// <typeparam name="T">The record of one.</typeparam>
/// <param name="Kind">How to ask for those there are.</param>
/// <param name="New">One with a name and the contract's defaults.</param>
/// <param name="Document">A copy as a document has it, without what is so now. The caller may write to it.</param>
/// <param name="Summary">What one does in a few words, for questions and tooltips.</param>
internal sealed record ItemFamily<T>(ItemKind<T> Kind, Func<string, T> New, Func<T, T> Document, Func<T, string> Summary)
    where T : class
{
    /// <summary>How to ask for those about to be changed, where counters would only cost time.</summary>
    public ItemKind<T> KindToChange { get; init; } = Kind;

    /// <summary>Adds things.</summary>
    public required Func<IEngineCaller, T[], ChangeOptions, CancellationToken, Task<(T[] Items, ChangeOutcome Outcome)>> CreateAsync { get; init; }

    /// <summary>Replaces things.</summary>
    public required Func<IEngineCaller, T[], ChangeOptions, CancellationToken, Task<(T[] Items, ChangeOutcome Outcome)>> SetAsync { get; init; }

    /// <summary>Removes things by their exact names.</summary>
    public required Func<IEngineCaller, string[], ChangeOptions, CancellationToken, Task<(T[] Items, ChangeOutcome Outcome)>> RemoveAsync { get; init; }

    /// <summary>Replaces things by what <paramref name="change"/> makes of a copy of each, without losing what somebody else changed meanwhile.</summary>
    public Task<(T[] Items, ChangeOutcome Outcome)> EditAsync(
        IReadOnlyList<Wanted> wanted, Func<T, int, T> change, ChangeOptions options, IEngineCaller engine, CancellationToken cancellationToken) =>
        Edit.CommitAsync(KindToChange, wanted, (item, part) => change(Document(item), part), options, (items, guarded, token) => SetAsync(engine, items, guarded, token), engine, cancellationToken);
}
