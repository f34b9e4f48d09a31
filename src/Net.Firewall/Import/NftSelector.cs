using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Turns a selector of nft with its values into what a packet must be.</summary>
internal static class NftSelector
{
    /// <summary>The matches, which exclude each other; null with a problem when they cannot be expressed.</summary>
    /// <param name="selector">The selector, such as "ip saddr".</param>
    /// <param name="values">Its values, one of which suffices.</param>
    /// <param name="isNegated">Whether it must be none of them.</param>
    /// <param name="problem">Why it cannot be expressed.</param>
    public static ImmutableArray<ImportMatch>? Match(string selector, List<string> values, bool isNegated, out string? problem)
    {
        problem = null;
        string[] parts = selector.Split(' ');
        string last = parts[^1];
        switch (selector)
        {
            case "ip saddr" or "ip daddr" or "ip6 saddr" or "ip6 daddr":
                return Addresses(parts[0] == "ip6", last == "saddr", values, isNegated, out problem);
            case "tcp sport" or "tcp dport" or "udp sport" or "udp dport" or "sctp sport" or "sctp dport" or "th sport" or "th dport":
                return Ports(parts[0], last == "sport", values, isNegated, out problem);
            case "ip protocol" or "ip6 nexthdr" or "meta l4proto" or "l4proto":
                return Protocols(selector, values, isNegated, out problem);
            case "meta nfproto" or "nfproto" or "meta protocol" or "protocol":
                return Families(values, isNegated, out problem);
            case "meta iifname" or "iifname" or "meta iif" or "iif":
                return Interfaces(true, values, isNegated, out problem);
            case "meta oifname" or "oifname" or "meta oif" or "oif":
                return Interfaces(false, values, isNegated, out problem);
            case "ct state":
                return States(values, isNegated, out problem);
            case "icmp type" or "icmpv6 type":
                return Icmp(parts[0] == "icmpv6", values, isNegated, out problem);
            case "ether saddr":
                List<MacAddress> macs = Read<MacAddress>(values, MacAddress.TryParse, "MAC address", ref problem);
                problem ??= isNegated ? "every MAC address but some cannot be expressed" : null;
                return One(ImportMatch.Any with { Macs = [.. macs] }, problem);
            case "ip dscp" or "ip6 dscp":
                List<byte> points = Read<byte>(values, ImportValues.TryDscp, "code point", ref problem);
                return One(
                    ImportMatch.Any with { Family = parts[0] == "ip6" ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4, Dscp = isNegated ? ImportValues.WithoutDscp([.. points]) : [.. points] },
                    problem);
            case "ip length" or "meta length":
                return Numbers(values, isNegated, ushort.MaxValue, static ranges => ImportMatch.Any with { Lengths = ranges }, ref problem, selector == "ip length");
            case "meta skuid" or "skuid":
                return Numbers([.. values.Select(static value => value == "root" ? "0" : value)], isNegated, uint.MaxValue - 1, static ranges => ImportMatch.Any with { Users = ranges }, ref problem);
            case "meta skgid" or "skgid":
                return Numbers([.. values.Select(static value => value == "root" ? "0" : value)], isNegated, uint.MaxValue - 1, static ranges => ImportMatch.Any with { Groups = ranges }, ref problem);
            case "meta mark" or "mark":
                List<uint> marks = Read<uint>(values, ImportValues.TryNumber, "mark", ref problem);
                problem ??= isNegated ? "a negated mark cannot be expressed" : null;
                return problem is null ? [.. marks.Distinct().Select(static mark => ImportMatch.Any with { Mark = new MarkMatch(mark) })] : null;
            default:
                problem = $"{selector} cannot be expressed";
                return null;
        }
    }

    private static ImmutableArray<ImportMatch>? Addresses(bool isIPv6, bool isSource, List<string> values, bool isNegated, out string? problem)
    {
        problem = null;
        RuleAddressFamily family = isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4;
        List<AddressRange> ranges = Read<AddressRange>(values, ImportValues.TryAddresses, "address", ref problem);
        problem ??= ranges.Exists(range => range.Family != family) ? "an address is of the other IP version" : null;
        ImmutableArray<AddressRange> asked = problem is null && isNegated ? ImportValues.Without([.. ranges], family) : [.. ranges];
        problem ??= asked.IsEmpty ? "no address at all can match" : null;
        return One(isSource ? ImportMatch.Any with { Family = family, Sources = asked } : ImportMatch.Any with { Family = family, Destinations = asked }, problem);
    }

