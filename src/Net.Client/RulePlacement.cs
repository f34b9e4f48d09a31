using Net.Contracts;

namespace Net.Client;

/// <summary>Finds the places of rules that go before or behind another.</summary>
public static class RulePlacement
{
    /// <summary>The rules with the positions that put them, in their order, before or behind the anchor. The engine takes all that have a position out first and then
    /// puts each at its own, lowest first.</summary>
    /// <param name="moved">The rules to place.</param>
    /// <param name="all">All rules in their order, those to place among them.</param>
    /// <param name="anchor">The name of the rule they go to.</param>
    /// <param name="behind">Whether they go behind it.</param>
    /// <exception cref="EngineException">There is no such rule, or it is one of those to place.</exception>
    public static FirewallRule[] Place(FirewallRule[] moved, FirewallRule[] all, string anchor, bool behind)
    {
        ArgumentNullException.ThrowIfNull(moved);
        ArgumentNullException.ThrowIfNull(all);
        HashSet<long> ids = [.. moved.Select(rule => rule.Id)];
        int place = Array.FindIndex([.. all.Where(rule => !ids.Contains(rule.Id))], rule => rule.Name.Equals(anchor, StringComparison.OrdinalIgnoreCase));
        if (place < 0)
        {
            throw all.Any(rule => rule.Name.Equals(anchor, StringComparison.OrdinalIgnoreCase))
                ? new EngineException(ErrorCatalogue.ArgumentInvalid, $"Rule '{anchor}' cannot be placed beside itself.", anchor)
                : new EngineException(ErrorCatalogue.FirewallRuleNotFound, $"There is no firewall rule '{anchor}'.", anchor);
        }

        int first = place + (behind ? 2 : 1);
        return [.. moved.Select((rule, index) => rule with { Position = first + index })];
    }
}
