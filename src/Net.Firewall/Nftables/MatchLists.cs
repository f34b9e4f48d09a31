using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>A rule's lists in one IP version, sorted and without overlap, so that no packet matches two combinations of them; only named lists may overlap.</summary>
internal readonly ref struct MatchLists
{
    /// <summary>Interfaces the packet came in by.</summary>
    public required ReadOnlySpan<string> Inputs { get; init; }

    /// <summary>Interfaces the packet leaves by.</summary>
    public required ReadOnlySpan<string> Outputs { get; init; }

    /// <summary>Source addresses.</summary>
    public required ReadOnlySpan<AddressRange> Sources { get; init; }

    /// <summary>Lists that may hold the source instead.</summary>
    public required ReadOnlySpan<long> SourceLists { get; init; }

    /// <summary>Destination addresses.</summary>
    public required ReadOnlySpan<AddressRange> Destinations { get; init; }

    /// <summary>Lists that may hold the destination instead.</summary>
    public required ReadOnlySpan<long> DestinationLists { get; init; }

    /// <summary>Source ports.</summary>
    public required ReadOnlySpan<PortRange> SourcePorts { get; init; }

    /// <summary>Destination ports.</summary>
    public required ReadOnlySpan<PortRange> DestinationPorts { get; init; }

    /// <summary>ICMP types.</summary>
    public required ReadOnlySpan<IcmpTypeMatch> IcmpTypes { get; init; }

    /// <summary>Code points.</summary>
    public required ReadOnlySpan<byte> Dscp { get; init; }

    /// <summary>Ethernet addresses of the sender.</summary>
    public required ReadOnlySpan<MacAddress> Macs { get; init; }

    /// <summary>Packet lengths.</summary>
    public required ReadOnlySpan<NumberRange> Lengths { get; init; }

    /// <summary>Users.</summary>
    public required ReadOnlySpan<NumberRange> Users { get; init; }

    /// <summary>Groups of users.</summary>
    public required ReadOnlySpan<NumberRange> Groups { get; init; }

    /// <summary>Rules it takes with one value of each list in each; a double, since full lists multiply to more than an integer holds.</summary>
    public double Combinations => (double)Math.Max(1, Inputs.Length) * Math.Max(1, Outputs.Length)
        * Math.Max(1, Sources.Length + SourceLists.Length) * Math.Max(1, Destinations.Length + DestinationLists.Length)
        * Math.Max(1, SourcePorts.Length) * Math.Max(1, DestinationPorts.Length) * Math.Max(1, IcmpTypes.Length) * Math.Max(1, Dscp.Length)
        * Math.Max(1, Macs.Length) * Math.Max(1, Lengths.Length) * Math.Max(1, Users.Length) * Math.Max(1, Groups.Length);

    /// <summary>Rules it takes with every list a set but the named ones.</summary>
    public int RulesWithSets => Math.Max(1, Math.Min(1, Sources.Length) + SourceLists.Length) * Math.Max(1, Math.Min(1, Destinations.Length) + DestinationLists.Length);

    /// <summary>The types of one version, sorted, without repetitions and without codes of a type that is there as a whole.</summary>
    /// <param name="types">Types of both versions.</param>
    /// <param name="family">The version.</param>
    public static ReadOnlySpan<IcmpTypeMatch> Normalize(ImmutableArray<IcmpTypeMatch> types, RuleAddressFamily family)
    {
        List<IcmpTypeMatch> kept = [];
        foreach (IcmpTypeMatch type in types)
        {
            if (type.Family == family && !kept.Contains(type) && (type.Code is null || !types.Contains(type with { Code = null })))
            {
                kept.Add(type);
            }
        }

        return kept.ToArray();
    }

    /// <summary>Values without repetitions, in their order.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="values">The values.</param>
    public static ReadOnlySpan<T> Distinct<T>(ImmutableArray<T> values) => values.Length <= 1 ? values.AsSpan() : values.Distinct().ToArray();

    /// <summary>Numbers, sorted and without overlap.</summary>
    /// <param name="ranges">The numbers.</param>
    public static ReadOnlySpan<NumberRange> Merge(ImmutableArray<NumberRange> ranges)
    {
        if (ranges.Length <= 1)
        {
            return ranges.AsSpan();
        }

        List<NumberInterval> intervals = [];
        foreach (NumberRange range in ranges)
        {
            intervals.Add(new NumberInterval(range.First, range.Last));
        }

        NumberInterval[] merged = NumberInterval.Merge(intervals);
        return Array.ConvertAll(merged, static interval => new NumberRange((uint)interval.First, (uint)interval.Last));
    }
}
