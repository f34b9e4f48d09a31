using Net.Contracts;

namespace Net.Engine.Relay;

/// <summary>Gives rules of the relay their stable ids. An id is never used twice, not even after its rule is gone, because counters and maps of the kernel go by it.</summary>
internal static class RelayNumbering
{
    /// <summary>Keeps the ids of rules known by id or by name, gives new ones to the others, and takes out what only lists carry (states, counters).</summary>
    /// <param name="current">The section in force.</param>
    /// <param name="next">The section that shall be.</param>
    /// <returns>The section to keep.</returns>
    public static RelaySection Assign(RelaySection current, RelaySection next)
    {
        if (ReferenceEquals(current, next))
        {
            return next;
        }

        var known = new Dictionary<long, RelayRule>(current.Rules.Length);
        var byName = new Dictionary<string, long>(current.Rules.Length, StringComparer.OrdinalIgnoreCase);
        foreach (RelayRule rule in current.Rules)
        {
            known[rule.Id] = rule;
            byName[rule.Name] = rule.Id;
        }

        // The number the next document brings is somebody else's, or a wish; only ours knows which ids were given.
        long free = Math.Max(current.NextRuleId, known.Count == 0 ? 1 : known.Keys.Max() + 1);
        var used = new HashSet<long>(next.Rules.Where(rule => known.ContainsKey(rule.Id)).Select(rule => rule.Id));
        var rules = new RelayRule[next.Rules.Length];
        for (int index = 0; index < rules.Length; index++)
        {
            RelayRule rule = next.Rules[index];
            long id = rule.Id;
            if (!known.ContainsKey(id))
            {
                id = byName.TryGetValue(rule.Name, out long existing) && used.Add(existing) ? existing : free++;
            }

            rules[index] = id == rule.Id && IsClean(rule) ? rule : Clean(rule) with { Id = id };
        }

        return new RelaySection { Rules = rules, NextRuleId = free, Settings = Clean(next.Settings) };
    }

    /// <summary>A rule without what is so only now.</summary>
    /// <param name="rule">The rule.</param>
    public static RelayRule Clean(RelayRule rule) => IsClean(rule) ? rule : rule with
    {
        State = null,
        Reason = null,
        EngineInUse = null,
        EngineReason = null,
        Worker = null,
        Packets = null,
        Bytes = null,
        PacketsPerSecond = null,
        BitsPerSecond = null,
        LastSeen = null,
    };

    /// <summary>Settings without what is so only now.</summary>
    /// <param name="settings">The settings.</param>
    public static RelaySettings Clean(RelaySettings settings) => settings.Queriers.All(querier => querier is { IsElected: null, ElectedAddress: null }) ? settings
        : settings with { Queriers = [.. settings.Queriers.Select(querier => querier with { IsElected = null, ElectedAddress = null })] };

    private static bool IsClean(RelayRule rule) => rule is
    {
        State: null, Reason: null, EngineInUse: null, EngineReason: null, Worker: null,
        Packets: null, Bytes: null, PacketsPerSecond: null, BitsPerSecond: null, LastSeen: null,
    };
}
