using System.Globalization;
using Net.Contracts;
using Net.Firewall;
using AddressRange = Net.Contracts.AddressRange;
using PortRange = Net.Contracts.PortRange;
using RuleDirection = Net.Firewall.RuleDirection;

namespace Net.Engine.Firewall.Runtime.Transfer;

/// <summary>Says rules of the model in the words of the document: the way back of the translation, for rules that come from another firewall's text.</summary>
internal static class RuleWords
{
    /// <summary>A rule of the document.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="problem">What the document has no words for, or null.</param>
    public static FirewallRule? ToDocument(Rule rule, out string? problem)
    {
        RuleConditions conditions = rule.Conditions ?? new RuleConditions();
        RuleEffects effects = rule.Effects ?? new RuleEffects();
        problem = ProblemOf(rule.Protocol, conditions, effects);
        if (problem is not null)
        {
            return null;
        }

        var said = new FirewallRule
        {
            Name = rule.Name,
            Enabled = rule.Enabled,
            Direction = (Contracts.RuleDirection)(int)rule.Direction,
            Action = (Contracts.RuleAction)(int)rule.Action,
            Protocol = ProtocolOf(rule.Protocol)!.Value,
            Family = FamilyOf(rule.Protocol, rule.AddressFamily),
            ConnectionState = StatesOf(conditions.ConnectionStates),
            IcmpType = [.. conditions.IcmpTypes.Select(IcmpOf).Distinct()],
            TcpFlags = conditions.TcpFlags is { } flags ? FlagsOf(flags) : null,
            Dscp = [.. conditions.Dscp.Select(value => Text($"{value}"))],
            PacketLength = [.. conditions.PacketLengths.Select(RangeOf)],
            SourceMac = [.. conditions.SourceMacs.Select(address => address.ToString())],
            Mark = conditions.Mark is { } mark ? MarkOf(mark) : null,
            User = [.. conditions.Users.Select(RangeOf)],
            UserGroup = [.. conditions.Groups.Select(RangeOf)],
            Cgroup = conditions.Cgroup,
            RateLimit = conditions.Rate is { } rate ? RateOf(rate) : null,
            RateBurst = conditions.Rate?.Burst,
            RatePerSource = conditions.Rate?.PerSource ?? false,
            AboveRate = conditions.Rate?.Above ?? false,
            ConnectionLimit = conditions.Connections?.Count,
            ConnectionLimitPerSource = conditions.Connections?.PerSource ?? false,
            AboveConnectionLimit = conditions.Connections?.Above ?? false,
            Log = effects.Log,
            RejectWith = (FirewallReject)(int)effects.RejectWith,
            SetDscp = effects.SetDscp is { } dscp ? Text($"{dscp}") : null,
            SetTtl = effects.SetTtl,
            SetMark = effects.SetMark is { } set ? MarkOf(set) : null,
            MaxSegmentSize = effects.MaxSegmentSize is { } size ? size == 0 ? "path" : Text($"{size}") : null,
        };
        return WithSides(said, rule);
    }

    /// <summary>A NAT rule of the document.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="problem">What the document has no words for, or null.</param>
    public static Contracts.NatRule? ToDocument(Net.Firewall.NatRule rule, out string? problem)
    {
        problem = ProtocolOf(rule.Protocol) is null ? Text($"protocol {rule.Protocol} cannot be named in a rule")
            : rule.IsToThisHost ? "a translation for whatever addresses this host has is a port forward; make one"
            : null;
        if (problem is not null)
        {
            return null;
        }

        bool isPrefix = rule.Kind is Net.Firewall.NatKind.SourcePrefix or Net.Firewall.NatKind.DestinationPrefix;
        if (rule.Kind == Net.Firewall.NatKind.SourcePrefix)
        {
            // One to one is told from the outer side: the outer prefix is what packets are sent to.
            return new Contracts.NatRule
            {
                Name = rule.Name,
                Enabled = rule.Enabled,
                Kind = Contracts.NatKind.OneToOne,
                Family = FamilyOf(rule.Protocol, rule.AddressFamily),
                DestinationAddress = [Of(rule.ToAddresses!.Value)],
                InterfaceAlias = [.. rule.OutputInterfaces],
                ToAddress = rule.SourceAddresses.Length == 1 ? Of(rule.SourceAddresses[0]) : null,
            };
        }

        return new Contracts.NatRule
        {
            Name = rule.Name,
            Enabled = rule.Enabled,
            Kind = isPrefix ? Contracts.NatKind.OneToOne : rule.Kind switch
            {
                Net.Firewall.NatKind.Masquerade => Contracts.NatKind.Masquerade,
                Net.Firewall.NatKind.Source => Contracts.NatKind.Source,
                Net.Firewall.NatKind.Destination => Contracts.NatKind.Destination,
                Net.Firewall.NatKind.Redirect => Contracts.NatKind.Redirect,
                _ => Contracts.NatKind.Exempt,
            },
            Protocol = ProtocolOf(rule.Protocol)!.Value,
            Family = FamilyOf(rule.Protocol, rule.AddressFamily),
            SourceAddress = [.. rule.SourceAddresses.Select(Of)],
            DestinationAddress = [.. rule.DestinationAddresses.Select(Of)],
            SourcePort = [.. rule.SourcePorts.Select(Of)],
            DestinationPort = [.. rule.DestinationPorts.Select(Of)],
            InterfaceAlias = [.. rule.InputInterfaces],
            OutInterfaceAlias = [.. rule.OutputInterfaces],
            ToAddress = rule.ToAddresses is { } to ? Of(to) : null,
            ToPort = rule.ToPorts is { } ports ? Of(ports) : null,
            RandomPort = rule.IsRandom,
            Persistent = rule.IsPersistent,
            IncludeOwnPackets = rule.IncludesOwnPackets,
        };
    }

