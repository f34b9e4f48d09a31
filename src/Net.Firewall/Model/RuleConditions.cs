using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>What fewer rules ask for than addresses, ports and interfaces. All conditions must hold; of a list one value suffices; what is not set asks nothing.</summary>
public sealed record RuleConditions
{
    /// <summary>States of the connection the packet belongs to; none means any.</summary>
    public ConnectionStates ConnectionStates { get; init; }

    /// <summary>Lists one of which holds the source address. With source addresses in the rule as well, either suffices.</summary>
    public ImmutableArray<long> SourceLists { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Lists one of which holds the destination address. With destination addresses in the rule as well, either suffices.</summary>
    public ImmutableArray<long> DestinationLists { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Types of ICMP messages; only with an ICMP protocol.</summary>
    public ImmutableArray<IcmpTypeMatch> IcmpTypes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Flags of the TCP header; only with TCP.</summary>
    public TcpFlagMatch? TcpFlags { get; init; }

    /// <summary>Differentiated services code points, 0 to 63 (RFC 2474).</summary>
    public ImmutableArray<byte> Dscp { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Lengths of the whole IP packet in bytes.</summary>
    public ImmutableArray<NumberRange> PacketLengths { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Source addresses of the Ethernet frame; not with Outbound.</summary>
    public ImmutableArray<MacAddress> SourceMacs { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The packet mark.</summary>
    public MarkMatch? Mark { get; init; }

    /// <summary>Ids of users who own the sending socket; only with Outbound.</summary>
    public ImmutableArray<NumberRange> Users { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Ids of groups that own the sending socket; only with Outbound.</summary>
    public ImmutableArray<NumberRange> Groups { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The control group (v2) of the socket, as a path below the root without a slash at either end; it and what is below it match. Not with Forward.</summary>
    public string? Cgroup { get; init; }

    /// <summary>A rate the packets matched so far must be under, or over.</summary>
    public RateLimit? Rate { get; init; }

    /// <summary>A number of connections that must not be exceeded, or must be.</summary>
    public ConnectionLimit? Connections { get; init; }

    /// <summary>Whether only packets match to whose source no route goes out by the interface they came in by (RFC 3704 strict); only with Inbound and Forward.</summary>
    public bool IsReversePathMissing { get; init; }

    /// <summary>Whether only packets match that belong to no confirmed connection: the first of each, and those connection tracking knows nothing of. Packets of a connection
    /// whose first one was let through do not, answered or not (IPS_CONFIRMED of linux/netfilter/nf_conntrack_common.h).</summary>
    public bool IsUnconfirmed { get; init; }

    /// <summary>Compares by value, lists by their content and order.</summary>
    public bool Equals(RuleConditions? other) => ReferenceEquals(this, other)
        || (other is not null
            && ConnectionStates == other.ConnectionStates
            && SourceLists.AsSpan().SequenceEqual(other.SourceLists.AsSpan())
            && DestinationLists.AsSpan().SequenceEqual(other.DestinationLists.AsSpan())
            && IcmpTypes.AsSpan().SequenceEqual(other.IcmpTypes.AsSpan())
            && TcpFlags == other.TcpFlags
            && Dscp.AsSpan().SequenceEqual(other.Dscp.AsSpan())
            && PacketLengths.AsSpan().SequenceEqual(other.PacketLengths.AsSpan())
            && SourceMacs.AsSpan().SequenceEqual(other.SourceMacs.AsSpan())
            && Mark == other.Mark
            && Users.AsSpan().SequenceEqual(other.Users.AsSpan())
            && Groups.AsSpan().SequenceEqual(other.Groups.AsSpan())
            && Cgroup == other.Cgroup
            && Rate == other.Rate
            && Connections == other.Connections
            && IsReversePathMissing == other.IsReversePathMissing
            && IsUnconfirmed == other.IsUnconfirmed);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ConnectionStates, TcpFlags, Mark, Cgroup, Rate, Connections, SourceLists.Length, IcmpTypes.Length);
}
