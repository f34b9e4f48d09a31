using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that remove things of the firewall.</summary>
/// <typeparam name="T">The record of one thing.</typeparam>
public abstract class RemoveItemCmdlet<T> : ItemSelectionCmdlet<T>
    where T : class
{
    private protected override string ActionText => $"Remove {Kind.Noun}";

    private protected override Task<(T[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken) =>
        Things.RemoveAsync(engine, [.. agreed.Select(one => one.Name)], Change, cancellationToken);
}