    private static ImmutableArray<ImportMatch>? Ports(string protocol, bool isSource, List<string> values, bool isNegated, out string? problem)
    {
        problem = null;
        List<PortRange> ranges = Read<PortRange>(values, static (string text, out PortRange range) => ImportValues.TryPorts(text, '-', out range), "port", ref problem);
        ImmutableArray<PortRange> asked = problem is null && isNegated ? ImportValues.Without([.. ranges]) : [.. ranges];
        problem ??= asked.IsEmpty ? "no port at all can match" : null;
        ImmutableArray<byte>? number = protocol == "th" ? null : ImportValues.TryProtocol(protocol, out byte known) ? [known] : null;
        return One(isSource ? ImportMatch.Any with { Protocols = number, SourcePorts = asked } : ImportMatch.Any with { Protocols = number, DestinationPorts = asked }, problem);
    }

    private static ImmutableArray<ImportMatch>? Protocols(string selector, List<string> values, bool isNegated, out string? problem)
    {
        problem = null;
        List<byte> numbers = Read<byte>(values, ImportValues.TryProtocol, "protocol", ref problem);
        problem ??= isNegated ? "every protocol but some cannot be expressed" : null;
        RuleAddressFamily family = selector == "ip protocol" ? RuleAddressFamily.IPv4 : selector == "ip6 nexthdr" ? RuleAddressFamily.IPv6 : RuleAddressFamily.Any;
        return One(ImportMatch.Any with { Family = family, Protocols = [.. numbers.Distinct()] }, problem);
    }

    private static ImmutableArray<ImportMatch>? Families(List<string> values, bool isNegated, out string? problem)
    {
        bool? isIPv6 = values.Count != 1 ? null : values[0] switch { "ipv4" or "ip" or "2" => false, "ipv6" or "ip6" or "10" => true, _ => null };
        problem = isIPv6 is null ? "only one of ip and ip6 can be expressed" : null;
        return One(ImportMatch.Any with { Family = isIPv6 != isNegated ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4 }, problem);
    }

    private static ImmutableArray<ImportMatch>? Interfaces(bool isInput, List<string> values, bool isNegated, out string? problem)
    {
        problem = isNegated ? "every interface but some cannot be expressed" : null;
        foreach (string name in values)
        {
            problem ??= InterfaceNames.ProblemWith(name) is string wrong ? $"an interface name {wrong}" : null;
        }

        return One(isInput ? ImportMatch.Any with { Inputs = [.. values] } : ImportMatch.Any with { Outputs = [.. values] }, problem);
    }

    private static ImmutableArray<ImportMatch>? States(List<string> values, bool isNegated, out string? problem)
    {
        problem = null;
        ConnectionStates states = ConnectionStates.None;
        foreach (ConnectionStates state in Read<ConnectionStates>(values, ImportValues.TryState, "connection state", ref problem))
        {
            states |= state;
        }

        states = isNegated ? (ConnectionStates)31 & ~states : states;
        problem ??= states == ConnectionStates.None ? "no connection state at all can match" : null;
        return One(ImportMatch.Any with { States = states }, problem);
    }

    private static ImmutableArray<ImportMatch>? Icmp(bool isIPv6, List<string> values, bool isNegated, out string? problem)
    {
        problem = null;
        List<IcmpTypeMatch> types = Read<IcmpTypeMatch>(values, (string text, out IcmpTypeMatch type) => ImportValues.TryIcmp(text, isIPv6, out type), "ICMP type", ref problem);
        if (problem is null && isNegated)
        {
            types = [.. Enumerable.Range(0, 256).Where(number => !types.Exists(type => type.Type == number)).Select(number => new IcmpTypeMatch(isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4, (byte)number))];
        }

        return One(ImportMatch.Any with { Family = isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4, Protocols = [isIPv6 ? (byte)58 : (byte)1], IcmpTypes = [.. types] }, problem);
    }

    private static ImmutableArray<ImportMatch>? Numbers(List<string> values, bool isNegated, uint max, Func<ImmutableArray<NumberRange>, ImportMatch> make, ref string? problem, bool isIPv4 = false)
    {
        List<NumberRange> ranges = Read<NumberRange>(values, static (string text, out NumberRange range) => ImportValues.TryNumbers(text, '-', out range), "number", ref problem);
        ImportMatch match = make(problem is null && isNegated ? ImportValues.Without([.. ranges], max) : [.. ranges]);
        return One(isIPv4 ? match with { Family = RuleAddressFamily.IPv4 } : match, problem);
    }

    private delegate bool TryRead<T>(string text, out T value);

    private static List<T> Read<T>(List<string> values, TryRead<T> read, string what, ref string? problem)
    {
        List<T> found = [];
        foreach (string text in values)
        {
            if (!read(text, out T value))
            {
                problem ??= $"{what} {(text.Length > 40 ? text[..40] + "..." : text)} cannot be read";
                return found;
            }

            found.Add(value);
        }

        problem ??= found.Count == 0 ? $"there is no {what}" : null;
        return found;
    }

    private static ImmutableArray<ImportMatch>? One(ImportMatch match, string? problem) => problem is null ? [match] : null;
}
