using System.Collections.Immutable;

namespace Net.Firewall.Tests;

/// <summary>A packet as rules see it, to ask them directly what the compiled rule set must come to.</summary>
internal sealed record TestPacket
{
    public RuleAddressFamily Family { get; init; } = RuleAddressFamily.IPv4;

    public UInt128 Source { get; init; }

    public UInt128 Destination { get; init; }

    public byte Protocol { get; init; }

    public ushort SourcePort { get; init; }

    public ushort DestinationPort { get; init; }

    public string Input { get; init; } = "other0";

    public string Output { get; init; } = "other1";

    public ConnectionStates State { get; init; } = ConnectionStates.New;

    public byte IcmpType { get; init; }

    public byte IcmpCode { get; init; }

    public byte TcpFlags { get; init; }

    public byte Dscp { get; init; }

    public uint Length { get; init; }

    public MacAddress Mac { get; init; }

    public uint Mark { get; init; }

    public uint User { get; init; }

    public uint Group { get; init; }

    public string Cgroup { get; init; } = "";

    public bool IsReversePathMissing { get; init; }

    /// <summary>Whether a rule in force matches, limits left aside: they may let any packet through that matches everything else.</summary>
    public bool Matches(Rule rule, IReadOnlyDictionary<long, AddressList> lists)
    {
        RuleConditions conditions = rule.Conditions ?? new RuleConditions();
        bool isIcmp = Protocol == (Family == RuleAddressFamily.IPv4 ? 1 : 58);
        bool isProtocol = rule.Protocol.IsAny || (rule.Protocol.IsIcmp ? isIcmp : rule.Protocol.Number == Protocol);
        bool isVersion = rule.AddressFamily == RuleAddressFamily.Any
            ? (rule.Protocol != RuleProtocol.IcmpV4 || Family == RuleAddressFamily.IPv4) && (rule.Protocol != RuleProtocol.IcmpV6 || Family == RuleAddressFamily.IPv6)
            : rule.AddressFamily == Family;
        return rule.Enabled && isVersion && isProtocol
            && Holds(rule.SourceAddresses, conditions.SourceLists, Source, lists)
            && Holds(rule.DestinationAddresses, conditions.DestinationLists, Destination, lists)
            && Any(rule.SourcePorts, range => range.Contains(SourcePort))
            && Any(rule.DestinationPorts, range => range.Contains(DestinationPort))
            && Any(rule.InputInterfaces, name => IsNamed(Input, name))
            && Any(rule.OutputInterfaces, name => IsNamed(Output, name))
            && (conditions.ConnectionStates == 0 || (conditions.ConnectionStates & State) != 0)
            && Any(conditions.IcmpTypes, type => type.Family == Family && type.Type == IcmpType && (type.Code ?? IcmpCode) == IcmpCode)
            && (conditions.TcpFlags is not TcpFlagMatch flags || flags.Matches(TcpFlags))
            && Any(conditions.Dscp, point => point == Dscp)
            && Any(conditions.PacketLengths, range => range.Contains(Length))
            && Any(conditions.SourceMacs, address => address == Mac)
            && (conditions.Mark is not MarkMatch mark || mark.Matches(Mark))
            && Any(conditions.Users, range => range.Contains(User))
            && Any(conditions.Groups, range => range.Contains(Group))
            && (conditions.Cgroup is null || Cgroup == conditions.Cgroup || Cgroup.StartsWith(conditions.Cgroup + "/", StringComparison.Ordinal))
            && (!conditions.IsReversePathMissing || IsReversePathMissing)
            && (!conditions.IsUnconfirmed || State is not (ConnectionStates.Established or ConnectionStates.Related));
    }

    /// <summary>Whether a guard lets the packet through by one of its questions.</summary>
    public bool Answers(GuardAlternative question)
    {
        bool isIPv4 = Family == RuleAddressFamily.IPv4;
        return question.Dimension switch
        {
            GuardDimension.SourceIPv4 => isIPv4 && In(question, Source),
            GuardDimension.SourceIPv6 => !isIPv4 && In(question, Source),
            GuardDimension.DestinationIPv4 => isIPv4 && In(question, Destination),
            GuardDimension.DestinationIPv6 => !isIPv4 && In(question, Destination),
            GuardDimension.SourcePort => In(question, SourcePort),
            GuardDimension.DestinationPort => In(question, DestinationPort),
            GuardDimension.Input => IsNamed(Input, question.Interface!),
            GuardDimension.Output => IsNamed(Output, question.Interface!),
            GuardDimension.Protocol => Protocol == question.Number,
            GuardDimension.States => ((uint)State & question.Number) != 0,
            _ => question.Number == (isIPv4 ? 4u : 6u),
        };

        static bool In(GuardAlternative question, UInt128 value) => question.Ranges.Any(range => range.First <= value && value <= range.Last);
    }

