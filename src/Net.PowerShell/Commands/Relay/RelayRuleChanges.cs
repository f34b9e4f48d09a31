using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The transactions on rules of the relay that exist.</summary>
internal static class RelayRuleChanges
{
    /// <summary>Replaces rules by what <paramref name="change"/> makes of them.</summary>
    public static async Task<(RelayRule[] Items, ChangeOutcome Outcome)> SetAsync(
        IReadOnlyList<Wanted> wanted, Func<RelayRule, int, RelayRule> change, ChangeOptions options, IEngineCaller engine, CancellationToken cancellationToken)
    {
        RelayRulesChanged changed = await Edit.CommitAsync(
            RelayKinds.RuleToChange,
            wanted,
            change,
            options,
            (rules, guarded, token) => engine.CallAsync(EngineApi.RelaySetRules, new SetRelayRules(rules, guarded), token),
            engine,
            cancellationToken);
        return (changed.Rules, changed.Outcome);
    }

    /// <summary>Removes rules.</summary>
    public static async Task<(RelayRule[] Items, ChangeOutcome Outcome)> RemoveAsync(
        IReadOnlyList<Wanted> wanted, ChangeOptions options, IEngineCaller engine, CancellationToken cancellationToken)
    {
        var request = new RemoveRelayRules([.. wanted.Select(one => one.Name)], options);
        RelayRulesChanged changed = await engine.CallAsync(EngineApi.RelayRemoveRules, request, cancellationToken);
        return (changed.Rules, changed.Outcome);
    }
}
