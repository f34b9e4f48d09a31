using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>
/// A rule prepared to be asked about packets. What it says of a packet is what the rules <see cref="NftRuleWriter"/> writes for it do, which the tests compare with the kernel.
/// </summary>
internal sealed class FlowRule
{
    private const byte IcmpV4 = 1;
    private const byte IcmpV6 = 58;
    private readonly RuleConditions? _conditions;
    private readonly bool _hasPorts;
    private readonly bool _hasInterfaces;

    /// <summary>Prepares a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="lists">The lists of the model.</param>
    public FlowRule(Rule rule, IReadOnlyDictionary<long, FlowList> lists)
    {
        Rule = rule;
        _conditions = rule.Conditions;
        _hasPorts = !rule.SourcePorts.IsEmpty || !rule.DestinationPorts.IsEmpty;
        _hasInterfaces = !rule.InputInterfaces.IsEmpty || !rule.OutputInterfaces.IsEmpty;
        Source = FlowEndpoint.Create(rule.SourceAddresses, _conditions?.SourceLists ?? [], lists);
        Destination = FlowEndpoint.Create(rule.DestinationAddresses, _conditions?.DestinationLists ?? [], lists);
        TakesIPv4 = Takes(isIPv6: false);
        TakesIPv6 = Takes(isIPv6: true);
    }

    /// <summary>The rule.</summary>
    public Rule Rule { get; }

    /// <summary>What it asks of the source; null for nothing.</summary>
    public FlowEndpoint? Source { get; }

    /// <summary>What it asks of the destination; null for nothing.</summary>
    public FlowEndpoint? Destination { get; }

    /// <summary>Whether some IPv4 packet can match.</summary>
    public bool TakesIPv4 { get; }

    /// <summary>Whether some IPv6 packet can match.</summary>
    public bool TakesIPv6 { get; }

    /// <summary>States it takes; None for all.</summary>
    public ConnectionStates States => _conditions?.ConnectionStates ?? ConnectionStates.None;

    /// <summary>The protocol number it takes in an IP version; null for all.</summary>
    /// <param name="isIPv6">IPv6 rather than IPv4.</param>
    public byte? Protocol(bool isIPv6) => Rule.Protocol.IsIcmp ? (isIPv6 ? IcmpV6 : IcmpV4) : Rule.Protocol.Number;

    /// <summary>The first condition that does not hold.</summary>
    /// <param name="packet">The packet, of the rule's direction.</param>
    /// <param name="progress">What earlier rules changed.</param>
    /// <param name="assumption">What the answer hangs on when everything else fits; null when it is certain.</param>
    /// <returns>The condition; None when the rule matches.</returns>
    public FlowCondition Check(in FlowPacket packet, in FlowProgress progress, out FlowAssumptionKind? assumption)
    {
        assumption = null;
        if (!(packet.IsIPv6 ? TakesIPv6 : TakesIPv4))
        {
            return FlowCondition.Family;
        }

        if (Protocol(packet.IsIPv6) is byte protocol && protocol != packet.Protocol)
        {
            return FlowCondition.Protocol;
        }

        if (_hasInterfaces)
        {
            if (!MatchesInterface(Rule.InputInterfaces, packet.InputInterface))
            {
                return FlowCondition.InputInterface;
            }

            if (!MatchesInterface(Rule.OutputInterfaces, packet.OutputInterface))
            {
                return FlowCondition.OutputInterface;
            }
        }

        bool isAssumed = false;
        bool sourceMatches = Source is null || Source.Matches(packet.IsIPv6, packet.Source, packet.Source, progress.AddedTo, ref isAssumed);
        if (!sourceMatches && !isAssumed)
        {
            return FlowCondition.SourceAddress;
        }

        bool destinationIsAssumed = false;
        bool destinationMatches = Destination is null
            || Destination.Matches(packet.IsIPv6, packet.Destination, packet.Source, progress.AddedTo, ref destinationIsAssumed);
        if (!destinationMatches && !destinationIsAssumed)
        {
            return FlowCondition.DestinationAddress;
        }

        if (_hasPorts)
        {
            if (!MatchesPort(Rule.SourcePorts, packet.SourcePort))
            {
                return FlowCondition.SourcePort;
            }

            if (!MatchesPort(Rule.DestinationPorts, packet.DestinationPort))
            {
                return FlowCondition.DestinationPort;
            }
        }

        // What hangs on something unknown is only worth telling when everything else fits.
        FlowCondition first = !sourceMatches ? FlowCondition.SourceAddress : !destinationMatches ? FlowCondition.DestinationAddress : FlowCondition.None;
        FlowAssumptionKind? kind = isAssumed || destinationIsAssumed ? FlowAssumptionKind.DynamicList : null;
        FlowCondition certain = CheckConditions(packet, progress, ref first, ref kind);
        if (certain != FlowCondition.None)
        {
            return certain;
        }

        assumption = kind;
        return first;
    }

    private static bool MatchesInterface(ImmutableArray<string> names, string? name)
    {
        if (names.IsEmpty)
        {
            return true;
        }

        if (name is null)
        {
            return false;
        }

        foreach (string pattern in names)
        {
            bool isWildcard = pattern.EndsWith('*');
            if (isWildcard ? name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : name == pattern)
            {
                return true;
            }
        }

        return false;
    }

    private static bool MatchesPort(ImmutableArray<PortRange> ranges, ushort port)
    {
        foreach (PortRange range in ranges)
        {
            if (range.Contains(port))
            {
                return true;
            }
        }

        return ranges.IsEmpty;
    }

