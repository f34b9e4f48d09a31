using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that let things of the firewall take part, or not.</summary>
/// <typeparam name="T">The record of one thing; it has a member Enabled.</typeparam>
public abstract class SwitchItemCmdlet<T> : ItemSelectionCmdlet<T>
    where T : class
{
    private protected abstract bool Enables { get; }

    private protected override string ActionText => $"{(Enables ? "Enable" : "Disable")} {Kind.Noun}";

    private protected override Task<(T[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken)
    {
        var parts = new ItemPatch { [nameof(FirewallRule.Enabled)] = Enables };
        return Things.EditAsync(agreed, (item, _) => parts.ApplyTo(item), Change, engine, cancellationToken);
    }
}
