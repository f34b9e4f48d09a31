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

        Dictionary<long, FirewallRule> before = from.Rules.ToDictionary(rule => rule.Id);
        var after = new HashSet<long>(to.Rules.Select(rule => rule.Id));
        foreach (FirewallRule rule in from.Rules)
        {
            if (!after.Contains(rule.Id))
            {
                plan.Removed(Section, $"rule '{rule.Name}'", RuleText.Describe(rule));
            }
        }

        foreach (FirewallRule rule in to.Rules)
        {
            if (!before.TryGetValue(rule.Id, out FirewallRule? old))
            {
                plan.Added(Section, $"rule '{rule.Name}'", RuleText.Describe(rule));
            }
            else if (!RuleComparer.AreSame(old, rule))
            {
                DescribeChange(old, rule, plan);
            }
        }

        DescribeMoves(from, to, before, after, plan);
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

    private static void DescribeMoves(
        FirewallSection from, FirewallSection to, Dictionary<long, FirewallRule> before, HashSet<long> after, PlanBuilder plan)
    {
        FirewallRule[] oldOrder = [.. from.Rules.Where(rule => after.Contains(rule.Id))];
        FirewallRule[] newOrder = [.. to.Rules.Where(rule => before.ContainsKey(rule.Id))];
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
