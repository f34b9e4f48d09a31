using Net.Contracts;
using Net.Engine.Firewall.Runtime.Counters;
using Net.Engine.Firewall.Translation;
using Net.Platform;

namespace Net.Engine.Firewall;

/// <content>Rules as people see them.</content>
internal sealed partial class FirewallSubsystem
{
    /// <summary>The rules of a section with position, whether they are in force and, where asked, counters. With those the engine adds, in the order they are asked.</summary>
    /// <exception cref="EngineException">A name without wildcard is no rule's.</exception>
    public FirewallRule[] List(FirewallSection section, ListFirewallRules request)
    {
        TranslatedFirewall translated = Translator.Translate(section);
        RefuseUnknown(translated, request);
        IReadOnlyDictionary<string, CounterValue>? counters = request.Counters ? ReadCounters() : null;
        if (counters is not null)
        {
            Activity?.Take(counters);
        }

        var places = new Dictionary<long, int>(section.Rules.Length);
        for (int index = 0; index < section.Rules.Length; index++)
        {
            places[section.Rules[index].Id] = index + 1;
        }

        Dictionary<long, string>? leftOut = _inKernel is { LeftOut: { IsEmpty: false } left } ? left.ToDictionary(one => one.RuleId, one => one.Reason) : null;
        var listed = new List<FirewallRule>(section.Rules.Length);
        for (int index = 0; index < translated.Rules.Length; index++)
        {
            FirewallRule rule = translated.Rules[index];
            if ((request.Generated || rule.Origin is null) && NameFilter.Matches(request.Names, rule.Name) && IsInGroups(rule, request.Groups))
            {
                CounterValue value = default;
                string counter = Net.Firewall.FirewallTable.Counter(rule.Id);
                bool isCounted = counters?.TryGetValue(counter, out value) == true;
                RuleTraffic traffic = isCounted && Activity is { } known ? known.Of(counter) : default;
                RuleActivity activity = translated.Activities[index];
                if (activity.IsActive && leftOut?.TryGetValue(rule.Id, out string? missing) == true)
                {
                    activity = new RuleActivity(false, missing, null);
                }

                listed.Add(rule with
                {
                    Position = rule.Origin is null ? places[rule.Id] : null,
                    PacketCount = isCounted ? (long)value.Packets : null,
                    ByteCount = isCounted ? (long)value.Bytes : null,
                    IsActive = activity.IsActive,
                    InactiveReason = activity.Reason,
                    PacketsPerSecond = traffic.PacketsPerSecond,
                    LastHit = traffic.LastHit,
                });
            }
        }

        // Rules of the profile stand between those that go first and the rest; by themselves the user's are in the user's order.
        return request.Generated ? [.. listed] : [.. listed.OrderBy(rule => rule.Position)];
    }

    /// <summary>How many elements a dynamic list holds; null when that cannot be read.</summary>
    /// <param name="listId">The list.</param>
    public int? CountEntries(long listId) => ReadEntries(listId)?.Count;

    /// <summary>The elements of a dynamic list in the kernel; null when they cannot be read.</summary>
    /// <param name="listId">The list.</param>
    public IReadOnlyList<SetElement>? ReadEntries(long listId)
    {
        try
        {
            return
            [
                .. reader.ReadSetElements(Platform.FirewallTable.NetModule, Net.Firewall.FirewallTable.ListSet(listId, Net.Firewall.RuleAddressFamily.IPv4)),
                .. reader.ReadSetElements(Platform.FirewallTable.NetModule, Net.Firewall.FirewallTable.ListSet(listId, Net.Firewall.RuleAddressFamily.IPv6)),
            ];
        }
        catch (Exception exception)
        {
            Log.CountersUnreadable(logger, exception);
            return null;
        }
    }

    private static bool IsInGroups(FirewallRule rule, string[]? groups) => groups is null or [] || (rule.Group is { } group && NameFilter.Matches(groups, group));

    private static void RefuseUnknown(TranslatedFirewall translated, ListFirewallRules request)
    {
        foreach (string name in request.Names ?? [])
        {
            if (NameFilter.IsLiteral(name) && !translated.Rules.Any(rule => (request.Generated || rule.Origin is null) && string.Equals(rule.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new EngineException(ErrorCatalogue.FirewallRuleNotFound, $"No firewall rule is named '{name}'.", name);
            }
        }
    }
}
