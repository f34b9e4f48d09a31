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

        // The number the next document brings is somebody else's, or a wish; only ours knows which ids were given.
        long free = current.NextRuleId;
        foreach (FirewallRule rule in current.Rules)
        {
            free = Math.Max(free, rule.Id + 1);
        }

        // Rules that are the very ones of the current section have their ids; only what stands between them is looked at.
        (int start, int end) = UnchangedRecords.Count(current.Rules, next.Rules);
        ReadOnlySpan<FirewallRule> old = current.Rules.AsSpan(start..^end);
        ReadOnlySpan<FirewallRule> middle = next.Rules.AsSpan(start..^end);
        var known = new Dictionary<long, bool>(old.Length);
        var byName = new Dictionary<string, long>(old.Length, StringComparer.OrdinalIgnoreCase);
        foreach (FirewallRule rule in old)
        {
            known[rule.Id] = false;
            byName[rule.Name] = rule.Id;
        }

        foreach (FirewallRule rule in middle)
        {
            if (known.ContainsKey(rule.Id))
            {
                known[rule.Id] = true;
            }
        }

        FirewallRule[] rules = [.. next.Rules];
        for (int index = 0; index < middle.Length; index++)
        {
            FirewallRule rule = middle[index];
            long id = rule.Id;
            if (!known.ContainsKey(id))
            {
                bool isKnownByName = byName.TryGetValue(rule.Name, out long existing) && !known[existing];
                id = isKnownByName ? existing : free++;
                if (isKnownByName)
                {
                    known[existing] = true;
                }
            }

            bool isClean = id == rule.Id && rule.Position is null && rule.PacketCount is null && rule.ByteCount is null;
            rules[start + index] = isClean ? rule : rule with { Id = id, Position = null, PacketCount = null, ByteCount = null };
        }

        return new FirewallSection { Rules = rules, NextRuleId = free };
    }
}
