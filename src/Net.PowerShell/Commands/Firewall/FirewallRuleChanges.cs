using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The transactions on rules that exist.</summary>
internal static class FirewallRuleChanges
{
    /// <summary>Replaces rules by what <paramref name="change"/> makes of them.</summary>
    public static async Task<(FirewallRule[] Items, ChangeOutcome Outcome)> SetAsync(
        IReadOnlyList<Wanted> wanted,
        Func<FirewallRule, int, FirewallRule> change,
        ChangeOptions options,
        IEngineCaller engine,
        CancellationToken cancellationToken)
    {
        FirewallRulesChanged changed = await Edit.CommitAsync(
            ItemKinds.FirewallRuleToChange,
            wanted,
            change,
            options,
            (rules, guarded, token) => engine.CallAsync(EngineApi.FirewallSetRules, new SetFirewallRules(rules, guarded), token),
            engine,
            cancellationToken);
        return (changed.Rules, changed.Outcome);
    }

    /// <summary>Removes rules.</summary>
    public static async Task<(FirewallRule[] Items, ChangeOutcome Outcome)> RemoveAsync(
        IReadOnlyList<Wanted> wanted, ChangeOptions options, IEngineCaller engine, CancellationToken cancellationToken)
    {
        var request = new RemoveFirewallRules([.. wanted.Select(one => one.Name)], options);
        FirewallRulesChanged changed = await engine.CallAsync(EngineApi.FirewallRemoveRules, request, cancellationToken);
        return (changed.Rules, changed.Outcome);
    }
}
