using System.Collections.Immutable;
using System.Text;

namespace Net.Firewall;

/// <summary>Rules as one line a person can read, for plans, events and logs. Not for parsing.</summary>
public static class RuleText
{
    // A line is for reading: longer lists end in a count.
    private const int MaxValues = 8;

    /// <summary>For example <c>block-web: Block Forward tcp from any to 10.0.0.0/24 port 80,443</c>.</summary>
    public static string Describe(Rule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var text = new StringBuilder();
        text.Append(rule.Name).Append(": ").Append(rule.Action).Append(' ').Append(rule.Direction).Append(' ').Append(rule.Protocol);
        if (rule.AddressFamily != RuleAddressFamily.Any)
        {
            text.Append(' ').Append(rule.AddressFamily);
        }

        AppendSide(text, " from ", rule.SourceAddresses, rule.SourcePorts);
        AppendSide(text, " to ", rule.DestinationAddresses, rule.DestinationPorts);
        AppendList(text, " in by ", rule.InputInterfaces);
        AppendList(text, " out by ", rule.OutputInterfaces);
        if (!rule.Enabled)
        {
            text.Append(" (disabled)");
        }

        return text.ToString();
    }

    private static void AppendSide(StringBuilder text, string word, ImmutableArray<AddressRange> addresses, ImmutableArray<PortRange> ports)
    {
        if (addresses.IsEmpty)
        {
            text.Append(word).Append("any");
        }

        AppendList(text, word, addresses);
        AppendList(text, " port ", ports);
    }

    private static void AppendList<T>(StringBuilder text, string word, ImmutableArray<T> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        text.Append(word).AppendJoin(',', values.Take(MaxValues));
        if (values.Length > MaxValues)
        {
            text.Append(" and ").Append(values.Length - MaxValues).Append(" more");
        }
    }
}
