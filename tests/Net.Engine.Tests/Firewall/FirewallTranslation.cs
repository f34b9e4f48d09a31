using Net.Contracts;
using Net.Engine.Firewall.Translation;
using Net.Firewall;

namespace Net.Engine.Tests.Firewall;

/// <summary>Turns a rule of the document into the model without anything but the rule.</summary>
internal static class FirewallTranslation
{
    public static Rule ToRule(FirewallRule rule) => new FirewallTranslator(TimeProvider.System).Translate(new FirewallSection { Rules = [rule] }).Model.Rules[0];
}
