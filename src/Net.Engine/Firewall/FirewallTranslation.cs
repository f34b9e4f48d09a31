using System.Collections.Immutable;
using Net.Contracts;
using Net.Firewall;
using AddressRange = Net.Contracts.AddressRange;
using PortRange = Net.Contracts.PortRange;

namespace Net.Engine.Firewall;

/// <summary>Turns the rules of the document into the model of the compiler: local and remote become source and destination.</summary>
internal static class FirewallTranslation
{
    /// <summary>The model of a section.</summary>
    public static FirewallModel ToModel(FirewallSection section) => new([.. section.Rules.Select(ToRule)]);

    /// <summary>The model of one rule.</summary>
    public static Rule ToRule(FirewallRule rule)
    {
        (AddressRange[] sourceAddress, PortRange[] sourcePort, AddressRange[] destinationAddress, PortRange[] destinationPort) = rule.Direction switch
        {
            Contracts.RuleDirection.Inbound => (rule.RemoteAddress, rule.RemotePort, rule.LocalAddress, rule.LocalPort),
            Contracts.RuleDirection.Outbound => (rule.LocalAddress, rule.LocalPort, rule.RemoteAddress, rule.RemotePort),
            _ => (rule.SourceAddress, rule.SourcePort, rule.DestinationAddress, rule.DestinationPort),
        };
        return new Rule
        {
            Id = rule.Id,
            Name = rule.Name,
            Enabled = rule.Enabled,
            Direction = (Net.Firewall.RuleDirection)(int)rule.Direction,
            Action = ToAction(rule.Action),
            Protocol = ToProtocol(rule.Protocol),
            AddressFamily = rule.Family switch
            {
                IpFamily.IPv4 => RuleAddressFamily.IPv4,
                IpFamily.IPv6 => RuleAddressFamily.IPv6,
                _ => RuleAddressFamily.Any,
            },
            SourceAddresses = ToAddresses(sourceAddress),
            SourcePorts = ToPorts(sourcePort),
            DestinationAddresses = ToAddresses(destinationAddress),
            DestinationPorts = ToPorts(destinationPort),
            InputInterfaces = rule.Direction == Contracts.RuleDirection.Outbound ? [] : [.. rule.InterfaceAlias],
            OutputInterfaces = rule.Direction == Contracts.RuleDirection.Outbound ? [.. rule.InterfaceAlias] : [.. rule.OutInterfaceAlias],
        };
    }

    private static Net.Firewall.RuleAction ToAction(Contracts.RuleAction action) => action switch
    {
        Contracts.RuleAction.Allow => Net.Firewall.RuleAction.Allow,
        Contracts.RuleAction.Block => Net.Firewall.RuleAction.Block,
        _ => Net.Firewall.RuleAction.Reject,
    };

    private static RuleProtocol ToProtocol(IpProtocol protocol) => protocol switch
    {
        IpProtocol.Any => RuleProtocol.Any,
        IpProtocol.Icmp => RuleProtocol.Icmp,
        _ => RuleProtocol.FromNumber((byte)protocol),
    };

    private static ImmutableArray<Net.Firewall.AddressRange> ToAddresses(AddressRange[] ranges) =>
        [.. ranges.Select(range => new Net.Firewall.AddressRange(range.First, range.Last))];

    private static ImmutableArray<Net.Firewall.PortRange> ToPorts(PortRange[] ranges) =>
        [.. ranges.Select(range => new Net.Firewall.PortRange((ushort)range.First, (ushort)range.Last))];
}
