using System.Collections.Immutable;
using System.Globalization;

namespace Net.Firewall;

/// <summary>Says in words why a rule does not match a packet, and what one does that matches.</summary>
internal static class FlowWords
{
    private const int ShownValues = 5;

    /// <summary>What kept a rule from matching.</summary>
    /// <param name="condition">The condition that does not hold.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="progress">What earlier rules changed.</param>
    public static string Mismatch(FlowCondition condition, Rule rule, in FlowPacket packet, in FlowProgress progress)
    {
        RuleConditions conditions = rule.Conditions ?? new RuleConditions();
        return condition switch
        {
            FlowCondition.Family => Text($"{packet.Family} packet, {FamilyOf(rule)}"),
            FlowCondition.Protocol => Text($"protocol {RuleProtocol.FromNumber(packet.Protocol)} is not {rule.Protocol}"),
            FlowCondition.InputInterface => IsNot("input interface", packet.InputInterface ?? "none", rule.InputInterfaces),
            FlowCondition.OutputInterface => IsNot("output interface", packet.OutputInterface ?? "none", rule.OutputInterfaces),
            FlowCondition.SourceAddress => Address("source address", packet.SourceAddress, rule.SourceAddresses, conditions.SourceLists),
            FlowCondition.DestinationAddress => Address("destination address", packet.DestinationAddress, rule.DestinationAddresses, conditions.DestinationLists),
            FlowCondition.SourcePort => IsNot("source port", packet.SourcePort, rule.SourcePorts),
            FlowCondition.DestinationPort => IsNot("destination port", packet.DestinationPort, rule.DestinationPorts),
            FlowCondition.State => Text($"connection state {(packet.State == ConnectionStates.None ? ConnectionStates.New : packet.State)} is not {conditions.ConnectionStates}"),
            FlowCondition.IcmpType => IsNot("ICMP type", Icmp(packet.IcmpType, packet.IcmpCode), [.. conditions.IcmpTypes.Select(static match => Icmp(match))]),
            FlowCondition.TcpFlags => Text($"TCP flags {Flags(packet.TcpFlags)} are not {Flags(conditions.TcpFlags!.Value.Value)} of {Flags(conditions.TcpFlags.Value.Mask)}"),
            FlowCondition.Dscp => IsNot("code point", progress.Dscp, conditions.Dscp),
            FlowCondition.Length => IsNot("packet length", packet.Length, [.. conditions.PacketLengths.Select(static range => Range(range))]),
            FlowCondition.Mark => Text($"mark {Mark(progress.Mark)} is not {Mark(conditions.Mark!.Value)}"),
            FlowCondition.SourceMac => IsNot("sender's MAC address", packet.SourceMac?.ToString() ?? "not known", conditions.SourceMacs),
            FlowCondition.User => IsNot("user", Known(packet.User), [.. conditions.Users.Select(static range => Range(range))]),
            FlowCondition.Group => IsNot("group", Known(packet.Group), [.. conditions.Groups.Select(static range => Range(range))]),
            FlowCondition.Cgroup => Text($"control group {(packet.Cgroup is null ? "not known" : "/" + packet.Cgroup)} is not /{conditions.Cgroup} or below"),
            FlowCondition.ReversePath => packet.IsReversePathMissing is null ? "a route is taken to lead back to the source" : "a route leads back to the source",
            FlowCondition.Rate => "the rate is taken to be within the limit, and the rule is for what is over it",
            FlowCondition.Connections => "the number of connections is taken to be within the limit, and the rule is for what is over it",
            _ => "matches",
        };
    }

    /// <summary>What a rule that matches does.</summary>
    /// <param name="rule">The rule.</param>
    public static string Match(Rule rule)
    {
        List<string> done = [];
        if (rule.Effects is RuleEffects effects)
        {
            AddIf(effects.Log, "logs");
            AddIf(effects.SetMark is not null, effects.SetMark is MarkMatch mark ? $"sets mark {Mark(mark)}" : "");
            AddIf(effects.SetDscp is not null, Text($"sets code point {effects.SetDscp}"));
            AddIf(effects.SetTtl is not null, Text($"sets time to live {effects.SetTtl}"));
            AddIf(effects.MaxSegmentSize is not null, effects.MaxSegmentSize == 0 ? "clamps the segment size to the route" : Text($"clamps the segment size to {effects.MaxSegmentSize}"));
            AddIf(effects.AddSourceTo is not null, Text($"adds the source to list {effects.AddSourceTo}"));
        }

        done.Add(rule.Action switch
        {
            RuleAction.Allow => "allows the packet",
            RuleAction.Block => "blocks the packet",
            RuleAction.Reject => "rejects the packet",
            _ => "leaves the decision to later rules",
        });
        return string.Join(", ", done);

        void AddIf(bool condition, string what)
        {
            if (condition)
            {
                done.Add(what);
            }
        }
    }

    private static string FamilyOf(Rule rule) => rule.AddressFamily != RuleAddressFamily.Any
        ? Text($"the rule is for {rule.AddressFamily} only")
        : rule.Protocol == RuleProtocol.IcmpV4 || rule.Protocol == RuleProtocol.IcmpV6
            ? Text($"the rule is for {rule.Protocol} only")
            : "the rule has addresses of the other IP version only";

    private static string Address(string what, System.Net.IPAddress address, ImmutableArray<AddressRange> ranges, ImmutableArray<long> lists)
    {
        string inLists = lists.IsEmpty ? "" : Text($"in list {Some(lists)}");
        return ranges.IsEmpty ? Text($"{what} {address} is not {inLists}")
            : lists.IsEmpty ? IsNot(what, address, ranges)
            : Text($"{IsNot(what, address, ranges)} nor {inLists}");
    }

    private static string IsNot<TValue, T>(string what, TValue value, ImmutableArray<T> asked) =>
        Text($"{what} {value} is not {(asked.Length > 1 ? "in " : "")}{Some(asked)}");

    private static string Some<T>(ImmutableArray<T> values)
    {
        string shown = string.Join(", ", values.Take(ShownValues).Select(static value => Text($"{value}")));
        return values.Length > ShownValues ? Text($"{shown}, ... ({values.Length} values)") : shown;
    }

    private static string Known(uint? id) => id?.ToString(CultureInfo.InvariantCulture) ?? "not known";

    private static string Range(NumberRange range) => range.First == range.Last ? Text($"{range.First}") : Text($"{range.First}-{range.Last}");

    private static string Icmp(byte type, byte code) => Text($"{type} code {code}");

    private static string Icmp(IcmpTypeMatch match) => match.Code is byte code ? Text($"{match.Family} {match.Type} code {code}") : Text($"{match.Family} {match.Type}");

    private static string Mark(uint mark) => Text($"0x{mark:x}");

    private static string Mark(MarkMatch mark) => mark.Mask == uint.MaxValue ? Mark(mark.Value) : Text($"0x{mark.Value:x}/0x{mark.Mask:x}");

    private static string Flags(byte flags)
    {
        ReadOnlySpan<string> names = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"];
        List<string> set = [];
        for (int bit = 0; bit < names.Length; bit++)
        {
            if ((flags & (1 << bit)) != 0)
            {
                set.Add(names[bit]);
            }
        }

        return set.Count == 0 ? "none" : string.Join(',', set);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