    private static bool MatchesNumber(ImmutableArray<NumberRange> ranges, uint number)
    {
        foreach (NumberRange range in ranges)
        {
            if (range.Contains(number))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAtOrBelow(string path, string ancestor) =>
        ancestor.Length == 0 || (path.StartsWith(ancestor, StringComparison.Ordinal) && (path.Length == ancestor.Length || path[ancestor.Length] == '/'));

    private static bool MatchesIcmp(ImmutableArray<IcmpTypeMatch> types, in FlowPacket packet)
    {
        foreach (IcmpTypeMatch match in types)
        {
            if (match.Family == packet.Family && match.Type == packet.IcmpType && (match.Code is null || match.Code == packet.IcmpCode))
            {
                return true;
            }
        }

        return types.IsEmpty;
    }

    private bool Takes(bool isIPv6)
    {
        RuleAddressFamily family = isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4;

        // ICMP of one IP version is that version: an IPv6 packet may carry protocol number 1, and it is not ICMP.
        RuleAddressFamily asked = Rule.AddressFamily switch
        {
            RuleAddressFamily.Any when Rule.Protocol == RuleProtocol.IcmpV4 => RuleAddressFamily.IPv4,
            RuleAddressFamily.Any when Rule.Protocol == RuleProtocol.IcmpV6 => RuleAddressFamily.IPv6,
            _ => Rule.AddressFamily,
        };
        return (asked == RuleAddressFamily.Any || asked == family)
            && (Source?.CanMatch(isIPv6) ?? true)
            && (Destination?.CanMatch(isIPv6) ?? true);
    }

    private FlowCondition CheckConditions(in FlowPacket packet, in FlowProgress progress, ref FlowCondition first, ref FlowAssumptionKind? kind)
    {
        if (_conditions is not RuleConditions conditions)
        {
            return FlowCondition.None;
        }

        ConnectionStates state = packet.State == ConnectionStates.None ? ConnectionStates.New : packet.State;
        FlowCondition failed = conditions.ConnectionStates != ConnectionStates.None && (conditions.ConnectionStates & state) == 0 ? FlowCondition.State
            : !MatchesIcmp(conditions.IcmpTypes, packet) ? FlowCondition.IcmpType
            : conditions.TcpFlags is TcpFlagMatch flags && !(packet.Protocol == RuleProtocol.Tcp.Number && flags.Matches(packet.TcpFlags)) ? FlowCondition.TcpFlags
            : !conditions.Dscp.IsEmpty && !conditions.Dscp.Contains(progress.Dscp) ? FlowCondition.Dscp
            : !conditions.PacketLengths.IsEmpty && !MatchesNumber(conditions.PacketLengths, (uint)packet.Length) ? FlowCondition.Length
            : conditions.Mark is MarkMatch mark && !mark.Matches(progress.Mark) ? FlowCondition.Mark
            : !conditions.SourceMacs.IsEmpty && packet.SourceMac is MacAddress mac && !conditions.SourceMacs.Contains(mac) ? FlowCondition.SourceMac
            : !conditions.Users.IsEmpty && packet.User is uint user && !MatchesNumber(conditions.Users, user) ? FlowCondition.User
            : !conditions.Groups.IsEmpty && packet.Group is uint group && !MatchesNumber(conditions.Groups, group) ? FlowCondition.Group
            : conditions.Cgroup is string ancestor && packet.Cgroup is string path && !IsAtOrBelow(path, ancestor) ? FlowCondition.Cgroup
            : conditions.IsUnconfirmed && state is ConnectionStates.Established or ConnectionStates.Related ? FlowCondition.State
            : conditions.IsReversePathMissing && packet.IsReversePathMissing == false ? FlowCondition.ReversePath
            : FlowCondition.None;
        if (failed != FlowCondition.None)
        {
            return failed;
        }

        CheckUnknown(conditions, packet, ref first, ref kind);
        CheckLimits(conditions, ref first, ref kind);
        return FlowCondition.None;
    }

    private static void CheckUnknown(RuleConditions conditions, in FlowPacket packet, ref FlowCondition first, ref FlowAssumptionKind? kind)
    {
        (FlowCondition Condition, FlowAssumptionKind Kind) unknown =
            !conditions.SourceMacs.IsEmpty && packet.SourceMac is null ? (FlowCondition.SourceMac, FlowAssumptionKind.SourceMacUnknown)
            : !conditions.Users.IsEmpty && packet.User is null ? (FlowCondition.User, FlowAssumptionKind.UserUnknown)
            : !conditions.Groups.IsEmpty && packet.Group is null ? (FlowCondition.Group, FlowAssumptionKind.GroupUnknown)
            : conditions.Cgroup is not null && packet.Cgroup is null ? (FlowCondition.Cgroup, FlowAssumptionKind.CgroupUnknown)
            : conditions.IsReversePathMissing && packet.IsReversePathMissing is null ? (FlowCondition.ReversePath, FlowAssumptionKind.ReversePathUnknown)
            : default;
        if (unknown.Condition != FlowCondition.None)
        {
            kind ??= unknown.Kind;
            first = first == FlowCondition.None ? unknown.Condition : first;
        }
    }

    private static void CheckLimits(RuleConditions conditions, ref FlowCondition first, ref FlowAssumptionKind? kind)
    {
        if (conditions.Rate is RateLimit rate)
        {
            kind ??= FlowAssumptionKind.RateWithinLimit;
            first = first == FlowCondition.None && rate.Above ? FlowCondition.Rate : first;
        }

        if (conditions.Connections is ConnectionLimit connections)
        {
            kind ??= FlowAssumptionKind.ConnectionsWithinLimit;
            first = first == FlowCondition.None && connections.Above ? FlowCondition.Connections : first;
        }
    }
}
