using System.Globalization;
using System.Text;
using Net.Contracts;

namespace Net.Engine.Relay;

/// <summary>Rules of the relay in one line, for plans and events.</summary>
internal static class RuleText
{
    private const int ShownOutputs = 4;

    /// <summary>Says what a rule does, without its name. Two rules that differ in anything but name and id have different texts.</summary>
    /// <param name="rule">The rule.</param>
    public static string Describe(RelayRule rule)
    {
        var text = new StringBuilder();
        text.Append(rule.InterfaceAlias).Append(' ').Append(rule.Group);
        if (rule.Port is { } port)
        {
            text.Append(" port ").Append(port);
        }

        Append(text, rule.Protocol == RelayRuleProtocol.Esp, " ESP");
        Append(text, rule.Source is not null, $" from {rule.Source}");
        text.Append(" to ").AppendJoin(", ", rule.Outputs.Take(ShownOutputs).Select(Describe));
        Append(text, rule.Outputs.Length > ShownOutputs, $" and {rule.Outputs.Length - ShownOutputs} more");
        Append(text, rule.AllowedSources.Length > 0, $", allowed from {string.Join<AddressRange>(" ", rule.AllowedSources)}");
        Append(text, rule.Engine != RelayEngine.Auto, $", engine {rule.Engine}");
        Append(text, rule.AnalyzeSequence, ", counts loss");
        Append(text, rule.Duplicates != RelayDuplicates.None, $", duplicates {rule.Duplicates}");
        Append(text, rule.PreferredSource is not null, $", prefers {rule.PreferredSource}");
        Append(text, rule.StandbyAfter is not null, string.Create(CultureInfo.InvariantCulture, $", standby after {rule.StandbyAfter?.TotalMilliseconds} ms"));
        Append(text, rule.Description is not null, $" ({rule.Description})");
        return text.Append(rule.Enabled ? string.Empty : " (disabled)").ToString();
    }

    /// <summary>Says what an output does.</summary>
    /// <param name="output">The output.</param>
    public static string Describe(RelayOutput output)
    {
        var text = new StringBuilder(output.InterfaceAlias);
        Append(text, output.Destination is not null, $" {output.Destination}");
        Append(text, output.Port is not null, string.Create(CultureInfo.InvariantCulture, $" port {output.Port}"));
        Append(text, output.Ttl is not null, string.Create(CultureInfo.InvariantCulture, $" ttl {output.Ttl}"));
        Append(text, output.Source != "keep", $" source {output.Source}");
        Append(text, output.SourcePort is not null, string.Create(CultureInfo.InvariantCulture, $" source port {output.SourcePort}"));
        Append(text, output.Dscp is not null, string.Create(CultureInfo.InvariantCulture, $" dscp {output.Dscp}"));
        Append(text, output.RateLimit is not null, string.Create(CultureInfo.InvariantCulture, $" at most {output.RateLimit} packets/s"));
        Append(text, output.BitRateLimit is not null, string.Create(CultureInfo.InvariantCulture, $" at most {output.BitRateLimit} bits/s"));
        Append(text, output.Oversize == RelayOversize.Fragment, " in fragments where needed");
        Append(text, output.PauseWithoutReceivers, " while it has receivers");
        return text.ToString();
    }

    private static void Append(StringBuilder text, bool isSo, string words)
    {
        if (isSo)
        {
            text.Append(words);
        }
    }
}
