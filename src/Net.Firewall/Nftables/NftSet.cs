using System.Collections.Immutable;
using System.Net;

namespace Net.Firewall;

/// <summary>One named set or map of our table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
internal sealed record NftSet(string Name, NftSetKind Kind)
{
    /// <summary>Sources a rule that counts by source remembers, of each IP version; packets of more sources do not match it.</summary>
    public const int MaxSources = 65_536;

    private NumberInterval[]? _intervals;

    /// <summary>Elements a dynamic set or a hash map holds at most; 0 for one that is neither.</summary>
    public int Size { get; init; }

    /// <summary>How long an element of a dynamic set stays since it was last seen; null leaves that to who puts it in.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What the elements of a dynamic set count by, which they keep as long as they live: the set is made anew when this changes.</summary>
    public object? State { get; init; }

    /// <summary>Addresses of a set of addresses, both versions, in any order.</summary>
    public ImmutableArray<AddressRange> Addresses { get; init; } = [];

    /// <summary>Elements that are sorted and merged already; null where <see cref="Addresses"/> has them.</summary>
    public NumberInterval[]? Given { get; init; }

    /// <summary>The chain each element of <see cref="Given"/> leads to, which makes the set a map; null for a set.</summary>
    public string[]? Targets { get; init; }

    /// <summary>Kept sessions of both versions.</summary>
    public ImmutableArray<KeptSession> Sessions { get; init; } = [];

    /// <summary>What a dynamic set starts with when the table is made anew.</summary>
    public IReadOnlyList<DynamicAddress> Start { get; init; } = [];

    /// <summary>Whether the kernel keeps its elements rather than the model.</summary>
    public bool IsDynamic => Kind is NftSetKind.DynamicIPv4 or NftSetKind.DynamicIPv6;

    /// <summary>Whether its elements lead to chains.</summary>
    public bool IsMap => Targets is not null;

    // The kernel takes a hash with as many buckets for a set of single values whose size is known (nft_set_hash.c), and a tree for one of ranges.
    private bool IsHash => IsMap && Size > 0;

    private bool IsSessions => Kind is NftSetKind.SessionsIPv4 or NftSetKind.SessionsIPv6;

    private bool IsIPv6 => Kind is NftSetKind.IPv6 or NftSetKind.DynamicIPv6 or NftSetKind.SessionsIPv6;

    private NumberInterval[] Intervals => _intervals ??= Given ?? NumberInterval.Of(Addresses, IsIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4);

    /// <summary>Whether a set could become the other by adding and deleting elements.</summary>
    /// <param name="other">The other.</param>
    public bool IsDefinedLike(NftSet other) => Kind == other.Kind && IsMap == other.IsMap && Size == other.Size && Timeout == other.Timeout && Equals(State, other.State);

    /// <summary>Writes the set with its elements into a table's block.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteDefinition(NftWriter writer)
    {
        writer.Constant(IsMap ? "\tmap "u8 : "\tset "u8).Name(Name).Constant(Kind switch
        {
            NftSetKind.IPv4 when IsHash => " { type ipv4_addr : verdict; size "u8,
            NftSetKind.IPv6 when IsHash => " { type ipv6_addr : verdict; size "u8,
            NftSetKind.Ports when IsHash => " { type inet_service : verdict; size "u8,
            NftSetKind.IPv4 when IsMap => " { type ipv4_addr : verdict; flags interval;"u8,
            NftSetKind.IPv6 when IsMap => " { type ipv6_addr : verdict; flags interval;"u8,
            NftSetKind.Ports when IsMap => " { type inet_service : verdict; flags interval;"u8,
            NftSetKind.IPv4 => " { type ipv4_addr; flags interval;"u8,
            NftSetKind.IPv6 => " { type ipv6_addr; flags interval;"u8,
            NftSetKind.Ports => " { type inet_service; flags interval;"u8,
            NftSetKind.DynamicIPv4 => " { type ipv4_addr; flags dynamic"u8,
            NftSetKind.DynamicIPv6 => " { type ipv6_addr; flags dynamic"u8,
            NftSetKind.SessionsIPv4 => " { type ipv4_addr . inet_service . inet_service;"u8,
            _ => " { type ipv6_addr . inet_service . inet_service;"u8,
        });
        if (IsHash)
        {
            writer.Number((ulong)Size).Constant(";"u8);
        }
        else if (IsDynamic)
        {
            // A set of connection counts must not time out: its elements leave with their last connection.
            writer.Constant(State is ConnectionLimit ? "; size "u8 : ",timeout; size "u8).Number((ulong)Size).Constant(";"u8);
            if (Timeout is TimeSpan timeout)
            {
                writer.Constant(" timeout "u8).Time(timeout).Constant(";"u8);
            }
        }

        WriteElements(writer);
        writer.Constant(" }\n"u8);
    }

    /// <summary>Writes the commands that turn the elements of a set defined alike into these; nothing for a dynamic set.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="late">Where to with elements that lead to chains, which must be there first.</param>
    /// <param name="before">What the set holds.</param>
    public void WriteDifference(NftWriter writer, NftWriter late, NftSet before)
    {
        if (IsSessions)
        {
            WriteSessionDifference(writer, before);
            return;
        }

        if (IsDynamic || (Given is null && before.Given is null && (Addresses == before.Addresses || Addresses.AsSpan().SequenceEqual(before.Addresses.AsSpan()))))
        {
            return;
        }

        List<NumberInterval> gone = [];
        List<NumberInterval> added = [];
        NumberInterval.Compare(before.Intervals, Intervals, gone, added);
        if (IsMap)
        {
            AddRetargeted(before, gone, added);
        }

        // Beyond half of the set, saying it all again is less.
        if (gone.Count + added.Count > Math.Max(16, (before.Intervals.Length + Intervals.Length) / 2))
        {
            writer.Constant(IsMap ? "flush map inet netmod "u8 : "flush set inet netmod "u8).Name(Name).Constant("\n"u8);
            gone.Clear();
            added = [.. Intervals];
        }

        WriteCommand(writer, "delete element inet netmod "u8, gone, withTargets: false);
        WriteCommand(IsMap ? late : writer, "add element inet netmod "u8, added, withTargets: IsMap);
    }