    private static string? ProblemOf(RuleProtocol protocol, RuleConditions conditions, RuleEffects effects)
    {
        bool hasLists = !conditions.SourceLists.IsEmpty || !conditions.DestinationLists.IsEmpty || effects.AddSourceTo is not null;
        return ProtocolOf(protocol) is null ? Text($"protocol {protocol} cannot be named in a rule")
            : conditions.IsReversePathMissing ? "a check of the way back to the source is part of the profile (AntiSpoofing), not of a rule"
            : conditions.IsUnconfirmed ? "whether a connection is confirmed is asked by the profile (AntiSpoofing) only, not by a rule"
            : hasLists ? "address lists are not taken over; make them first and name them in the rule"
            : null;
    }

    private static FirewallRule WithSides(FirewallRule said, Rule rule)
    {
        AddressRange[] sources = [.. rule.SourceAddresses.Select(Of)];
        AddressRange[] destinations = [.. rule.DestinationAddresses.Select(Of)];
        PortRange[] sourcePorts = [.. rule.SourcePorts.Select(Of)];
        PortRange[] destinationPorts = [.. rule.DestinationPorts.Select(Of)];
        switch (rule.Direction)
        {
            case RuleDirection.Inbound:
                (said.RemoteAddress, said.RemotePort, said.LocalAddress, said.LocalPort) = (sources, sourcePorts, destinations, destinationPorts);
                said.InterfaceAlias = [.. rule.InputInterfaces];
                break;
            case RuleDirection.Outbound:
                (said.LocalAddress, said.LocalPort, said.RemoteAddress, said.RemotePort) = (sources, sourcePorts, destinations, destinationPorts);
                said.InterfaceAlias = [.. rule.OutputInterfaces];
                break;
            default:
                (said.SourceAddress, said.SourcePort, said.DestinationAddress, said.DestinationPort) = (sources, sourcePorts, destinations, destinationPorts);
                said.InterfaceAlias = [.. rule.InputInterfaces];
                said.OutInterfaceAlias = [.. rule.OutputInterfaces];
                break;
        }

        return said;
    }

    private static IpProtocol? ProtocolOf(RuleProtocol protocol) => protocol.IsAny ? IpProtocol.Any
        : protocol.IsIcmp || protocol == RuleProtocol.IcmpV4 || protocol == RuleProtocol.IcmpV6 ? IpProtocol.Icmp
        : Enum.IsDefined((IpProtocol)protocol.Number!.Value) ? (IpProtocol)protocol.Number.Value
        : null;

    private static IpFamily FamilyOf(RuleProtocol protocol, RuleAddressFamily family) => protocol == RuleProtocol.IcmpV4 || family == RuleAddressFamily.IPv4 ? IpFamily.IPv4
        : protocol == RuleProtocol.IcmpV6 || family == RuleAddressFamily.IPv6 ? IpFamily.IPv6
        : default;

    private static ConnectionState[] StatesOf(ConnectionStates states) =>
        [.. Enum.GetValues<ConnectionState>().Where(state => ((int)states & (1 << (int)state)) != 0)];

    private static string IcmpOf(IcmpTypeMatch match) => match.Code is { } code ? Text($"{match.Type}/{code}") : Text($"{match.Type}");

    private static string FlagsOf(TcpFlagMatch flags)
    {
        string[] names = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"];
        return string.Join(',', names.Select((name, bit) => (flags.Mask >> bit & 1) == 0 ? null : (flags.Value >> bit & 1) == 0 ? "!" + name : name).OfType<string>());
    }

    private static string RateOf(RateLimit rate) => Text($"{rate.Count}{(rate.InBytes ? "B" : string.Empty)}/{rate.Period.ToString().ToLowerInvariant()}");

    private static string RangeOf(NumberRange range) => range.First == range.Last ? Text($"{range.First}") : Text($"{range.First}-{range.Last}");

    private static string MarkOf(MarkMatch mark) => mark.Mask == uint.MaxValue ? Text($"0x{mark.Value:x}") : Text($"0x{mark.Value:x}/0x{mark.Mask:x}");

    // Both types write and read the same texts.
    private static AddressRange Of(Net.Firewall.AddressRange range) => AddressRange.Parse(range.ToString());

    private static PortRange Of(Net.Firewall.PortRange range) => new(range.First, range.Last);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
