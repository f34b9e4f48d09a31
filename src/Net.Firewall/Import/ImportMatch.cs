using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>What a statement of another firewall asks of a packet; null asks nothing. Two can be joined into what both ask.</summary>
internal sealed record ImportMatch
{
    /// <summary>Every packet.</summary>
    public static readonly ImportMatch Any = new();

    /// <summary>IP version.</summary>
    public RuleAddressFamily Family { get; init; }

    /// <summary>Protocol numbers.</summary>
    public ImmutableArray<byte>? Protocols { get; init; }

    /// <summary>Source addresses.</summary>
    public ImmutableArray<AddressRange>? Sources { get; init; }

    /// <summary>Destination addresses.</summary>
    public ImmutableArray<AddressRange>? Destinations { get; init; }

    /// <summary>Source ports.</summary>
    public ImmutableArray<PortRange>? SourcePorts { get; init; }

    /// <summary>Destination ports.</summary>
    public ImmutableArray<PortRange>? DestinationPorts { get; init; }

    /// <summary>Input interfaces, a trailing * for any ending.</summary>
    public ImmutableArray<string>? Inputs { get; init; }

    /// <summary>Output interfaces, a trailing * for any ending.</summary>
    public ImmutableArray<string>? Outputs { get; init; }

    /// <summary>Connection states.</summary>
    public ConnectionStates? States { get; init; }

    /// <summary>ICMP types.</summary>
    public ImmutableArray<IcmpTypeMatch>? IcmpTypes { get; init; }

    /// <summary>TCP flags.</summary>
    public TcpFlagMatch? TcpFlags { get; init; }

    /// <summary>Code points.</summary>
    public ImmutableArray<byte>? Dscp { get; init; }

    /// <summary>Packet lengths.</summary>
    public ImmutableArray<NumberRange>? Lengths { get; init; }

    /// <summary>Sources of the Ethernet frame.</summary>
    public ImmutableArray<MacAddress>? Macs { get; init; }

    /// <summary>Packet mark.</summary>
    public MarkMatch? Mark { get; init; }

    /// <summary>Users.</summary>
    public ImmutableArray<NumberRange>? Users { get; init; }

    /// <summary>Groups.</summary>
    public ImmutableArray<NumberRange>? Groups { get; init; }

    /// <summary>Control group.</summary>
    public string? Cgroup { get; init; }

    /// <summary>Rate limit.</summary>
    public RateLimit? Rate { get; init; }

    /// <summary>Connection limit.</summary>
    public ConnectionLimit? Connections { get; init; }

    /// <summary>Whether no route leads back to the source.</summary>
    public bool IsReversePathMissing { get; init; }

    /// <summary>Whether it belongs to no confirmed connection.</summary>
    public bool IsUnconfirmed { get; init; }

    /// <summary>Whether the destination is an address of this host.</summary>
    public bool IsToThisHost { get; init; }

    /// <summary>Whether it is a limit, which counts what reaches it and so cannot be copied into several rules.</summary>
    public bool HasLimit => Rate is not null || Connections is not null;

    /// <summary>Joins two.</summary>
    /// <param name="other">The other.</param>
    /// <param name="problem">Why both together cannot be expressed; null when they can.</param>
    /// <returns>What both ask; null when no packet can match, or there is a problem.</returns>
    public ImportMatch? And(ImportMatch other, out string? problem)
    {
        problem = null;
        if ((Rate is not null && other.Rate is not null) || (Connections is not null && other.Connections is not null))
        {
            problem = "two limits in one rule cannot be expressed";
            return null;
        }

        if (Cgroup is not null && other.Cgroup is not null && Cgroup != other.Cgroup)
        {
            problem = "two control groups in one rule cannot be expressed";
            return null;
        }

        bool flagsFit = Join(TcpFlags, other.TcpFlags, out TcpFlagMatch? flags);
        bool marksFit = Join(Mark, other.Mark, out MarkMatch? mark);
        bool isPossible = flagsFit && marksFit && (Family == other.Family || Family == RuleAddressFamily.Any || other.Family == RuleAddressFamily.Any)
            && !(States is not null && other.States is not null && (States & other.States) == ConnectionStates.None);
        if (!isPossible)
        {
            return null;
        }

        var joined = new ImportMatch
        {
            Family = Family == RuleAddressFamily.Any ? other.Family : Family,
            Protocols = Common(Protocols, other.Protocols),
            Sources = Common(Sources, other.Sources),
            Destinations = Common(Destinations, other.Destinations),
            SourcePorts = Common(SourcePorts, other.SourcePorts),
            DestinationPorts = Common(DestinationPorts, other.DestinationPorts),
            Inputs = Common(Inputs, other.Inputs),
            Outputs = Common(Outputs, other.Outputs),
            States = States is null ? other.States : other.States is null ? States : States & other.States,
            IcmpTypes = Common(IcmpTypes, other.IcmpTypes),
            TcpFlags = flags,
            Dscp = Common(Dscp, other.Dscp),
            Lengths = Common(Lengths, other.Lengths),
            Macs = Common(Macs, other.Macs),
            Mark = mark,
            Users = Common(Users, other.Users),
            Groups = Common(Groups, other.Groups),
            Cgroup = Cgroup ?? other.Cgroup,
            Rate = Rate ?? other.Rate,
            Connections = Connections ?? other.Connections,
            IsReversePathMissing = IsReversePathMissing || other.IsReversePathMissing,
            IsUnconfirmed = IsUnconfirmed || other.IsUnconfirmed,
            IsToThisHost = IsToThisHost || other.IsToThisHost,
        };
        return joined.IsEmpty ? null : joined;
    }

