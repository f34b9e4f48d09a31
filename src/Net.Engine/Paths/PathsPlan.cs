using Net.Contracts;
using Net.Engine.Reconciling;

namespace Net.Engine.Paths;

/// <summary>Describes the difference between two sections about paths.</summary>
internal static class PathsPlan
{
    private const string Section = "paths";

    /// <summary>Adds one line per setting and route that differs.</summary>
    public static void Describe(PathsSection from, PathsSection to, PlanBuilder plan)
    {
        if (ReferenceEquals(from, to))
        {
            return;
        }

        plan.Value(Section, "probe.enabled", from.Probe.Enabled, to.Probe.Enabled);
        plan.Value(Section, "probe.interval", from.Probe.Interval, to.Probe.Interval);
        plan.Value(Section, "probe.timeout", from.Probe.Timeout, to.Probe.Timeout);
        plan.Value(Section, "probe.maxLost", from.Probe.MaxLost, to.Probe.MaxLost);
        plan.Value(Section, "probe.recoverAfter", from.Probe.RecoverAfter, to.Probe.RecoverAfter);
        plan.List(Section, "interfaces", [.. from.Interfaces.Select(Describe)], [.. to.Interfaces.Select(Describe)]);

        Dictionary<string, NetPathRoute> before = from.Routes.ToDictionary(route => route.Name, StringComparer.OrdinalIgnoreCase);
        var after = new HashSet<string>(to.Routes.Select(route => route.Name), StringComparer.OrdinalIgnoreCase);
        foreach (NetPathRoute route in from.Routes.Where(route => !after.Contains(route.Name)))
        {
            plan.Removed(Section, $"route '{route.Name}'", Describe(route));
        }

        foreach (NetPathRoute route in to.Routes)
        {
            if (!before.TryGetValue(route.Name, out NetPathRoute? old))
            {
                plan.Added(Section, $"route '{route.Name}'", Describe(route));
            }
            else if (old != route)
            {
                plan.Changed(Section, $"route '{route.Name}'", Describe(old), Describe(route));
            }
        }
    }

    private static string Describe(InterfaceFact fact) =>
        $"{fact.InterfaceAlias}{(fact.IsMetered is { } metered ? (metered ? " metered" : " not metered") : string.Empty)}{(fact.ProbeTarget is { } target ? $" probed at {target}" : string.Empty)}";

    private static string Describe(NetPathRoute route)
    {
        string hop = route.NextHop is null ? string.Empty : $" via {route.NextHop}";
        string by = route.InterfaceAlias is null ? string.Empty : $" by {route.InterfaceAlias}";
        string metric = route.RouteMetric is null ? string.Empty : $" metric {route.RouteMetric}";
        string table = route.Table is null ? string.Empty : $" table {route.Table}";
        string description = route.Description is null ? string.Empty : $" ({route.Description})";
        return $"{route.DestinationPrefix}{hop}{by}{metric}{table}{description}";
    }
}
