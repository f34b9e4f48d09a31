using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>What packets a filter or NAT rule looks at, in the form both are written from.</summary>
internal sealed record RuleMatch
{
    /// <summary>IP version; Any where the rule itself says nothing.</summary>
    public required RuleAddressFamily Family { get; init; }

    /// <summary>Transport protocol.</summary>
    public required RuleProtocol Protocol { get; init; }

    /// <summary>Source addresses.</summary>
    public required ImmutableArray<AddressRange> Sources { get; init; }

    /// <summary>Destination addresses.</summary>
    public required ImmutableArray<AddressRange> Destinations { get; init; }

    /// <summary>Lists that may hold the source instead.</summary>
    public ImmutableArray<long> SourceLists { get; init; } = [];

    /// <summary>Lists that may hold the destination instead.</summary>
    public ImmutableArray<long> DestinationLists { get; init; } = [];

    /// <summary>Source ports.</summary>
    public required ImmutableArray<PortRange> SourcePorts { get; init; }

    /// <summary>Destination ports.</summary>
    public required ImmutableArray<PortRange> DestinationPorts { get; init; }

    /// <summary>Interfaces the packet came in by.</summary>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>Interfaces the packet leaves by.</summary>
    public required ImmutableArray<string> Outputs { get; init; }

    /// <summary>Everything else.</summary>
    public RuleConditions? Conditions { get; init; }

    /// <summary>Whether the destination must be an address of this host.</summary>
    public bool IsToThisHost { get; init; }

    /// <summary>Where nft finds control groups; see <see cref="FirewallCompileOptions.CgroupRoot"/>.</summary>
    public string CgroupRoot { get; init; } = string.Empty;

    /// <summary>Whether what is asked differs between IP versions, so that each takes a rule of its own. nftables compares addresses of one family in a rule, and ICMP has one number in each.</summary>
    public bool IsSplit => Protocol.IsIcmp || !Sources.IsEmpty || !Destinations.IsEmpty || !SourceLists.IsEmpty || !DestinationLists.IsEmpty
        || Conditions is { IcmpTypes.IsEmpty: false } or { Dscp.IsEmpty: false };

    /// <summary>Whether a packet may match two of the rules that are written: what is in two lists, or in a list and an address of the rule.</summary>
    public bool Overlaps => SourceLists.Length + (Sources.IsEmpty ? 0 : 1) > 1
        || DestinationLists.Length + (Destinations.IsEmpty ? 0 : 1) > 1;

    /// <summary>What a filter rule looks at.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="cgroupRoot">Where nft finds control groups.</param>
    public static RuleMatch Of(Rule rule, string cgroupRoot = "") => new()
    {
        Family = FamilyOf(rule.AddressFamily, rule.Protocol),
        Protocol = rule.Protocol,
        Sources = rule.SourceAddresses,
        Destinations = rule.DestinationAddresses,
        SourceLists = rule.Conditions?.SourceLists ?? [],
        DestinationLists = rule.Conditions?.DestinationLists ?? [],
        SourcePorts = rule.SourcePorts,
        DestinationPorts = rule.DestinationPorts,
        Inputs = rule.InputInterfaces,
        Outputs = rule.OutputInterfaces,
        Conditions = rule.Conditions,
        CgroupRoot = cgroupRoot,
    };

    /// <summary>What a NAT rule looks at.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="isOwn">Whether it is asked about packets of this host, which came in by no interface.</param>
    public static RuleMatch Of(NatRule rule, bool isOwn) => new()
    {
        Family = rule.ToAddresses is { } to ? to.Family : FamilyOf(rule.AddressFamily, rule.Protocol),
        Protocol = rule.Protocol,
        Sources = rule.SourceAddresses,
        Destinations = rule.DestinationAddresses,
        SourcePorts = rule.SourcePorts,
        DestinationPorts = rule.DestinationPorts,
        Inputs = isOwn ? [] : rule.InputInterfaces,
        Outputs = rule.OutputInterfaces,
        IsToThisHost = rule.IsToThisHost,
    };

    /// <summary>Whether packets of an IP version can match.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    public bool Applies(RuleAddressFamily family) =>
        (Family == RuleAddressFamily.Any || Family == family)
        && (!SourceLists.IsEmpty || Has(Sources, family))
        && (!DestinationLists.IsEmpty || Has(Destinations, family))
        && HasIcmpType(family);

    // ICMP of one IP version is that version: an IPv6 packet may carry protocol number 1, and it is not ICMP.
    private static RuleAddressFamily FamilyOf(RuleAddressFamily family, RuleProtocol protocol) => family switch
    {
        RuleAddressFamily.Any when protocol == RuleProtocol.IcmpV4 => RuleAddressFamily.IPv4,
        RuleAddressFamily.Any when protocol == RuleProtocol.IcmpV6 => RuleAddressFamily.IPv6,
        _ => family,
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

    private bool HasIcmpType(RuleAddressFamily family)
    {
        if (Conditions is null || Conditions.IcmpTypes.IsEmpty)
        {
            return true;
        }

        foreach (IcmpTypeMatch type in Conditions.IcmpTypes)
        {
            if (type.Family == family)
            {
                return true;
            }
        }

        return false;
    }
}
