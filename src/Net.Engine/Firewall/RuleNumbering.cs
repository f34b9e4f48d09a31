using Net.Contracts;

namespace Net.Engine.Firewall;

/// <summary>Gives rules, address lists, NAT rules and port forwards their stable ids, out of one row of numbers. An id is never used twice, not even after its item is gone.</summary>
internal static class RuleNumbering
{
    /// <summary>Keeps the ids of items known by id or by name, gives new ones to the others, and takes out what only lists carry (positions, counters, states).</summary>
    public static FirewallSection Assign(FirewallSection current, FirewallSection next)
    {
        if (ReferenceEquals(current, next))
        {
            return next;
        }

        // The number the next document brings is somebody else's, or a wish; only ours knows which ids were given.
        long free = current.NextRuleId;
        Raise(ref free, current.Rules, rule => rule.Id);
        Raise(ref free, current.AddressLists, list => list.Id);
        Raise(ref free, current.NatRules, rule => rule.Id);
        Raise(ref free, current.PortForwards, forward => forward.Id);
        return next with
        {
            Rules = Assign(current.Rules, next.Rules, ref free, rule => rule.Id, rule => rule.Name, Clean),
            AddressLists = Assign(current.AddressLists, next.AddressLists, ref free, list => list.Id, list => list.Name, Clean),
            NatRules = Assign(current.NatRules, next.NatRules, ref free, rule => rule.Id, rule => rule.Name, Clean),
            PortForwards = Assign(current.PortForwards, next.PortForwards, ref free, forward => forward.Id, forward => forward.Name, Clean),
            NextRuleId = free,
        };
    }

    private static void Raise<T>(ref long free, T[] items, Func<T, long> idOf)
    {
        foreach (T item in items)
        {
            free = Math.Max(free, idOf(item) + 1);
        }
    }

    private static T[] Assign<T>(T[] current, T[] next, ref long free, Func<T, long> idOf, Func<T, string> nameOf, Func<T, long, T> clean)
        where T : class
    {
        if (ReferenceEquals(current, next))
        {
            return next;
        }

        // Records that are the very ones of the current section have their ids; only what stands between them is looked at.
        (int start, int end) = UnchangedRecords.Count(current, next);
        ReadOnlySpan<T> old = current.AsSpan(start..^end);
        ReadOnlySpan<T> middle = next.AsSpan(start..^end);
        var isUsed = new Dictionary<long, bool>(old.Length);
        var byName = new Dictionary<string, long>(old.Length, StringComparer.OrdinalIgnoreCase);
        foreach (T item in old)
        {
            isUsed[idOf(item)] = false;
            byName[nameOf(item)] = idOf(item);
        }

        foreach (T item in middle)
        {
            if (isUsed.ContainsKey(idOf(item)))
            {
                isUsed[idOf(item)] = true;
            }
        }

        T[] items = [.. next];
        bool isSame = next.Length == current.Length;
        for (int index = 0; index < middle.Length; index++)
        {
            long id = idOf(middle[index]);
            if (!isUsed.ContainsKey(id))
            {
                bool isKnownByName = byName.TryGetValue(nameOf(middle[index]), out long existing) && !isUsed[existing];
                id = isKnownByName ? existing : free++;
                if (isKnownByName)
                {
                    isUsed[existing] = true;
                }
            }

            items[start + index] = clean(middle[index], id);
            isSame = isSame && ReferenceEquals(items[start + index], current[start + index]);
        }

        // The same array says to everybody behind that nothing changed.
        return isSame ? current : items;
    }

    private static FirewallRule Clean(FirewallRule rule, long id)
    {
        bool isClean = id == rule.Id && rule is
        {
            Position: null, PacketCount: null, ByteCount: null, Origin: null, IsActive: null, InactiveReason: null, LastHit: null, PacketsPerSecond: null,
        };
        return isClean ? rule : rule with
        {
            Id = id,
            Position = null,
            PacketCount = null,
            ByteCount = null,
            Origin = null,
            IsActive = null,
            InactiveReason = null,
            LastHit = null,
            PacketsPerSecond = null,
        };
    }

    private static FirewallAddressList Clean(FirewallAddressList list, long id) => id == list.Id && list is { EntryCount: null, RefreshedAt: null, Problem: null }
        ? list
        : list with { Id = id, EntryCount = null, RefreshedAt = null, Problem = null };

    private static NatRule Clean(NatRule rule, long id) => id == rule.Id && rule is { Position: null, ConnectionCount: null }
        ? rule
        : rule with { Id = id, Position = null, ConnectionCount = null };

    private static PortForward Clean(PortForward forward, long id) => id == forward.Id && forward.ConnectionCount is null ? forward : forward with { Id = id, ConnectionCount = null };
}
