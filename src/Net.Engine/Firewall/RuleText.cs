using System.Globalization;
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

        Append(text, "local", rule.LocalAddress, rule.LocalAddressList, rule.LocalPort, rule.LocalPortList);
        Append(text, "remote", rule.RemoteAddress, rule.RemoteAddressList, rule.RemotePort, rule.RemotePortList);
        Append(text, "from", rule.SourceAddress, rule.SourceAddressList, rule.SourcePort, rule.SourcePortList);
        Append(text, "to", rule.DestinationAddress, rule.DestinationAddressList, rule.DestinationPort, rule.DestinationPortList);
        Append(text, rule.Direction == RuleDirection.Outbound ? "out by" : "in by", rule.InterfaceAlias);
        Append(text, rule.Direction == RuleDirection.Outbound ? "into zone" : "from zone", rule.Zone);
        Append(text, "out by", rule.OutInterfaceAlias);
        Append(text, "into zone", rule.OutZone);
        AppendConditions(text, rule);
        AppendEffects(text, rule);
        Append(text, "in group", rule.Group);
        Append(text, "until", rule.ExpiresAt?.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));
        Append(text, "on schedule", rule.Schedule?.ToString());
        return text.Append(rule.Enabled ? string.Empty : " (disabled)").ToString();
    }

    private static void AppendConditions(StringBuilder text, FirewallRule rule)
    {
        Append(text, "state", rule.ConnectionState);
        Append(text, "ICMP type", rule.IcmpType);
        Append(text, "flags", rule.TcpFlags);
        Append(text, "DSCP", rule.Dscp);
        Append(text, "length", rule.PacketLength);
        Append(text, "MAC", rule.SourceMac);
        Append(text, "mark", rule.Mark);
        Append(text, "user", rule.User);
        Append(text, "user group", rule.UserGroup);
        Append(text, "cgroup", rule.Cgroup);
        Append(text, rule.AboveRate ? "above rate" : "within rate", rule.RateLimit);
        Append(text, "burst", rule.RateBurst?.ToString(CultureInfo.InvariantCulture));
        text.Append(rule.RatePerSource ? " each source" : string.Empty).Append(rule is { AboveRate: true, RateLimit: null } ? " above rate" : string.Empty);
        Append(text, rule.AboveConnectionLimit ? "above connections" : "up to connections", rule.ConnectionLimit?.ToString(CultureInfo.InvariantCulture));
        text.Append(rule.ConnectionLimitPerSource ? " of each source" : string.Empty).Append(rule is { AboveConnectionLimit: true, ConnectionLimit: null } ? " above connections" : string.Empty);
    }

    private static void AppendEffects(StringBuilder text, FirewallRule rule)
    {
        text.Append(rule.Log ? ", log" : string.Empty);
        Append(text, "refuse with", rule.RejectWith == FirewallReject.Default ? null : rule.RejectWith.ToString());
        Append(text, "set DSCP", rule.SetDscp);
        Append(text, "set TTL", rule.SetTtl?.ToString(CultureInfo.InvariantCulture));
        Append(text, "set mark", rule.SetMark);
        Append(text, "segments up to", rule.MaxSegmentSize);
        Append(text, "source into list", rule.AddSourceTo);
        Append(text, "for", rule.AddSourceFor?.ToString());
    }

    private static void Append(StringBuilder text, string side, AddressRange[] addresses, string[] addressLists, PortRange[] ports, string[] portLists)
    {
        if (addresses.Length + addressLists.Length + ports.Length + portLists.Length == 0)
        {
            return;
        }

        text.Append(' ').Append(side);
        if (addresses.Length > 0)
        {
            text.Append(' ').Append(List(addresses));
        }

        Append(text, addresses.Length > 0 ? "or list" : "list", addressLists);
        Append(text, "port", ports);
        Append(text, ports.Length > 0 ? "or port list" : "port list", portLists);
    }

    private static void Append<T>(StringBuilder text, string what, T[] values)
    {
        if (values.Length > 0)
        {
            text.Append(' ').Append(what).Append(' ').Append(List(values));
        }
    }

    private static void Append(StringBuilder text, string what, string? value)
    {
        if (value is not null)
        {
            text.Append(' ').Append(what).Append(' ').Append(value);
        }
    }

    private static string List<T>(T[] values)
    {
        const int shown = 4;
        string list = string.Join(",", values.Take(shown));
        return values.Length > shown ? $"{list} and {values.Length - shown} more" : list;
    }
}
