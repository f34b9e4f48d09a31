using Net.Contracts;
using Net.Engine.Reconciling;

namespace Net.Engine.Firewall;

/// <summary>Describes the difference between two sections, rules first.</summary>
internal static class FirewallPlan
{
    private const string Section = "firewall";

    /// <summary>Adds one line per rule that is new, gone, different or at another place among those that stay, then what differs besides rules.</summary>
    public static void Describe(FirewallSection from, FirewallSection to, PlanBuilder plan)
    {
        if (ReferenceEquals(from, to))
        {
            return;
        }

        DescribeRules(from, to, plan);
        FirewallItemPlan.Describe(from, to, plan);
    }

    private static void DescribeRules(FirewallSection from, FirewallSection to, PlanBuilder plan)
    {
        if (ReferenceEquals(from.Rules, to.Rules))
        {
            return;
        }

        // Only what stands between the rules that are the same and at the same place can differ; in a change of one rule of many that is one rule.
        (int start, int end) = UnchangedRecords.Count(from.Rules, to.Rules);
        FirewallRule[] old = from.Rules[start..^end];
        FirewallRule[] next = to.Rules[start..^end];
        Dictionary<long, FirewallRule> before = old.ToDictionary(rule => rule.Id);
        var after = new HashSet<long>(next.Select(rule => rule.Id));
        foreach (FirewallRule rule in old)
        {
            if (!after.Contains(rule.Id))
            {
                plan.Removed(Section, $"rule '{rule.Name}'", RuleText.Describe(rule));
            }
        }

        foreach (FirewallRule rule in next)
        {
            if (!before.TryGetValue(rule.Id, out FirewallRule? was))
            {
                plan.Added(Section, $"rule '{rule.Name}'", RuleText.Describe(rule));
            }
            else if (!RuleComparer.AreSame(was, rule))
            {
                DescribeChange(was, rule, plan);
            }
        }

        FirewallRule[] oldOrder = [.. old.Where(rule => after.Contains(rule.Id))];
        FirewallRule[] newOrder = [.. next.Where(rule => before.ContainsKey(rule.Id))];
        DescribeMoves(from, to, oldOrder, newOrder, plan);
    }

    private static void DescribeChange(FirewallRule old, FirewallRule rule, PlanBuilder plan)
    {
        string item = $"rule '{old.Name}'";
        if (old.Name != rule.Name)
        {
            plan.Changed(Section, item, $"name {old.Name}", $"name {rule.Name}");
        }

        string was = RuleText.Describe(old);
        string becomes = RuleText.Describe(rule);
        if (was != becomes)
        {
            plan.Changed(Section, item, was, becomes);
        }
        else if (old.Name == rule.Name)
        {
            // The one line leaves out descriptions and the ends of long lists.
            bool isDescription = old.Description != rule.Description;
            plan.Changed(Section, item, isDescription ? old.Description ?? "no description" : was, isDescription ? rule.Description ?? "no description" : $"{becomes}, with other values");
        }
    }

    private static void DescribeMoves(FirewallSection from, FirewallSection to, FirewallRule[] oldOrder, FirewallRule[] newOrder, PlanBuilder plan)
    {
        int first = 0;
        int last = oldOrder.Length - 1;
        while (first <= last && oldOrder[first].Id == newOrder[first].Id)
        {
            first++;
        }

        while (last >= first && oldOrder[last].Id == newOrder[last].Id)
        {
            last--;
        }

        if (first > last)
        {
            return;
        }

        // A single rule that moved shows as itself; anything more as the stretch whose order changed.
        if (TryFindSingleMove(oldOrder.AsSpan(first..(last + 1)), newOrder.AsSpan(first..(last + 1)), out FirewallRule? moved))
        {
            int was = Array.FindIndex(from.Rules, rule => rule.Id == moved!.Id) + 1;
            int becomes = Array.FindIndex(to.Rules, rule => rule.Id == moved!.Id) + 1;
            plan.Moved(Section, $"rule '{moved!.Name}'", $"position {was}", $"position {becomes}");
            return;
        }

        plan.Moved(Section, $"{last - first + 1} rules", Names(oldOrder, first, last), Names(newOrder, first, last));
    }

    private static bool TryFindSingleMove(ReadOnlySpan<FirewallRule> before, ReadOnlySpan<FirewallRule> after, out FirewallRule? moved)
    {
        moved = null;
        if (EqualIds(before[1..], after[..^1]))
        {
            moved = before[0];
        }
        else if (EqualIds(before[..^1], after[1..]))
        {
            moved = before[^1];
        }

        return moved is not null;
    }

    private static bool EqualIds(ReadOnlySpan<FirewallRule> a, ReadOnlySpan<FirewallRule> b)
    {
        for (int index = 0; index < a.Length; index++)
        {
            if (a[index].Id != b[index].Id)
            {
                return false;
            }
        }

        return true;
    }

    private static string Names(FirewallRule[] rules, int first, int last) =>
        string.Join(", ", rules.Skip(first).Take(Math.Min(5, last - first + 1)).Select(rule => rule.Name)) + (last - first >= 5 ? " ..." : string.Empty);
}
