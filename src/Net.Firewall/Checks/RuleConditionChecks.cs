using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Checks the conditions of a filter rule.</summary>
internal static class RuleConditionChecks
{
    private const byte HighestDscp = 63;
    private const ConnectionStates AllStates = ConnectionStates.New | ConnectionStates.Established | ConnectionStates.Related | ConnectionStates.Invalid | ConnectionStates.Untracked;

    /// <summary>Checks everything a rule shows by itself.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="report">Takes problems.</param>
    public static void Run(Rule rule, ProblemReport report)
    {
        if (rule.Conditions is not { } conditions)
        {
            return;
        }

        if ((conditions.ConnectionStates & ~AllStates) != 0)
        {
            report.Add(
                nameof(RuleConditions.ConnectionStates),
                RuleErrorIds.ValueUnknown,
                $"The connection states have unknown bits ({(int)conditions.ConnectionStates}).",
                "Use New, Established, Related, Invalid and Untracked.");
        }

        CheckDirections(rule, conditions, report);
        CheckIcmpTypes(rule, conditions.IcmpTypes, report);
        CheckHeader(rule, conditions, report);
        CommonChecks.RunNumbers(nameof(RuleConditions.PacketLengths), conditions.PacketLengths, report);
        CommonChecks.RunNumbers(nameof(RuleConditions.Users), conditions.Users, report);
        CommonChecks.RunNumbers(nameof(RuleConditions.Groups), conditions.Groups, report);
        CommonChecks.RunCount(nameof(RuleConditions.SourceMacs), conditions.SourceMacs.Length, FirewallRuleValidator.MaxPortRanges, "split the rule", report);
        if (conditions.Cgroup is string cgroup && CgroupPaths.ProblemWith(cgroup) is string problem)
        {
            report.Add(
                nameof(RuleConditions.Cgroup),
                RuleErrorIds.CgroupInvalid,
                $"The control group '{CommonChecks.Shown(cgroup)}' {problem}.",
                "Give the path below the root, such as system.slice/nginx.service, as /proc/PID/cgroup shows it after 0::/.");
        }

        if (conditions.Rate is { } rate)
        {
            CheckRate(rate, report);
        }

        if (conditions.Connections is { Count: < 1 } connections)
        {
            report.Add(nameof(RuleConditions.Connections), RuleErrorIds.ValueOutOfRange, $"A limit of {connections.Count} connections is less than one.", "Give at least 1, or block without a limit.");
        }
    }

    /// <summary>Checks that the lists a rule names are there and of the right kind.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="lists">The lists of the model.</param>
    /// <param name="report">Takes problems.</param>
    public static void RunLists(Rule rule, Dictionary<long, AddressList> lists, ProblemReport report)
    {
        if (rule.Conditions is { } conditions)
        {
            Check(nameof(RuleConditions.SourceLists), conditions.SourceLists);
            Check(nameof(RuleConditions.DestinationLists), conditions.DestinationLists);
        }

        if (rule.Effects?.AddSourceTo is long target)
        {
            Check(nameof(RuleEffects.AddSourceTo), [target]);
            if (lists.TryGetValue(target, out AddressList? list) && !list.IsDynamic)
            {
                report.Add(
                    nameof(RuleEffects.AddSourceTo),
                    RuleErrorIds.AddressListNotDynamic,
                    $"Address list '{CommonChecks.Shown(list.Name)}' is not dynamic, so rules cannot add to it.",
                    "Name a dynamic list, or make this one dynamic.");
            }
        }

        void Check(string property, ImmutableArray<long> ids)
        {
            CommonChecks.RunCount(property, ids.Length, FirewallRuleValidator.MaxLists, "put lists into one list", report);
            foreach (long id in ids)
            {
                if (!lists.ContainsKey(id))
                {
                    report.Add(property, RuleErrorIds.AddressListUnknown, $"There is no address list with id {id}.", "Name a list that exists, or create it first.");
                }
            }

            if (ids.Distinct().Count() != ids.Length)
            {
                report.Add(property, RuleErrorIds.AddressListRepeated, "An address list is named twice.", "Name each list once.");
            }
        }
    }

    private static void CheckDirections(Rule rule, RuleConditions conditions, ProblemReport report)
    {
        bool isOutbound = rule.Direction == RuleDirection.Outbound;
        if (!isOutbound && (!conditions.Users.IsEmpty || !conditions.Groups.IsEmpty))
        {
            Add(
                conditions.Users.IsEmpty ? nameof(RuleConditions.Groups) : nameof(RuleConditions.Users),
                "Users and groups are known only of packets this host sends.",
                "Use direction Outbound; for a service of this host, match its port or control group.");
        }

        if (isOutbound && !conditions.SourceMacs.IsEmpty)
        {
            Add(nameof(RuleConditions.SourceMacs), "An outbound packet has no Ethernet header yet.", "Use direction Inbound or Forward, or match addresses.");
        }

        if (isOutbound && conditions.IsReversePathMissing)
        {
            Add(nameof(RuleConditions.IsReversePathMissing), "An outbound packet came in by no interface that its way back could be compared with.", "Use direction Inbound or Forward.");
        }

        if (rule.Direction == RuleDirection.Forward && conditions.Cgroup is not null)
        {
            Add(nameof(RuleConditions.Cgroup), "A forwarded packet belongs to no program of this host.", "Use direction Inbound or Outbound.");
        }

        void Add(string property, string message, string action) => report.Add(property, RuleErrorIds.ConditionDirection, message, action);
    }

