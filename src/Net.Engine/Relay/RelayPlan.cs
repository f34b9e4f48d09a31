using Net.Contracts;
using Net.Engine.Reconciling;

namespace Net.Engine.Relay;

/// <summary>Describes the difference between two sections about the relay.</summary>
internal static class RelayPlan
{
    private const string Section = "relay";

    /// <summary>Adds one line per rule and setting that differs.</summary>
    /// <param name="from">What was.</param>
    /// <param name="to">What shall be.</param>
    /// <param name="plan">Takes the lines.</param>
    public static void Describe(RelaySection from, RelaySection to, PlanBuilder plan)
    {
        if (ReferenceEquals(from, to))
        {
            return;
        }

        Settings(from.Settings, to.Settings, plan);
        if (ReferenceEquals(from.Rules, to.Rules))
        {
            return;
        }

        Dictionary<long, RelayRule> before = from.Rules.ToDictionary(rule => rule.Id);
        var stays = new HashSet<long>(to.Rules.Select(rule => rule.Id));
        foreach (RelayRule rule in from.Rules.Where(rule => !stays.Contains(rule.Id)))
        {
            plan.Removed(Section, $"rule '{rule.Name}'", RuleText.Describe(rule));
        }

        foreach (RelayRule rule in to.Rules)
        {
            if (!before.TryGetValue(rule.Id, out RelayRule? old))
            {
                plan.Added(Section, $"rule '{rule.Name}'", RuleText.Describe(rule));
            }
            else if (!ReferenceEquals(old, rule))
            {
                Rule(old, rule, plan);
            }
        }
    }

    private static void Rule(RelayRule old, RelayRule now, PlanBuilder plan)
    {
        string item = $"rule '{old.Name}'";
        plan.Value(Section, $"{item} name", old.Name, now.Name);
        plan.Value(Section, $"{item} description", old.Description, now.Description);
        plan.Value(Section, $"{item} enabled", old.Enabled, now.Enabled);
        plan.Value(Section, $"{item} interfaceAlias", old.InterfaceAlias, now.InterfaceAlias);
        plan.Value(Section, $"{item} group", old.Group, now.Group);
        plan.Value(Section, $"{item} source", old.Source, now.Source);
        plan.Value(Section, $"{item} port", old.Port, now.Port);
        plan.Value(Section, $"{item} protocol", old.Protocol, now.Protocol);
        plan.List(Section, $"{item} allowedSources", [.. old.AllowedSources.Select(range => range.ToString())], [.. now.AllowedSources.Select(range => range.ToString())]);
        plan.List(Section, $"{item} outputs", [.. old.Outputs.Select(RuleText.Describe)], [.. now.Outputs.Select(RuleText.Describe)]);
        plan.Value(Section, $"{item} engine", old.Engine, now.Engine);
        plan.Value(Section, $"{item} analyzeSequence", old.AnalyzeSequence, now.AnalyzeSequence);
        plan.Value(Section, $"{item} duplicates", old.Duplicates, now.Duplicates);
        plan.Value(Section, $"{item} preferredSource", old.PreferredSource, now.PreferredSource);
        plan.Value(Section, $"{item} standbyAfter", old.StandbyAfter, now.StandbyAfter);
    }

    private static void Settings(RelaySettings old, RelaySettings now, PlanBuilder plan)
    {
        plan.Value(Section, "settings workers", old.Workers, now.Workers);
        plan.Value(Section, "settings pinWorkers", old.PinWorkers, now.PinWorkers);
        plan.Value(Section, "settings ringBytes", old.RingBytes, now.RingBytes);
        plan.Value(Section, "settings allowSiteScope", old.AllowSiteScope, now.AllowSiteScope);
        plan.Value(Section, "settings allowOrganizationScope", old.AllowOrganizationScope, now.AllowOrganizationScope);
        plan.Value(Section, "settings allowVirtualXdp", old.AllowVirtualXdp, now.AllowVirtualXdp);
        plan.List(Section, "settings queriers", [.. old.Queriers.Select(Describe)], [.. now.Queriers.Select(Describe)]);
    }

    private static string Describe(RelayQuerier querier) =>
        $"{querier.InterfaceAlias} every {querier.QueryInterval}{(querier.Address is null ? string.Empty : $" as {querier.Address}")}{(querier.Enabled ? string.Empty : " (off)")}";
}