    // The same values, but another chain: the kernel takes no element whose value is there already.
    private void AddRetargeted(NftSet before, List<NumberInterval> gone, List<NumberInterval> added)
    {
        int other = 0;
        for (int i = 0; i < Intervals.Length; i++)
        {
            while (other < before.Intervals.Length && before.Intervals[other].First < Intervals[i].First)
            {
                other++;
            }

            if (other < before.Intervals.Length && before.Intervals[other] == Intervals[i] && before.Targets![other] != Targets![i])
            {
                gone.Add(Intervals[i]);
                added.Add(Intervals[i]);
            }
        }
    }

    private string TargetOf(NumberInterval interval) =>
        Targets![Array.BinarySearch(Intervals, interval, Comparer<NumberInterval>.Create(static (a, b) => a.First.CompareTo(b.First)))];

    private void WriteCommand(NftWriter writer, ReadOnlySpan<byte> command, List<NumberInterval> intervals, bool withTargets)
    {
        if (intervals.Count > 0)
        {
            writer.Constant(command).Name(Name).Constant(" { "u8);
            for (int i = 0; i < intervals.Count; i++)
            {
                Write(writer, i, intervals[i]);
                if (withTargets)
                {
                    writer.Constant(" : jump "u8).Name(TargetOf(intervals[i]));
                }
            }

            writer.Constant(" }\n"u8);
        }
    }

    private void WriteElements(NftWriter writer)
    {
        int count = 0;
        if (IsSessions)
        {
            foreach (KeptSession session in Own(Sessions))
            {
                Open(writer, count++);
                Write(writer, session);
            }
        }
        else if (IsDynamic)
        {
            foreach (DynamicAddress address in Start)
            {
                if (Normal(address.Address).AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 == IsIPv6)
                {
                    Open(writer, count++);
                    Write(writer, address);
                }
            }
        }
        else
        {
            foreach (NumberInterval interval in Intervals)
            {
                writer.Constant(count == 0 ? " elements = { "u8 : []);
                Write(writer, count++, interval);
                if (Targets is { } targets)
                {
                    writer.Constant(" : jump "u8).Name(targets[count - 1]);
                }
            }
        }

        writer.Constant(count == 0 ? [] : " };"u8);
    }

    private static void Open(NftWriter writer, int index) => writer.Constant(index == 0 ? " elements = { "u8 : ", "u8);

    private void Write(NftWriter writer, int index, NumberInterval interval)
    {
        writer.Constant(index == 0 ? [] : ", "u8);
        if (Kind == NftSetKind.Ports)
        {
            writer.Ports(new PortRange((ushort)interval.First, (ushort)interval.Last));
        }
        else
        {
            writer.Addresses(AddressRange.FromNumbers(IsIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4, interval.First, interval.Last));
        }
    }

    private static void Write(NftWriter writer, DynamicAddress address)
    {
        writer.Address(Normal(address.Address));
        if (address.Timeout is TimeSpan timeout)
        {
            writer.Constant(" timeout "u8).Time(timeout);
            if (address.Expires is TimeSpan expires)
            {
                writer.Constant(" expires "u8).Time(expires < timeout ? expires : timeout);
            }
        }
    }

    private static void Write(NftWriter writer, KeptSession session) =>
        writer.Address(Normal(session.RemoteAddress)).Constant(" . "u8).Number(session.RemotePort).Constant(" . "u8).Number(session.LocalPort);

    private void WriteSessionDifference(NftWriter writer, NftSet before)
    {
        HashSet<KeptSession> old = Own(before.Sessions);
        HashSet<KeptSession> own = Own(Sessions);
        WriteSessions(writer, "delete element inet netmod "u8, old.Where(session => !own.Contains(session)));
        WriteSessions(writer, "add element inet netmod "u8, own.Where(session => !old.Contains(session)));
    }

    private void WriteSessions(NftWriter writer, ReadOnlySpan<byte> command, IEnumerable<KeptSession> sessions)
    {
        int count = 0;
        foreach (KeptSession session in sessions)
        {
            if (count++ == 0)
            {
                writer.Constant(command).Name(Name).Constant(" { "u8);
            }
            else
            {
                writer.Constant(", "u8);
            }

            Write(writer, session);
        }

        writer.Constant(count == 0 ? [] : " }\n"u8);
    }

    // Sockets of both versions report IPv4 peers as IPv6 addresses, and link-local ones with an interface that no packet carries.
    private static IPAddress Normal(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private HashSet<KeptSession> Own(ImmutableArray<KeptSession> sessions)
    {
        HashSet<KeptSession> own = [];
        foreach (KeptSession session in sessions)
        {
            IPAddress address = Normal(session.RemoteAddress);
            if (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 == IsIPv6)
            {
                own.Add(session with { RemoteAddress = IsIPv6 ? new IPAddress(address.GetAddressBytes()) : address });
            }
        }

        return own;
    }
}
