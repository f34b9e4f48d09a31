using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>What rules ask for in the dimension of a paged block.</summary>
internal static class PageKeys
{
    /// <summary>All dimensions, the one preferred among equals first.</summary>
    public static ImmutableArray<PageDimension> Dimensions { get; } = [PageDimension.Source, PageDimension.Destination, PageDimension.DestinationPort, PageDimension.SourcePort];

    /// <summary>The kinds of values of a dimension; each has a map of its own.</summary>
    /// <param name="dimension">The dimension.</param>
    public static ImmutableArray<GuardDimension> KindsOf(PageDimension dimension) => dimension switch
    {
        PageDimension.Source => [GuardDimension.SourceIPv4, GuardDimension.SourceIPv6],
        PageDimension.Destination => [GuardDimension.DestinationIPv4, GuardDimension.DestinationIPv6],
        PageDimension.DestinationPort => [GuardDimension.DestinationPort],
        _ => [GuardDimension.SourcePort],
    };

    /// <summary>The highest value of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public static UInt128 MaxOf(GuardDimension kind) => kind switch
    {
        GuardDimension.SourceIPv4 or GuardDimension.DestinationIPv4 => uint.MaxValue,
        GuardDimension.SourceIPv6 or GuardDimension.DestinationIPv6 => UInt128.MaxValue,
        _ => ushort.MaxValue,
    };

    /// <summary>Whether rules ask for single values only.</summary>
    /// <param name="values">What each of them asks for; null for one that is not in force.</param>
    /// <param name="kind">The kind of values to look at.</param>
    public static bool AreSingle(ReadOnlySpan<NumberInterval[][]?> values, int kind)
    {
        foreach (NumberInterval[][]? rule in values)
        {
            foreach (NumberInterval value in rule?[kind] ?? [])
            {
                if (value.First != value.Last)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The values a rule asks for, of each kind of a dimension.</summary>
    /// <param name="match">What the rule looks at.</param>
    /// <param name="dimension">The dimension.</param>
    /// <returns>Null for a rule that packets of any value may match; no values where no packet of that kind can.</returns>
    public static NumberInterval[][]? Of(RuleMatch match, PageDimension dimension)
    {
        List<NumberInterval> values = [];
        if (dimension is PageDimension.DestinationPort or PageDimension.SourcePort)
        {
            return new RuleUnit(match, RuleAddressFamily.IPv4).AddRanges(KindsOf(dimension)[0], values) ? [[.. values]] : null;
        }

        var kinds = new NumberInterval[2][];
        for (int kind = 0; kind < kinds.Length; kind++)
        {
            RuleAddressFamily family = kind == 0 ? RuleAddressFamily.IPv4 : RuleAddressFamily.IPv6;
            values.Clear();
            if (match.Applies(family) && !new RuleUnit(match, family).AddRanges(KindsOf(dimension)[kind], values))
            {
                return null;
            }

            kinds[kind] = [.. values];
        }

        return kinds;
    }
}
