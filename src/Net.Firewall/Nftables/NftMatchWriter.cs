namespace Net.Firewall;

/// <summary>
/// Writes what a rule matches as nftables rules: one for each IP version that needs its own and for each combination of list values,
/// or few with sets. What ends the line is the caller's.
/// </summary>
internal static class NftMatchWriter
{
    /// <summary>
    /// Combinations of list values up to which each becomes a rule of its own rather than every list a set. The kernel goes through
    /// all sets of a table to name a new one: 10,000 rules with a set each took 9.4 s to load, the same with three rules each 0.9 s
    /// and with eight 2.8 s.
    /// </summary>
    private const int MaxCombinations = 8;

    /// <summary>Ends a line that matches.</summary>
    /// <typeparam name="T">What it is told.</typeparam>
    /// <param name="writer">Where to.</param>
    /// <param name="state">What it is told.</param>
    /// <param name="family">The IP version of the line, or Any.</param>
    public delegate void Tail<T>(NftWriter writer, T state, RuleAddressFamily family);

    /// <summary>Writes nothing for a version in which no packet can match.</summary>
    /// <typeparam name="T">What the end of a line is told.</typeparam>
    /// <param name="writer">Where to.</param>
    /// <param name="match">What to match.</param>
    /// <param name="state">What the end of a line is told.</param>
    /// <param name="tail">Ends each line, without its newline.</param>
    public static void Write<T>(NftWriter writer, RuleMatch match, T state, Tail<T> tail)
    {
        if (match.Conditions is { IsUnconfirmed: true } conditions)
        {
            // A rule about the status matches no packet without a connection, which is why those are asked for by their state. None is both.
            WriteVersions(writer, match, state, tail);
            ConnectionStates unknown = ConnectionStates.Invalid | ConnectionStates.Untracked;
            unknown &= conditions.ConnectionStates == ConnectionStates.None ? unknown : conditions.ConnectionStates;
            if (unknown != ConnectionStates.None)
            {
                WriteVersions(writer, match with { Conditions = conditions with { IsUnconfirmed = false, ConnectionStates = unknown } }, state, tail);
            }

            return;
        }

        WriteVersions(writer, match, state, tail);
    }

    private static void WriteVersions<T>(NftWriter writer, RuleMatch match, T state, Tail<T> tail)
    {
        if (!match.IsSplit)
        {
            WriteCombinations(writer, match, match.Family, state, tail);
            return;
        }

        foreach (RuleAddressFamily family in (ReadOnlySpan<RuleAddressFamily>)[RuleAddressFamily.IPv4, RuleAddressFamily.IPv6])
        {
            if (match.Applies(family))
            {
                WriteCombinations(writer, match, family, state, tail);
            }
        }
    }

    private static void WriteCombinations<T>(NftWriter writer, RuleMatch match, RuleAddressFamily family, T state, Tail<T> tail)
    {
        RuleConditions? more = match.Conditions;
        var lists = new MatchLists
        {
            Inputs = InterfaceNames.Normalize(match.Inputs.AsSpan()),
            Outputs = InterfaceNames.Normalize(match.Outputs.AsSpan()),
            Sources = Intervals.Merge(match.Sources, family),
            SourceLists = match.SourceLists.AsSpan(),
            Destinations = Intervals.Merge(match.Destinations, family),
            DestinationLists = match.DestinationLists.AsSpan(),
            SourcePorts = Intervals.Merge(match.SourcePorts),
            DestinationPorts = Intervals.Merge(match.DestinationPorts),
            IcmpTypes = more is null ? [] : MatchLists.Normalize(more.IcmpTypes, family),
            Dscp = more is null ? [] : MatchLists.Distinct(more.Dscp),
            Macs = more is null ? [] : MatchLists.Distinct(more.SourceMacs),
            Lengths = more is null ? [] : MatchLists.Merge(more.PacketLengths),
            Users = more is null ? [] : MatchLists.Merge(more.Users),
            Groups = more is null ? [] : MatchLists.Merge(more.Groups),
        };
        bool asSets = lists.Combinations > MaxCombinations;
        int rules = asSets ? lists.RulesWithSets : (int)lists.Combinations;
        for (int rule = 0; rule < rules; rule++)
        {
            int rest = rule;
            WriteRule(writer, match, family, new MatchLists
            {
                DestinationPorts = Pick(lists.DestinationPorts, asSets, ref rest),
                SourcePorts = Pick(lists.SourcePorts, asSets, ref rest),
                Destinations = Pick(lists.Destinations, lists.DestinationLists, asSets, ref rest, out ReadOnlySpan<long> destinationLists),
                DestinationLists = destinationLists,
                Sources = Pick(lists.Sources, lists.SourceLists, asSets, ref rest, out ReadOnlySpan<long> sourceLists),
                SourceLists = sourceLists,
                Outputs = Pick(lists.Outputs, asSets, ref rest),
                Inputs = Pick(lists.Inputs, asSets, ref rest),
                IcmpTypes = Pick(lists.IcmpTypes, asSets, ref rest),
                Dscp = Pick(lists.Dscp, asSets, ref rest),
                Macs = Pick(lists.Macs, asSets, ref rest),
                Lengths = Pick(lists.Lengths, asSets, ref rest),
                Users = Pick(lists.Users, asSets, ref rest),
                Groups = Pick(lists.Groups, asSets, ref rest),
            });
            tail(writer, state, family);
            writer.Constant("\n"u8);
        }
    }

