using Net.Contracts;

namespace Net.Engine.Firewall;

/// <summary>Gives rules their stable ids. An id is never used twice, not even after its rule is gone.</summary>
internal static class RuleNumbering
{
    /// <summary>Keeps the ids of rules known by id or by name, gives new ones to the others, and takes out what only lists carry (positions, counters).</summary>
    public static FirewallSection Assign(FirewallSection current, FirewallSection next)
    {
        if (ReferenceEquals(current, next))
        {
            return next;
        }

        var known = new HashSet<long>(current.Rules.Select(rule => rule.Id));
        var byName = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (FirewallRule rule in current.Rules)
        {
            byName[rule.Name] = rule.Id;
        }

        // The number the next document brings is somebody else's, or a wish; only ours knows which ids were given.
        long free = Math.Max(current.NextRuleId, known.Count == 0 ? 1 : known.Max() + 1);
        var used = new HashSet<long>(next.Rules.Where(rule => known.Contains(rule.Id)).Select(rule => rule.Id));
        var rules = new FirewallRule[next.Rules.Length];
        for (int index = 0; index < rules.Length; index++)
        {
            FirewallRule rule = next.Rules[index];
            long id = rule.Id;
            if (!known.Contains(id))
            {
                id = byName.TryGetValue(rule.Name, out long existing) && used.Add(existing) ? existing : free++;
            }

            bool isClean = id == rule.Id && rule.Position is null && rule.PacketCount is null && rule.ByteCount is null;
            rules[index] = isClean ? rule : rule with { Id = id, Position = null, PacketCount = null, ByteCount = null };
        }

        return new FirewallSection { Rules = rules, NextRuleId = free };
    }
}
