namespace Net.Relay;

/// <summary>Judges rules before they are used: each alone, then all together.</summary>
public static class RelayValidator
{
    /// <summary>Finds what is wrong.</summary>
    /// <param name="rules">All rules of the document.</param>
    /// <param name="policy">Which scopes may be left.</param>
    /// <returns>Problems in the order of rules, those of several rules together last; warnings among them, see <see cref="RelayProblem.IsWarning"/>.</returns>
    public static IEnumerable<RelayProblem> Validate(IReadOnlyList<RelayRuleDefinition> rules, ScopePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var problems = new List<RelayProblem>();
        foreach (RelayRuleDefinition rule in rules)
        {
            RuleChecks.Check(rule, policy, problems);
        }

        var index = new RuleIndex(rules);
        LoopChecks.Check(rules, index, problems);
        OverlapChecks.Check(rules, index, problems);
        return problems;
    }
}