    private static ReadOnlySpan<T> Pick<T>(ReadOnlySpan<T> list, bool asSets, ref int rest)
    {
        if (list.Length <= 1 || asSets)
        {
            return list;
        }

        int index = rest % list.Length;
        rest /= list.Length;
        return list.Slice(index, 1);
    }

    // A named list can be in no set with other addresses, so it always is a rule of its own.
    private static ReadOnlySpan<AddressRange> Pick(ReadOnlySpan<AddressRange> ranges, ReadOnlySpan<long> lists, bool asSets, ref int rest, out ReadOnlySpan<long> list)
    {
        int own = asSets ? Math.Min(1, ranges.Length) : ranges.Length;
        int all = own + lists.Length;
        int index = all == 0 ? 0 : rest % all;
        rest /= Math.Max(1, all);
        list = index < own || lists.IsEmpty ? [] : lists.Slice(index - own, 1);
        return index >= own ? [] : asSets ? ranges : ranges.Slice(index, 1);
    }

    private static void WriteRule(NftWriter writer, RuleMatch match, RuleAddressFamily family, in MatchLists lists)
    {
        writer.Constant("\t\t"u8);
        WriteList(writer, "iifname "u8, lists.Inputs, static (to, name) => to.Interface(name));
        WriteList(writer, "oifname "u8, lists.Outputs, static (to, name) => to.Interface(name));
        RuleConditions? more = match.Conditions;
        if (more is not null && more.ConnectionStates != ConnectionStates.None)
        {
            WriteStates(writer, more.ConnectionStates);
        }

        writer.Constant(more is { IsUnconfirmed: true } ? "ct status & confirmed == 0 "u8 : []);

        WriteList(writer, "ether saddr "u8, lists.Macs, static (to, address) => to.Mac(address));
        bool isIPv6 = family == RuleAddressFamily.IPv6;
        if (family != RuleAddressFamily.Any && lists.Sources.IsEmpty && lists.Destinations.IsEmpty && lists.SourceLists.IsEmpty && lists.DestinationLists.IsEmpty)
        {
            writer.Constant(isIPv6 ? "meta nfproto ipv6 "u8 : "meta nfproto ipv4 "u8);
        }

        // Ports before addresses: rules of one page have near addresses, and the question for a port ends the ones of other protocols as well.
        WriteProtocol(writer, match.Protocol, isIPv6, lists);
        WriteAddresses(writer, isIPv6 ? "ip6 saddr "u8 : "ip saddr "u8, lists.Sources, lists.SourceLists, isIPv6);
        WriteAddresses(writer, isIPv6 ? "ip6 daddr "u8 : "ip daddr "u8, lists.Destinations, lists.DestinationLists, isIPv6);
        if (more is not null)
        {
            WriteConditions(writer, more, match.CgroupRoot, isIPv6, lists);
        }

        writer.Constant(match.IsToThisHost ? "fib daddr type local "u8 : []);
    }

    /// <summary>Writes a comparison of connection states.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="states">The states; not none.</param>
    public static void WriteStates(NftWriter writer, ConnectionStates states)
    {
        writer.Constant("ct state "u8);
        int written = 0;
        One(ConnectionStates.New, "new"u8);
        One(ConnectionStates.Established, "established"u8);
        One(ConnectionStates.Related, "related"u8);
        One(ConnectionStates.Invalid, "invalid"u8);
        One(ConnectionStates.Untracked, "untracked"u8);
        writer.Constant(" "u8);

        void One(ConnectionStates state, ReadOnlySpan<byte> name)
        {
            if ((states & state) != 0)
            {
                writer.Constant(written++ == 0 ? [] : ","u8).Constant(name);
            }
        }
    }

