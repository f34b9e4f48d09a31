using Net.Cli.Output;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>What a rule matches, in one readable line.</summary>
internal static class RuleText
{
    /// <summary>The line, such as <c>tcp from 10.0.0.0/8 to any port 443 in eth0</c>.</summary>
    public static string Match(FirewallRule rule)
    {
        bool outbound = rule.Direction == RuleDirection.Outbound;
        (AddressRange[] fromAddress, PortRange[] fromPort, AddressRange[] toAddress, PortRange[] toPort) = rule.Direction switch
        {
            RuleDirection.Forward => (rule.SourceAddress, rule.SourcePort, rule.DestinationAddress, rule.DestinationPort),
            RuleDirection.Outbound => (rule.LocalAddress, rule.LocalPort, rule.RemoteAddress, rule.RemotePort),
            _ => (rule.RemoteAddress, rule.RemotePort, rule.LocalAddress, rule.LocalPort),
        };
        var words = new List<string>();
        Add(words, rule.Family == IpFamily.Any ? null : Text.Name(rule.Family));
        Add(words, rule.Protocol == IpProtocol.Any ? null : Text.Name(rule.Protocol));
        Add(words, End("from", fromAddress, fromPort));
        Add(words, End("to", toAddress, toPort));
        Add(words, Interfaces(outbound ? "out" : "in", rule.InterfaceAlias));
        Add(words, Interfaces("out", rule.OutInterfaceAlias));
        return words.Count == 0 ? "any" : string.Join(' ', words);
    }

    private static string? End(string word, AddressRange[] addresses, PortRange[] ports)
    {
        string? address = Text.List(addresses);
        string? port = Text.List(ports);
        return (address, port) switch
        {
            (null, null) => null,
            (_, null) => $"{word} {address}",
            _ => $"{word} {address ?? "any"} port {port}",
        };
    }

    private static string? Interfaces(string word, string[] names) => names.Length == 0 ? null : $"{word} {Text.List(names)}";

    private static void Add(List<string> words, string? word)
    {
        if (word is not null)
        {
            words.Add(word);
        }
    }
}