    // An empty list would mean "everything" in the model, so a match that leaves nothing must not become one.
    private bool IsEmpty => Protocols?.Length == 0 || Sources?.Length == 0 || Destinations?.Length == 0 || SourcePorts?.Length == 0 || DestinationPorts?.Length == 0
        || Inputs?.Length == 0 || Outputs?.Length == 0 || IcmpTypes?.Length == 0 || Dscp?.Length == 0 || Lengths?.Length == 0 || Macs?.Length == 0
        || Users?.Length == 0 || Groups?.Length == 0;

    private static bool Join(TcpFlagMatch? a, TcpFlagMatch? b, out TcpFlagMatch? joined)
    {
        joined = a ?? b;
        if (a is not TcpFlagMatch left || b is not TcpFlagMatch right)
        {
            return true;
        }

        joined = new TcpFlagMatch((byte)(left.Mask | right.Mask), (byte)(left.Value | right.Value));
        return (left.Value & right.Mask) == (right.Value & left.Mask);
    }

    private static bool Join(MarkMatch? a, MarkMatch? b, out MarkMatch? joined)
    {
        joined = a ?? b;
        if (a is not MarkMatch left || b is not MarkMatch right)
        {
            return true;
        }

        joined = new MarkMatch(left.Value | right.Value, left.Mask | right.Mask);
        return (left.Value & right.Mask) == (right.Value & left.Mask);
    }

    private static ImmutableArray<byte>? Common(ImmutableArray<byte>? a, ImmutableArray<byte>? b) =>
        a is not { } left ? b : b is not { } right ? a : [.. left.Where(value => right.Contains(value))];

    private static ImmutableArray<MacAddress>? Common(ImmutableArray<MacAddress>? a, ImmutableArray<MacAddress>? b) =>
        a is not { } left ? b : b is not { } right ? a : [.. left.Where(value => right.Contains(value))];

    private static ImmutableArray<IcmpTypeMatch>? Common(ImmutableArray<IcmpTypeMatch>? a, ImmutableArray<IcmpTypeMatch>? b)
    {
        if (a is not { } left || b is not { } right)
        {
            return a ?? b;
        }

        HashSet<IcmpTypeMatch> common = [];
        foreach (IcmpTypeMatch one in left)
        {
            foreach (IcmpTypeMatch other in right)
            {
                if (one.Family == other.Family && one.Type == other.Type && (one.Code is null || other.Code is null || one.Code == other.Code))
                {
                    common.Add(one with { Code = one.Code ?? other.Code });
                }
            }
        }

        return [.. common];
    }

    private static ImmutableArray<string>? Common(ImmutableArray<string>? a, ImmutableArray<string>? b)
    {
        if (a is not { } left || b is not { } right)
        {
            return a ?? b;
        }

        HashSet<string> common = new(StringComparer.Ordinal);
        foreach (string one in left)
        {
            foreach (string other in right)
            {
                if (Covers(one, other))
                {
                    common.Add(other);
                }
                else if (Covers(other, one))
                {
                    common.Add(one);
                }
            }
        }

        return [.. common];
    }

    private static bool Covers(string pattern, string name) =>
        pattern == name || (pattern.EndsWith('*') && name.StartsWith(pattern[..^1], StringComparison.Ordinal));

    private static ImmutableArray<AddressRange>? Common(ImmutableArray<AddressRange>? a, ImmutableArray<AddressRange>? b)
    {
        if (a is not { } left || b is not { } right)
        {
            return a ?? b;
        }

        ImmutableArray<AddressRange>.Builder common = ImmutableArray.CreateBuilder<AddressRange>();
        foreach (RuleAddressFamily family in (ReadOnlySpan<RuleAddressFamily>)[RuleAddressFamily.IPv4, RuleAddressFamily.IPv6])
        {
            ReadOnlySpan<AddressRange> first = Intervals.Merge(left, family);
            ReadOnlySpan<AddressRange> second = Intervals.Merge(right, family);
            while (!first.IsEmpty && !second.IsEmpty)
            {
                UInt128 low = UInt128.Max(first[0].First, second[0].First);
                UInt128 high = UInt128.Min(first[0].Last, second[0].Last);
                if (low <= high)
                {
                    common.Add(AddressRange.FromNumbers(family, low, high));
                }

                if (first[0].Last < second[0].Last)
                {
                    first = first[1..];
                }
                else
                {
                    second = second[1..];
                }
            }
        }

        return common.DrainToImmutable();
    }

    private static ImmutableArray<PortRange>? Common(ImmutableArray<PortRange>? a, ImmutableArray<PortRange>? b)
    {
        if (a is not { } left || b is not { } right)
        {
            return a ?? b;
        }

        return [.. from one in left
                   from other in right
                   let low = Math.Max(one.First, other.First)
                   let high = Math.Min(one.Last, other.Last)
                   where low <= high
                   select new PortRange(low, high)];
    }

    private static ImmutableArray<NumberRange>? Common(ImmutableArray<NumberRange>? a, ImmutableArray<NumberRange>? b)
    {
        if (a is not { } left || b is not { } right)
        {
            return a ?? b;
        }

        return [.. from one in left
                   from other in right
                   let low = Math.Max(one.First, other.First)
                   let high = Math.Min(one.Last, other.Last)
                   where low <= high
                   select new NumberRange(low, high)];
    }
}
