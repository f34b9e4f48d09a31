using System.Collections.Immutable;

namespace Net.Firewall.Tests.Flows;

/// <summary>The plainest reading of the model: every rule in order, every condition anew, nothing shared with the evaluator that is tested.</summary>
internal static class LinearEvaluator
{
    public static LinearVerdict Evaluate(FirewallModel model, FlowPacket packet, IReadOnlyDictionary<long, ImmutableArray<AddressRange>> dynamicLists)
    {
        uint mark = packet.Mark;
        byte dscp = packet.Dscp;
        byte? ttl = null;
        List<long> continued = [];
        List<(long List, System.Net.IPAddress Address)> added = [];
        foreach (KeptSession kept in packet.Protocol == 6 ? model.KeptSessions : [])
        {
            bool isIn = packet.Direction == RuleDirection.Inbound && kept == new KeptSession(packet.SourceAddress, packet.SourcePort, packet.DestinationPort);
            bool isOut = packet.Direction == RuleDirection.Outbound && kept == new KeptSession(packet.DestinationAddress, packet.DestinationPort, packet.SourcePort);
            if (isIn || isOut)
            {
                return new LinearVerdict(RuleAction.Allow, null, [], mark, dscp, ttl);
            }
        }

        foreach (Rule rule in model.Rules.Where(rule => rule.Enabled && rule.Direction == packet.Direction))
        {
            if (!Matches(rule))
            {
                continue;
            }

            mark = rule.Effects?.SetMark is MarkMatch set ? (mark & ~set.Mask) | set.Value : mark;
            dscp = rule.Effects?.SetDscp ?? dscp;
            ttl = rule.Effects?.SetTtl ?? ttl;
            if (rule.Effects?.AddSourceTo is long list)
            {
                added.Add((list, packet.SourceAddress));
            }

            if (rule.Action != RuleAction.Continue)
            {
                return new LinearVerdict(rule.Action, rule.Id, continued, mark, dscp, ttl);
            }

            continued.Add(rule.Id);
        }

        return new LinearVerdict(RuleAction.Allow, null, continued, mark, dscp, ttl);

        bool Matches(Rule rule)
        {
            RuleConditions c = rule.Conditions ?? new RuleConditions();
            bool isV6 = packet.IsIPv6;
            int? number = rule.Protocol.IsIcmp ? (isV6 ? 58 : 1) : rule.Protocol.Number;
            ConnectionStates state = packet.State == 0 ? ConnectionStates.New : packet.State;
            return (rule.AddressFamily == RuleAddressFamily.Any || rule.AddressFamily == packet.Family)
                && (number is null || number == packet.Protocol)
                && !(rule.Protocol == RuleProtocol.IcmpV4 && rule.AddressFamily == RuleAddressFamily.Any && isV6)
                && !(rule.Protocol == RuleProtocol.IcmpV6 && rule.AddressFamily == RuleAddressFamily.Any && !isV6)
                && In(rule.SourceAddresses, c.SourceLists, packet.SourceAddress)
                && In(rule.DestinationAddresses, c.DestinationLists, packet.DestinationAddress)
                && (rule.SourcePorts.IsEmpty || rule.SourcePorts.Any(range => range.Contains(packet.SourcePort)))
                && (rule.DestinationPorts.IsEmpty || rule.DestinationPorts.Any(range => range.Contains(packet.DestinationPort)))
                && Named(rule.InputInterfaces, packet.InputInterface)
                && Named(rule.OutputInterfaces, packet.OutputInterface)
                && (c.ConnectionStates == 0 || c.ConnectionStates.HasFlag(state))
                && (c.IcmpTypes.IsEmpty || c.IcmpTypes.Any(type => type.Family == packet.Family && type.Type == packet.IcmpType && (type.Code ?? packet.IcmpCode) == packet.IcmpCode))
                && (c.TcpFlags is not TcpFlagMatch flags || (packet.TcpFlags & flags.Mask) == flags.Value)
                && (c.Dscp.IsEmpty || c.Dscp.Any(value => value == dscp))
                && (c.PacketLengths.IsEmpty || c.PacketLengths.Any(range => range.First <= packet.Length && packet.Length <= range.Last))
                && (c.SourceMacs.IsEmpty || c.SourceMacs.Any(mac => mac == packet.SourceMac))
                && (c.Mark is not MarkMatch asked || (mark & asked.Mask) == asked.Value)
                && (c.Users.IsEmpty || c.Users.Any(range => packet.User is uint user && range.First <= user && user <= range.Last))
                && (c.Groups.IsEmpty || c.Groups.Any(range => packet.Group is uint group && range.First <= group && group <= range.Last))
                && (c.Cgroup is null || (packet.Cgroup is not null && $"{packet.Cgroup}/".StartsWith($"{c.Cgroup}/", StringComparison.Ordinal)))
                && (!c.IsReversePathMissing || packet.IsReversePathMissing == true)
                && (!c.IsUnconfirmed || (state & (ConnectionStates.Established | ConnectionStates.Related)) == 0)
                && c.Rate?.Above != true
                && c.Connections?.Above != true;
        }

        bool In(ImmutableArray<AddressRange> own, ImmutableArray<long> lists, System.Net.IPAddress address) =>
            (own.IsEmpty && lists.IsEmpty)
            || own.Any(range => range.Contains(address))
            || lists.Any(id => added.Contains((id, address)))
            || lists.Any(id => (model.AddressLists.First(list => list.Id == id) is { IsDynamic: false } list ? list.Addresses : dynamicLists[id]).Any(range => range.Contains(address)));
    }

    private static bool Named(ImmutableArray<string> names, string? name) =>
        names.IsEmpty || names.Any(pattern => name is not null && (pattern[^1] == '*' ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern));
}
