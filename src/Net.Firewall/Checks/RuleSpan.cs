using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>A rule's extent in a few numbers: enough to see quickly, for most pairs of rules, that one cannot cover the other.</summary>
internal readonly record struct RuleSpan
{
    // Which lists a rule has; one that has a list cannot cover one that has not.
    private int Asked { get; init; }

    private NumberInterval Source { get; init; }

    private NumberInterval Destination { get; init; }

    private NumberInterval Ports { get; init; }

    private int Protocol { get; init; }

    /// <summary>What stands for the only address the rule takes packets from; null where it takes more, or any.</summary>
    public ulong? SourceKey { get; init; }

    /// <summary>The same for the destination.</summary>
    public ulong? DestinationKey { get; init; }

    /// <summary>The extent of a rule.</summary>
    /// <param name="rule">The rule.</param>
    public static RuleSpan Of(Rule rule)
    {
        bool hasSourceLists = rule.Conditions is { SourceLists.IsEmpty: false };
        bool hasDestinationLists = rule.Conditions is { DestinationLists.IsEmpty: false };
        int asked = (rule.SourceAddresses.IsEmpty && !hasSourceLists ? 0 : 1) | (rule.DestinationAddresses.IsEmpty && !hasDestinationLists ? 0 : 2)
            | (rule.SourcePorts.IsEmpty ? 0 : 4) | (rule.DestinationPorts.IsEmpty ? 0 : 8) | (rule.InputInterfaces.IsEmpty ? 0 : 16) | (rule.OutputInterfaces.IsEmpty ? 0 : 32);
        NumberInterval ports = rule.DestinationPorts.IsEmpty
            ? new NumberInterval(0, ushort.MaxValue)
            : new NumberInterval(rule.DestinationPorts.Min(range => range.First), rule.DestinationPorts.Max(range => range.Last));
        return new RuleSpan
        {
            Asked = asked,
            Source = HullOf(rule.SourceAddresses, hasSourceLists),
            Destination = HullOf(rule.DestinationAddresses, hasDestinationLists),
            Ports = ports,
            Protocol = rule.Protocol.Number is byte number && number is not (1 or 58) ? number : -1,
            SourceKey = KeyOf(rule.SourceAddresses, hasSourceLists),
            DestinationKey = KeyOf(rule.DestinationAddresses, hasDestinationLists),
        };
    }

    /// <summary>Whether it is worth looking closer if this rule covers another.</summary>
    /// <param name="narrow">The other.</param>
    public bool MayCover(in RuleSpan narrow) =>
        (Asked & ~narrow.Asked) == 0
        && (Protocol == -1 || Protocol == narrow.Protocol)
        && Holds(Ports, narrow.Ports)
        && Holds(Source, narrow.Source)
        && Holds(Destination, narrow.Destination);

    private static bool Holds(NumberInterval wide, NumberInterval narrow) => wide.First <= narrow.First && wide.Last >= narrow.Last;

    // Addresses of both versions on one line: what is apart in it is apart. Lists may hold anything, so a rule with lists covers and is covered by all.
    private static NumberInterval HullOf(ImmutableArray<AddressRange> addresses, bool hasLists)
    {
        if (addresses.IsEmpty || hasLists || addresses.Any(range => range.Family != addresses[0].Family))
        {
            return new NumberInterval(0, UInt128.MaxValue);
        }

        return new NumberInterval(addresses.Min(range => range.First), addresses.Max(range => range.Last));
    }

    private static ulong? KeyOf(ImmutableArray<AddressRange> addresses, bool hasLists) =>
        addresses.Length == 1 && !hasLists && addresses[0].First == addresses[0].Last
            ? (ulong)(addresses[0].First >> 64) * 0x9E3779B97F4A7C15 ^ (ulong)addresses[0].First
            : null;
}
