using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>
/// Writes one rule of the model as the nftables rules it takes. They share the rule's counter, and no packet matches two of them.
/// </summary>
internal static class NftRuleWriter
{
    /// <summary>
    /// Combinations of list values up to which each becomes a rule of its own rather than every list a set. The kernel goes through
    /// all sets of a table to name a new one: 10,000 rules with a set each took 9.4 s to load, the same with three rules each 0.9 s
    /// and with eight 2.8 s.
    /// </summary>
    private const int MaxCombinations = 8;

    /// <summary>Writes nothing for a disabled rule, and nothing for a family in which no packet can match.</summary>
    public static void Write(NftWriter writer, Rule rule)
    {
        if (!rule.Enabled)
        {
            return;
        }

        RuleAddressFamily family = FamilyOf(rule);
        bool isSplit = rule.Protocol.IsIcmp || !rule.SourceAddresses.IsEmpty || !rule.DestinationAddresses.IsEmpty;
        if (!isSplit)
        {
            WriteCombinations(writer, rule, family);
            return;
        }

        // nftables compares addresses of one family in a rule, and ICMP has one number in each.
        foreach (RuleAddressFamily each in (ReadOnlySpan<RuleAddressFamily>)[RuleAddressFamily.IPv4, RuleAddressFamily.IPv6])
        {
            if ((family == RuleAddressFamily.Any || family == each) && Has(rule.SourceAddresses, each) && Has(rule.DestinationAddresses, each))
            {
                WriteCombinations(writer, rule, each);
            }
        }
    }

    // ICMP of one IP version is that version: an IPv6 packet may carry protocol number 1, and it is not ICMP.
    private static RuleAddressFamily FamilyOf(Rule rule) => rule.AddressFamily switch
    {
        RuleAddressFamily.Any when rule.Protocol == RuleProtocol.IcmpV4 => RuleAddressFamily.IPv4,
        RuleAddressFamily.Any when rule.Protocol == RuleProtocol.IcmpV6 => RuleAddressFamily.IPv6,
        _ => rule.AddressFamily,
    };

    private static bool Has(ImmutableArray<AddressRange> addresses, RuleAddressFamily family)
    {
        foreach (AddressRange range in addresses)
        {
            if (range.Family == family)
            {
                return true;
            }
        }

        return addresses.IsEmpty;
    }

    private static void WriteCombinations(NftWriter writer, Rule rule, RuleAddressFamily family)
    {
        var lists = new Lists
        {
            Inputs = InterfaceNames.Normalize(rule.InputInterfaces.AsSpan()),
            Outputs = InterfaceNames.Normalize(rule.OutputInterfaces.AsSpan()),
            Sources = Intervals.Merge(rule.SourceAddresses, family),
            Destinations = Intervals.Merge(rule.DestinationAddresses, family),
            SourcePorts = Intervals.Merge(rule.SourcePorts),
            DestinationPorts = Intervals.Merge(rule.DestinationPorts),
        };
        double combinations = lists.Combinations;
        if (combinations > MaxCombinations)
        {
            WriteRule(writer, rule, family, lists);
            return;
        }

        for (int combination = 0; combination < combinations; combination++)
        {
            int rest = combination;
            WriteRule(writer, rule, family, new Lists
            {
                DestinationPorts = Pick(lists.DestinationPorts, ref rest),
                SourcePorts = Pick(lists.SourcePorts, ref rest),
                Destinations = Pick(lists.Destinations, ref rest),
                Sources = Pick(lists.Sources, ref rest),
                Outputs = Pick(lists.Outputs, ref rest),
                Inputs = Pick(lists.Inputs, ref rest),
            });
        }
    }

    private static ReadOnlySpan<T> Pick<T>(ReadOnlySpan<T> list, ref int rest)
    {
        if (list.Length <= 1)
        {
            return list;
        }

        int index = rest % list.Length;
        rest /= list.Length;
        return list.Slice(index, 1);
    }

    private static void WriteRule(NftWriter writer, Rule rule, RuleAddressFamily family, Lists lists)
    {
        writer.Constant("\t\t"u8);
        WriteInterfaces(writer, "iifname "u8, lists.Inputs);
        WriteInterfaces(writer, "oifname "u8, lists.Outputs);
        bool isIPv6 = family == RuleAddressFamily.IPv6;
        if (family != RuleAddressFamily.Any && lists.Sources.IsEmpty && lists.Destinations.IsEmpty)
        {
            writer.Constant(isIPv6 ? "meta nfproto ipv6 "u8 : "meta nfproto ipv4 "u8);
        }

        WriteAddresses(writer, isIPv6 ? "ip6 saddr "u8 : "ip saddr "u8, lists.Sources);
        WriteAddresses(writer, isIPv6 ? "ip6 daddr "u8 : "ip daddr "u8, lists.Destinations);
        WriteProtocol(writer, rule.Protocol, isIPv6, lists);
        writer.Constant("counter name \"r"u8).Number((ulong)rule.Id).Constant("\" "u8);
        writer.Constant(Verdict(rule)).Constant("\n"u8);
    }