    /// <summary>A packet that a rule is likely to match, or to miss by little.</summary>
    public static TestPacket Near(Rule rule, Random random)
    {
        RuleConditions conditions = rule.Conditions ?? new RuleConditions();
        AddressRange? source = Pick(rule.SourceAddresses, random);
        AddressRange? destination = Pick(rule.DestinationAddresses, random);
        RuleAddressFamily family = source?.Family ?? destination?.Family
            ?? (rule.AddressFamily != RuleAddressFamily.Any ? rule.AddressFamily : random.Next(2) == 0 ? RuleAddressFamily.IPv4 : RuleAddressFamily.IPv6);
        IcmpTypeMatch? icmp = Pick(conditions.IcmpTypes, random);
        family = icmp?.Family ?? family;
        byte protocol = rule.Protocol.Number ?? (rule.Protocol.IsIcmp ? (family == RuleAddressFamily.IPv4 ? (byte)1 : (byte)58) : (byte)(random.Next(2) == 0 ? 6 : 17));
        var packet = new TestPacket
        {
            Family = family,
            Source = Value(source, family, random),
            Destination = Value(destination, family, random),
            Protocol = protocol,
            SourcePort = Value(Pick(rule.SourcePorts, random), random),
            DestinationPort = Value(Pick(rule.DestinationPorts, random), random),
            Input = Name(rule.InputInterfaces, random),
            Output = Name(rule.OutputInterfaces, random),
            State = OneOf(conditions.ConnectionStates, random),
            IcmpType = icmp?.Type ?? (byte)random.Next(256),
            IcmpCode = icmp?.Code ?? (byte)random.Next(4),
            TcpFlags = (byte)((conditions.TcpFlags?.Value ?? 0) | (random.Next(256) & ~(conditions.TcpFlags?.Mask ?? 0))),
            Dscp = Pick(conditions.Dscp, random) ?? (byte)random.Next(64),
            Length = Pick(conditions.PacketLengths, random)?.First ?? (uint)random.Next(1500),
            Mac = Pick(conditions.SourceMacs, random) ?? new MacAddress((ulong)random.Next(100)),
            Mark = conditions.Mark?.Apply((uint)random.Next()) ?? (uint)random.Next(20),
            User = Pick(conditions.Users, random)?.Last ?? (uint)random.Next(2000),
            Group = Pick(conditions.Groups, random)?.Last ?? (uint)random.Next(2000),
            Cgroup = conditions.Cgroup is string cgroup ? random.Next(2) == 0 ? cgroup : cgroup + "/below" : "elsewhere",
            IsReversePathMissing = conditions.IsReversePathMissing || random.Next(2) == 0,
        };
        return random.Next(12) switch
        {
            0 => packet with { Source = Next(packet.Source, family) },
            1 => packet with { Destination = Next(packet.Destination, family) },
            2 => packet with { DestinationPort = (ushort)(packet.DestinationPort + 1) },
            3 => packet with { SourcePort = (ushort)(packet.SourcePort - 1) },
            4 => packet with { Protocol = (byte)random.Next(256) },
            5 => packet with { Family = family == RuleAddressFamily.IPv4 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4, Source = packet.Source & uint.MaxValue, Destination = packet.Destination & uint.MaxValue },
            _ => packet,
        };

        static UInt128 Next(UInt128 address, RuleAddressFamily family) => family == RuleAddressFamily.IPv4 ? (address + 1) & uint.MaxValue : address + 1;
    }

    private static bool IsNamed(string name, string pattern) => pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;

    private static bool Any<T>(ImmutableArray<T> values, Func<T, bool> holds) => values.IsEmpty || values.Any(holds);

    private static T? Pick<T>(ImmutableArray<T> values, Random random)
        where T : struct => values.IsEmpty ? null : values[random.Next(values.Length)];

    private static ushort Value(PortRange? range, Random random) => range is PortRange ports ? (ushort)random.Next(ports.First, ports.Last + 1) : (ushort)random.Next(65536);

    private static UInt128 Value(AddressRange? range, RuleAddressFamily family, Random random)
    {
        UInt128 max = family == RuleAddressFamily.IPv4 ? uint.MaxValue : UInt128.MaxValue;
        return range is not AddressRange addresses || addresses.Family != family ? (UInt128)random.NextInt64() & max
            : random.Next(3) switch
            {
                0 => addresses.First,
                1 => addresses.Last,
                _ => addresses.First + ((addresses.Last - addresses.First) / 2),
            };
    }

    private static string Name(ImmutableArray<string> names, Random random)
    {
        string name = names.IsEmpty ? "other" : names[random.Next(names.Length)];
        return name.EndsWith('*') ? name[..^1] + "x" : name;
    }

    private static ConnectionStates OneOf(ConnectionStates wanted, Random random)
    {
        ConnectionStates[] all = [ConnectionStates.New, ConnectionStates.Established, ConnectionStates.Related, ConnectionStates.Invalid];
        ConnectionStates[] fitting = [.. all.Where(state => wanted == 0 || (wanted & state) != 0)];
        return fitting.Length == 0 ? ConnectionStates.Untracked : fitting[random.Next(fitting.Length)];
    }

    private bool Holds(ImmutableArray<AddressRange> addresses, ImmutableArray<long> named, UInt128 address, IReadOnlyDictionary<long, AddressList> lists)
    {
        if (addresses.IsEmpty && named.IsEmpty)
        {
            return true;
        }

        // Dynamic lists may hold anything, so here they do.
        return In(addresses) || named.Any(id => lists[id].IsDynamic || In(lists[id].Addresses));

        bool In(ImmutableArray<AddressRange> ranges) => ranges.Any(range => range.Family == Family && range.First <= address && address <= range.Last);
    }
}
