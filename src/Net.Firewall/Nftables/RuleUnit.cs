using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>A rule in one IP version.</summary>
/// <param name="Match">What it looks at.</param>
/// <param name="Family">The version.</param>
internal readonly record struct RuleUnit(RuleMatch Match, RuleAddressFamily Family)
{
    /// <summary>The protocol number it asks for, or null.</summary>
    public uint? Protocol => Match.Protocol.Number is byte number ? number
        : !Match.Protocol.IsIcmp ? null
        : Family == RuleAddressFamily.IPv4 ? 1u : 58u;

    /// <summary>The states it asks for. Nearly all packets are of established connections; a question that lets them through is none.</summary>
    public ConnectionStates NarrowStates =>
        Match.Conditions is { } conditions && (conditions.ConnectionStates & ConnectionStates.Established) == 0 ? conditions.ConnectionStates : ConnectionStates.None;

    /// <summary>Adds what the rule allows in a dimension.</summary>
    /// <param name="dimension">A dimension of addresses or ports.</param>
    /// <param name="into">Where to; null only asks.</param>
    /// <returns>False where it allows everything, or where a list decides that no one knows here.</returns>
    public bool AddRanges(GuardDimension dimension, List<NumberInterval>? into)
    {
        switch (dimension)
        {
            case GuardDimension.SourceIPv4 or GuardDimension.SourceIPv6:
                return Match.SourceLists.IsEmpty && Add(Match.Sources, dimension == GuardDimension.SourceIPv4, into);
            case GuardDimension.DestinationIPv4 or GuardDimension.DestinationIPv6:
                return Match.DestinationLists.IsEmpty && Add(Match.Destinations, dimension == GuardDimension.DestinationIPv4, into);
            case GuardDimension.SourcePort:
                return Match.Protocol.HasPorts && Add(Match.SourcePorts, into);
            default:
                return Match.Protocol.HasPorts && Add(Match.DestinationPorts, into);
        }
    }

    private bool Add(ImmutableArray<AddressRange> addresses, bool isIPv4, List<NumberInterval>? into)
    {
        if (addresses.IsEmpty || isIPv4 != (Family == RuleAddressFamily.IPv4))
        {
            return false;
        }

        foreach (AddressRange range in into is null ? [] : addresses)
        {
            if (range.Family == Family)
            {
                into!.Add(new NumberInterval(range.First, range.Last));
            }
        }

        return true;
    }

    private static bool Add(ImmutableArray<PortRange> ports, List<NumberInterval>? into)
    {
        foreach (PortRange range in into is null ? [] : ports)
        {
            into!.Add(new NumberInterval(range.First, range.Last));
        }

        return !ports.IsEmpty;
    }
}