    private static void WriteInterfaces(NftWriter writer, ReadOnlySpan<byte> match, ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
        {
            return;
        }

        writer.Constant(match);
        OpenSet(writer, names.Length);
        for (int i = 0; i < names.Length; i++)
        {
            Separate(writer, i);
            writer.Interface(names[i]);
        }

        CloseSet(writer, names.Length);
    }

    private static void WriteAddresses(NftWriter writer, ReadOnlySpan<byte> match, ReadOnlySpan<AddressRange> ranges)
    {
        if (ranges.IsEmpty)
        {
            return;
        }

        writer.Constant(match);
        OpenSet(writer, ranges.Length);
        for (int i = 0; i < ranges.Length; i++)
        {
            Separate(writer, i);
            writer.Addresses(ranges[i]);
        }

        CloseSet(writer, ranges.Length);
    }

    private static void WriteProtocol(NftWriter writer, RuleProtocol protocol, bool isIPv6, Lists lists)
    {
        if (protocol.IsAny)
        {
            return;
        }

        if (protocol.IsIcmp)
        {
            writer.Constant(isIPv6 ? "meta l4proto 58 "u8 : "meta l4proto 1 "u8);
            return;
        }

        if (lists.SourcePorts.IsEmpty && lists.DestinationPorts.IsEmpty)
        {
            writer.Constant("meta l4proto "u8).Number(protocol.Number!.Value).Constant(" "u8);
            return;
        }

        ReadOnlySpan<byte> name = protocol == RuleProtocol.Tcp ? "tcp "u8 : protocol == RuleProtocol.Udp ? "udp "u8 : "sctp "u8;
        WritePorts(writer, name, "sport "u8, lists.SourcePorts);
        WritePorts(writer, name, "dport "u8, lists.DestinationPorts);
    }

    private static void WritePorts(NftWriter writer, ReadOnlySpan<byte> protocol, ReadOnlySpan<byte> side, ReadOnlySpan<PortRange> ranges)
    {
        if (ranges.IsEmpty)
        {
            return;
        }

        writer.Constant(protocol).Constant(side);
        OpenSet(writer, ranges.Length);
        for (int i = 0; i < ranges.Length; i++)
        {
            Separate(writer, i);
            writer.Ports(ranges[i]);
        }

        CloseSet(writer, ranges.Length);
    }

    private static ReadOnlySpan<byte> Verdict(Rule rule)
    {
        if (rule.Action == RuleAction.Allow)
        {
            return "accept"u8;
        }

        if (rule.Action == RuleAction.Block)
        {
            return "drop"u8;
        }

        // A reset can only be sent where the rule itself says TCP, so a rule for all protocols asks a chain that tells them apart.
        return rule.Protocol.IsAny ? "jump reject_any"u8
            : rule.Protocol == RuleProtocol.Tcp ? "reject with tcp reset"u8
            : "reject with icmpx type port-unreachable"u8;
    }

    private static void OpenSet(NftWriter writer, int count)
    {
        if (count > 1)
        {
            writer.Constant("{ "u8);
        }
    }

    private static void Separate(NftWriter writer, int index)
    {
        if (index > 0)
        {
            writer.Constant(", "u8);
        }
    }

    private static void CloseSet(NftWriter writer, int count) => writer.Constant(count > 1 ? " } "u8 : " "u8);

    // The rule's lists in one family, sorted and without overlap, so that no packet matches two combinations.
    private readonly ref struct Lists
    {
        public required ReadOnlySpan<string> Inputs { get; init; }

        public required ReadOnlySpan<string> Outputs { get; init; }

        public required ReadOnlySpan<AddressRange> Sources { get; init; }

        public required ReadOnlySpan<AddressRange> Destinations { get; init; }

        public required ReadOnlySpan<PortRange> SourcePorts { get; init; }

        public required ReadOnlySpan<PortRange> DestinationPorts { get; init; }

        // A double, since full lists multiply to more than an integer holds.
        public double Combinations => (double)Math.Max(1, Inputs.Length) * Math.Max(1, Outputs.Length) * Math.Max(1, Sources.Length)
            * Math.Max(1, Destinations.Length) * Math.Max(1, SourcePorts.Length) * Math.Max(1, DestinationPorts.Length);
    }
}
