using Net.Contracts;
using Net.Engine.Firewall.Translation;
using Net.Engine.Reconciling;
using Net.Firewall;

namespace Net.Engine.Firewall;

/// <summary>Tells of what a change makes that is allowed and may surprise: rules that can never match.</summary>
internal static class FirewallWarnings
{
    /// <summary>Rules a section may have to be looked through at each change; a change of one rule of many must not wait for a look at all of them.</summary>
    public const int MaxRules = 2_000;

    private const int MaxShown = 20;

    /// <summary>Adds a warning for each rule that is shadowed, where it or the rule that does it is new or different.</summary>
    /// <param name="from">The section before.</param>
    /// <param name="to">The section to be.</param>
    /// <param name="translator">Turns it into the model.</param>
    /// <param name="plan">Takes the warnings.</param>
    public static void Add(FirewallSection from, FirewallSection to, FirewallTranslator translator, PlanBuilder plan)
    {
        if (ReferenceEquals(from.Rules, to.Rules) || to.Rules.Length > MaxRules)
        {
            return;
        }

        TranslatedFirewall translated = translator.Translate(to);
        if (!translated.Problems.IsEmpty)
        {
            return;
        }

        var known = new HashSet<FirewallRule>(from.Rules, ReferenceEqualityComparer.Instance);
        HashSet<long> changed = [.. to.Rules.Where(rule => !known.Contains(rule)).Select(rule => rule.Id)];
        int shown = 0;
        foreach (RuleShadow shadow in RuleShadows.Find(translated.Model))
        {
            if (!shadow.Rule.IsGenerated && (changed.Contains(shadow.Rule.Id) || changed.Contains(shadow.By.Id)) && ++shown <= MaxShown)
            {
                string fate = shadow.By.Action switch
                {
                    Net.Firewall.RuleAction.Allow => "allows",
                    Net.Firewall.RuleAction.Block => "blocks",
                    _ => "rejects",
                };
                string contradiction = shadow.VerdictDiffers ? ", which it would treat otherwise" : string.Empty;
                plan.Warn($"Rule '{shadow.Rule.Name}' never matches: rule '{shadow.By.Name}' before it {fate} all of its packets{contradiction}.");
            }
        }

        if (shown > MaxShown)
        {
            plan.Warn($"{shown - MaxShown} more rules never match.");
        }
    }
}