    private static void WriteConditions(NftWriter writer, RuleConditions more, string cgroupRoot, bool isIPv6, in MatchLists lists)
    {
        WriteIcmpTypes(writer, isIPv6, lists.IcmpTypes);
        if (more.TcpFlags is TcpFlagMatch flags)
        {
            writer.Constant("tcp flags & "u8).Number(flags.Mask).Constant(" == "u8).Number(flags.Value).Constant(" "u8);
        }

        WriteList(writer, isIPv6 ? "ip6 dscp "u8 : "ip dscp "u8, lists.Dscp, static (to, point) => to.Number(point));
        WriteList(writer, "meta length "u8, lists.Lengths, static (to, range) => to.Numbers(range));
        if (more.Mark is MarkMatch mark)
        {
            writer.Constant("meta mark "u8);
            if (mark.Mask != uint.MaxValue)
            {
                writer.Constant("& "u8).Number(mark.Mask).Constant(" == "u8);
            }

            writer.Number(mark.Value).Constant(" "u8);
        }

        WriteList(writer, "meta skuid "u8, lists.Users, static (to, range) => to.Numbers(range));
        WriteList(writer, "meta skgid "u8, lists.Groups, static (to, range) => to.Numbers(range));
        if (more.Cgroup is string cgroup)
        {
            writer.Constant("socket cgroupv2 level "u8).Number((ulong)CgroupPaths.DepthOf(cgroup)).Constant(" "u8).Cgroup(cgroupRoot, cgroup).Constant(" "u8);
        }

        writer.Constant(more.IsReversePathMissing ? "fib saddr . iif oif missing "u8 : []);
    }

    private static void WriteIcmpTypes(NftWriter writer, bool isIPv6, ReadOnlySpan<IcmpTypeMatch> types)
    {
        if (types.Length == 1)
        {
            writer.Constant(isIPv6 ? "icmpv6 type "u8 : "icmp type "u8).Number(types[0].Type).Constant(" "u8);
            if (types[0].Code is byte code)
            {
                writer.Constant(isIPv6 ? "icmpv6 code "u8 : "icmp code "u8).Number(code).Constant(" "u8);
            }

            return;
        }

        WriteList(writer, isIPv6 ? "icmpv6 type . icmpv6 code "u8 : "icmp type . icmp code "u8, types, static (to, type) =>
        {
            to.Number(type.Type).Constant(" . "u8);
            return type.Code is byte code ? to.Number(code) : to.Constant("0-255"u8);
        });
    }

    private static void WriteAddresses(NftWriter writer, ReadOnlySpan<byte> match, ReadOnlySpan<AddressRange> ranges, ReadOnlySpan<long> lists, bool isIPv6)
    {
        if (!lists.IsEmpty)
        {
            writer.Constant(match).Constant("@l"u8).Number((ulong)lists[0]).Constant(isIPv6 ? "_6 "u8 : "_4 "u8);
            return;
        }

        WriteList(writer, match, ranges, static (to, range) => to.Addresses(range));
    }

    private static void WriteProtocol(NftWriter writer, RuleProtocol protocol, bool isIPv6, in MatchLists lists)
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

        bool isTcp = protocol == RuleProtocol.Tcp;
        bool isUdp = protocol == RuleProtocol.Udp;
        WriteList(writer, isTcp ? "tcp sport "u8 : isUdp ? "udp sport "u8 : "sctp sport "u8, lists.SourcePorts, static (to, range) => to.Ports(range));
        WriteList(writer, isTcp ? "tcp dport "u8 : isUdp ? "udp dport "u8 : "sctp dport "u8, lists.DestinationPorts, static (to, range) => to.Ports(range));
    }

    private static void WriteList<T>(NftWriter writer, ReadOnlySpan<byte> match, ReadOnlySpan<T> values, Func<NftWriter, T, NftWriter> write)
    {
        if (values.IsEmpty)
        {
            return;
        }

        writer.Constant(match).Constant(values.Length > 1 ? "{ "u8 : []);
        for (int i = 0; i < values.Length; i++)
        {
            writer.Constant(i > 0 ? ", "u8 : []);
            write(writer, values[i]);
        }

        writer.Constant(values.Length > 1 ? " } "u8 : " "u8);
    }
}
