using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Writes one rule of the model as the one or two nftables rules it takes.</summary>
internal static class NftRuleWriter
{
    /// <summary>Writes nothing for a disabled rule, and nothing for a family in which no packet can match.</summary>
    public static void Write(NftWriter writer, Rule rule)
    {
        if (!rule.Enabled)
        {
            return;
        }

        RuleAddressFamily family = FamilyOf(rule);
        if (rule.SourceAddresses.IsEmpty && rule.DestinationAddresses.IsEmpty)
        {
            Write(writer, rule, family);
            return;
        }

        // nftables compares addresses of one family in a rule; both rules share the counter, and a packet is of one family.
        foreach (RuleAddressFamily each in (ReadOnlySpan<RuleAddressFamily>)[RuleAddressFamily.IPv4, RuleAddressFamily.IPv6])
        {
            if ((family == RuleAddressFamily.Any || family == each) && Has(rule.SourceAddresses, each) && Has(rule.DestinationAddresses, each))
            {
                Write(writer, rule, each);
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

    private static void Write(NftWriter writer, Rule rule, RuleAddressFamily family)
    {
        writer.Constant("\t\t"u8);
        WriteInterfaces(writer, "iifname "u8, rule.InputInterfaces);
        WriteInterfaces(writer, "oifname "u8, rule.OutputInterfaces);
        if (family != RuleAddressFamily.Any && rule.SourceAddresses.IsEmpty && rule.DestinationAddresses.IsEmpty)
        {
            writer.Constant(family == RuleAddressFamily.IPv4 ? "meta nfproto ipv4 "u8 : "meta nfproto ipv6 "u8);
        }

        WriteAddresses(writer, family == RuleAddressFamily.IPv4 ? "ip saddr "u8 : "ip6 saddr "u8, rule.SourceAddresses, family);
        WriteAddresses(writer, family == RuleAddressFamily.IPv4 ? "ip daddr "u8 : "ip6 daddr "u8, rule.DestinationAddresses, family);
        WriteProtocol(writer, rule, family);
        writer.Constant("counter name \"r"u8).Number((ulong)rule.Id).Constant("\" "u8);
        writer.Constant(Verdict(rule)).Constant("\n"u8);
    }

    private static void WriteInterfaces(NftWriter writer, ReadOnlySpan<byte> match, ImmutableArray<string> names)
    {
        if (names.IsEmpty)
        {
            return;
        }

        IReadOnlyList<string> distinct = InterfaceNames.Normalize(names.AsSpan());
        writer.Constant(match);
        OpenSet(writer, distinct.Count);
        for (int i = 0; i < distinct.Count; i++)
        {
            Separate(writer, i);
            writer.Interface(distinct[i]);
        }

        CloseSet(writer, distinct.Count);
    }

    private static void WriteAddresses(NftWriter writer, ReadOnlySpan<byte> match, ImmutableArray<AddressRange> addresses, RuleAddressFamily family)
    {
        if (addresses.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<AddressRange> ranges = Intervals.Merge(addresses, family);
        writer.Constant(match);
        OpenSet(writer, ranges.Length);
        for (int i = 0; i < ranges.Length; i++)
        {
            Separate(writer, i);
            writer.Addresses(ranges[i]);
        }

        CloseSet(writer, ranges.Length);
    }

    private static void WriteProtocol(NftWriter writer, Rule rule, RuleAddressFamily family)
    {
        RuleProtocol protocol = rule.Protocol;
        if (protocol.IsAny)
        {
            return;
        }

        if (protocol.IsIcmp)
        {
            writer.Constant(family switch
            {
                RuleAddressFamily.IPv4 => "meta l4proto 1 "u8,
                RuleAddressFamily.IPv6 => "meta l4proto 58 "u8,
                _ => "meta l4proto { 1, 58 } "u8,
            });
            return;
        }

        if (rule.SourcePorts.IsEmpty && rule.DestinationPorts.IsEmpty)
        {
            writer.Constant("meta l4proto "u8).Number(protocol.Number!.Value).Constant(" "u8);
            return;
        }

        ReadOnlySpan<byte> name = protocol == RuleProtocol.Tcp ? "tcp "u8 : protocol == RuleProtocol.Udp ? "udp "u8 : "sctp "u8;
        WritePorts(writer, name, "sport "u8, rule.SourcePorts);
        WritePorts(writer, name, "dport "u8, rule.DestinationPorts);
    }

    private static void WritePorts(NftWriter writer, ReadOnlySpan<byte> protocol, ReadOnlySpan<byte> side, ImmutableArray<PortRange> ports)
    {
        if (ports.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<PortRange> ranges = Intervals.Merge(ports);
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
}
