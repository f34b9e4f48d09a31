using Net.Contracts;
using Net.Engine.Firewall.Translation;

namespace Net.Engine.Firewall.Checks;

/// <summary>Checks zones.</summary>
internal static class ZoneChecks
{
    /// <summary>Adds every problem.</summary>
    public static void Run(FirewallSection section, ItemProblems problems)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < section.Zones.Length; index++)
        {
            FirewallZone zone = section.Zones[index];
            problems.CheckName("zones", index, "zone", zone.Name, zone.Description, names);
            problems.CheckInterfaces("zones", index, "interfaceAlias", $"zone '{zone.Name}'", zone.InterfaceAlias);
            CheckAction(zone.Inbound, index, "inbound", zone, problems);
            CheckAction(zone.Outbound, index, "outbound", zone, problems);
            CheckAction(zone.Forward, index, "forward", zone, problems);
        }

        for (int index = 0; index < section.Zones.Length; index++)
        {
            FirewallZone zone = section.Zones[index];
            foreach (string target in zone.ForwardTo.Where(target => !names.Contains(target)))
            {
                problems.Add("zones", index, "forwardTo", $"The zone '{zone.Name}' forwards to the zone '{RuleTexts.Shown(target)}', which does not exist.");
            }

            for (int other = 0; other < index; other++)
            {
                if (FindShared(section.Zones[other].InterfaceAlias, zone.InterfaceAlias) is { } shared)
                {
                    problems.Add("zones", index, "interfaceAlias", $"The interface {shared} is in zone '{section.Zones[other].Name}' and in zone '{zone.Name}'; an interface is in one zone only.");
                }
            }
        }
    }

    private static void CheckAction(RuleAction? action, int index, string member, FirewallZone zone, ItemProblems problems)
    {
        if (action is not null and not (RuleAction.Allow or RuleAction.Block or RuleAction.Reject))
        {
            problems.Add("zones", index, member, $"The default {action} of zone '{zone.Name}' decides nothing; use allow, block or reject, or leave it out.");
        }
    }

    // Two patterns share an interface when one can begin where the other does: eth* and eth0, e* and eth*.
    private static string? FindShared(string[] a, string[] b)
    {
        foreach (string one in a)
        {
            foreach (string two in b)
            {
                bool isShared = (one.EndsWith('*'), two.EndsWith('*')) switch
                {
                    (false, false) => one == two,
                    (true, false) => two.StartsWith(one[..^1], StringComparison.Ordinal),
                    (false, true) => one.StartsWith(two[..^1], StringComparison.Ordinal),
                    _ => one.StartsWith(two[..^1], StringComparison.Ordinal) || two.StartsWith(one[..^1], StringComparison.Ordinal),
                };
                if (isShared)
                {
                    return one == two ? one : $"{one} or {two}";
                }
            }
        }

        return null;
    }
}