    private static void CheckIcmpTypes(Rule rule, ImmutableArray<IcmpTypeMatch> types, ProblemReport report)
    {
        if (types.IsEmpty)
        {
            return;
        }

        CommonChecks.RunCount(nameof(RuleConditions.IcmpTypes), types.Length, FirewallRuleValidator.MaxPortRanges, "leave out codes", report);
        bool isIcmp = rule.Protocol.IsIcmp || rule.Protocol == RuleProtocol.IcmpV4 || rule.Protocol == RuleProtocol.IcmpV6;
        if (!isIcmp)
        {
            report.Add(nameof(RuleConditions.IcmpTypes), RuleErrorIds.ConditionNeedsProtocol, $"ICMP types were given, but the protocol is '{rule.Protocol}'.", "Set the protocol to icmp, icmpv4 or icmpv6.");
            return;
        }

        if (types.Any(type => type.Family is not (RuleAddressFamily.IPv4 or RuleAddressFamily.IPv6)))
        {
            report.Add(nameof(RuleConditions.IcmpTypes), RuleErrorIds.ValueUnknown, "An ICMP type belongs to neither IP version.", "Give each type for IPv4 or IPv6.");
            return;
        }

        RuleMatch match = RuleMatch.Of(rule with { SourceAddresses = [], DestinationAddresses = [] });
        if (!match.Applies(RuleAddressFamily.IPv4) && !match.Applies(RuleAddressFamily.IPv6))
        {
            report.Add(
                nameof(RuleConditions.IcmpTypes),
                RuleErrorIds.ProtocolFamilyMismatch,
                "The ICMP types are of one IP version and the rule of the other, so no packet can match.",
                "Give types of the rule's version, or use protocol icmp for both.");
        }
    }

    private static void CheckHeader(Rule rule, RuleConditions conditions, ProblemReport report)
    {
        if (conditions.TcpFlags is TcpFlagMatch flags)
        {
            if (rule.Protocol != RuleProtocol.Tcp)
            {
                report.Add(nameof(RuleConditions.TcpFlags), RuleErrorIds.ConditionNeedsProtocol, $"TCP flags were given, but the protocol is '{rule.Protocol}'.", "Set the protocol to tcp.");
            }

            if (flags.Mask == 0 || (flags.Value & ~flags.Mask) != 0)
            {
                report.Add(nameof(RuleConditions.TcpFlags), RuleErrorIds.ValueOutOfRange, "The TCP flags ask for a flag that is not looked at, or look at none.", "Look at every flag that must be set, and at least one.");
            }
        }

        CommonChecks.RunCount(nameof(RuleConditions.Dscp), conditions.Dscp.Length, HighestDscp + 1, "name each code point once", report);
        if (conditions.Dscp.Any(point => point > HighestDscp))
        {
            report.Add(nameof(RuleConditions.Dscp), RuleErrorIds.ValueOutOfRange, "A code point is above 63.", "Code points have six bits: 0 to 63.");
        }

        if (conditions.Mark is MarkMatch mark && (mark.Mask == 0 || (mark.Value & ~mark.Mask) != 0))
        {
            report.Add(nameof(RuleConditions.Mark), RuleErrorIds.ValueOutOfRange, "The mark has bits outside its mask, or a mask of 0, so it cannot match.", "Take the mask so that it covers the value.");
        }

        if (conditions.SourceMacs.Any(address => address.Value >> 48 != 0))
        {
            report.Add(nameof(RuleConditions.SourceMacs), RuleErrorIds.ValueOutOfRange, "An Ethernet address has more than 48 bits.", "Write it as 02:00:5e:10:00:01.");
        }
    }

    private static void CheckRate(RateLimit rate, ProblemReport report)
    {
        CommonChecks.RunEnumeration(nameof(RuleConditions.Rate), rate.Period, report);
        long least = rate.InBytes ? 0 : 1;
        if (rate.Count < 1 || rate.Burst < least)
        {
            report.Add(nameof(RuleConditions.Rate), RuleErrorIds.ValueOutOfRange, "The rate or its burst is too small.", rate.InBytes ? "Give a rate of at least 1 byte." : "Give a rate and a burst of at least 1 packet.");
            return;
        }

        // What the kernel computes with in 64 bits (nft_limit.c): the period in nanoseconds times rate and burst for bytes, and for packets
        // the time of one packet, which must not be 0, times the burst.
        double period = RateLimit.SecondsOf(rate.Period) * 1e9;
        double product = rate.InBytes ? period * ((double)rate.Count + (rate.Burst ?? 0)) : Math.Floor(period / rate.Count) * (rate.Burst ?? 5);
        if (product >= ulong.MaxValue || (!rate.InBytes && rate.Count > period) || rate.Burst > uint.MaxValue)
        {
            report.Add(nameof(RuleConditions.Rate), RuleErrorIds.ValueOutOfRange, "The rate or its burst is more than the kernel can count in this period.", "Use a shorter period: the same rate per second or minute.");
        }
    }
}
