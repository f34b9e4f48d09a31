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
        (string[] fromList, string[] fromPorts, string[] toList, string[] toPorts) = rule.Direction switch
        {
            RuleDirection.Forward => (rule.SourceAddressList, rule.SourcePortList, rule.DestinationAddressList, rule.DestinationPortList),
            RuleDirection.Outbound => (rule.LocalAddressList, rule.LocalPortList, rule.RemoteAddressList, rule.RemotePortList),
            _ => (rule.RemoteAddressList, rule.RemotePortList, rule.LocalAddressList, rule.LocalPortList),
        };
        return Line(
            rule.Family == IpFamily.Any ? null : Text.Name(rule.Family),
            rule.Protocol == IpProtocol.Any ? null : Text.Name(rule.Protocol),
            End("from", fromAddress, fromPort, fromList, fromPorts),
            End("to", toAddress, toPort, toList, toPorts),
            Interfaces(outbound ? "out" : "in", rule.InterfaceAlias),
            Interfaces("out", rule.OutInterfaceAlias),
            rule.Zone is { } zone ? $"{(outbound ? "into" : "of")} zone {zone}" : null,
            rule.OutZone is { } outZone ? $"into zone {outZone}" : null,
            rule.ConnectionState.Length == 0 ? null : $"state {string.Join(',', rule.ConnectionState.Select(Text.Name))}",
            Named("icmp", Text.List(rule.IcmpType)),
            Named("flags", rule.TcpFlags),
            Named("dscp", Text.List(rule.Dscp)),
            Named("length", Text.List(rule.PacketLength)),
            Named("mac", Text.List(rule.SourceMac)),
            Named("mark", rule.Mark),
            Named("user", Text.List(rule.User)),
            Named("group", Text.List(rule.UserGroup)),
            Named("cgroup", rule.Cgroup),
            Named(rule.AboveRate ? "above" : "within", rule.RateLimit),
            rule.ConnectionLimit is { } limit ? $"{(rule.AboveConnectionLimit ? "above" : "up to")} {limit} connections" : null);
    }

    /// <summary>What a NAT rule matches, in the same words.</summary>
    public static string Match(NatRule rule) => Line(
        rule.Family == IpFamily.Any ? null : Text.Name(rule.Family),
        rule.Protocol == IpProtocol.Any ? null : Text.Name(rule.Protocol),
        End("from", rule.SourceAddress, rule.SourcePort, [], []),
        End("to", rule.DestinationAddress, rule.DestinationPort, [], []),
        Interfaces("in", rule.InterfaceAlias),
        Interfaces("out", rule.OutInterfaceAlias));

    private static string Line(params string?[] words)
    {
        string line = string.Join(' ', words.Where(word => word is not null));
        return line.Length == 0 ? "any" : line;
    }

    private static string? Named(string word, string? value) => value is null ? null : $"{word} {value}";

    private static string? End(string word, AddressRange[] addresses, PortRange[] ports, string[] addressLists, string[] portLists)
    {
        string? address = Text.List([.. addresses.Select(one => one.ToString()), .. addressLists]);
        string? port = Text.List([.. ports.Select(one => one.ToString()), .. portLists]);
        return (address, port) switch
        {
            (null, null) => null,
            (_, null) => $"{word} {address}",
            _ => $"{word} {address ?? "any"} port {port}",
        };
    }

    private static string? Interfaces(string word, string[] names) => names.Length == 0 ? null : $"{word} {Text.List(names)}";
}
