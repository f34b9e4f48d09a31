using Net.Contracts;
using Net.Engine.Firewall.Translation;
using Net.Firewall;

namespace Net.Engine.Firewall;

/// <summary>Turns rules of the document into the model without anything but the document: no accounts, no files, the time of the system.</summary>
internal static class FirewallTranslation
{
    /// <summary>The model of a section.</summary>
    public static FirewallModel ToModel(FirewallSection section) => new FirewallTranslator(TimeProvider.System).Translate(section).Model;

    /// <summary>The model of one rule.</summary>
    public static Rule ToRule(FirewallRule rule) => ToModel(new FirewallSection { Rules = [rule] }).Rules[0];
}
