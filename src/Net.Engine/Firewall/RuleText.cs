using System.Text;
using Net.Contracts;

namespace Net.Engine.Firewall;

/// <summary>Rules in one line, for plans, events and errors.</summary>
internal static class RuleText
{
    /// <summary>Says what a rule does, without its name.</summary>
    public static string Describe(FirewallRule rule)
    {
        var text = new StringBuilder();
        text.Append(rule.Action).Append(' ').Append(rule.Direction);
        text.Append(' ').Append(rule.Protocol == IpProtocol.Any ? "any protocol" : rule.Protocol.ToString().ToUpperInvariant());
        if (rule.Family != IpFamily.Any)
        {
            text.Append(' ').Append(rule.Family);
        }

        Append(text, "local", rule.LocalAddress, rule.LocalPort);
        Append(text, "remote", rule.RemoteAddress, rule.RemotePort);
        Append(text, "from", rule.SourceAddress, rule.SourcePort);
        Append(text, "to", rule.DestinationAddress, rule.DestinationPort);
        Append(text, rule.Direction == RuleDirection.Outbound ? "out by" : "in by", rule.InterfaceAlias);
        Append(text, "out by", rule.OutInterfaceAlias);
        return text.Append(rule.Enabled ? string.Empty : " (disabled)").ToString();
    }

    private static void Append(StringBuilder text, string side, AddressRange[] addresses, PortRange[] ports)
    {
        if (addresses.Length == 0 && ports.Length == 0)
        {
            return;
        }

        text.Append(' ').Append(side);
        if (addresses.Length > 0)
        {
            text.Append(' ').Append(List(addresses));
        }

        if (ports.Length > 0)
        {
            text.Append(" port ").Append(List(ports));
        }
    }

    private static void Append(StringBuilder text, string side, string[] interfaces)
    {
        if (interfaces.Length > 0)
        {
            text.Append(' ').Append(side).Append(' ').Append(List(interfaces));
        }
    }

    private static string List<T>(T[] values)
    {
        const int shown = 4;
        string list = string.Join(",", values.Take(shown));
        return values.Length > shown ? $"{list} and {values.Length - shown} more" : list;
    }
}
