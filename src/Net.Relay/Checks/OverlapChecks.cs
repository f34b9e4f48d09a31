namespace Net.Relay;

/// <summary>Finds rules that take the same packets. That is allowed, and each delivers; but it is seldom meant.</summary>
internal static class OverlapChecks
{
    /// <summary>Adds a warning for each rule that shares packets with one before it.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="index">Their index.</param>
    /// <param name="problems">Takes the warnings.</param>
    public static void Check(IReadOnlyList<RelayRuleDefinition> rules, RuleIndex index, List<RelayProblem> problems)
    {
        var found = new List<int>();
        for (int second = 0; second < rules.Count; second++)
        {
            RelayRuleDefinition rule = rules[second];
            if (!rule.IsEnabled)
            {
                continue;
            }

            index.Find(rule.Interface, rule.Destination, rule.PortFrom, rule.PortTo, rule.Protocol, found);
            foreach (int first in found)
            {
                if (first >= second)
                {
                    break;
                }

                if (SharesSources(rules[first], rule))
                {
                    problems.Add(new RelayProblem(RelayProblemKind.Overlap, rule.RuleId, rule.Name, "Group", $"The rule '{rules[first].Name}' takes some of the same packets; both deliver them."));
                    break;
                }
            }
        }
    }

    private static bool SharesSources(RelayRuleDefinition first, RelayRuleDefinition second) =>
        (first.Source is not AddressPrefix left || second.Source is not AddressPrefix right || left.Overlaps(right))
        && (first.AllowedSources.Count == 0 || second.AllowedSources.Count == 0
            || first.AllowedSources.Any(one => second.AllowedSources.Any(other => one.Overlaps(other))));
}
