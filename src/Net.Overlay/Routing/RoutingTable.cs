using System.Buffers.Binary;
using System.Globalization;

namespace Net.Overlay.Routing;

/// <summary>Where packets of an overlay go, and who may send from where. Immutable: the control path builds a new one and swaps the reference.
/// Lookups allocate nothing and may run on any thread.</summary>
public sealed class RoutingTable
{
    /// <summary>The index that stands for this node.</summary>
    public const int LocalNode = -1;

    /// <summary>What <see cref="Lookup"/> returns when no prefix holds the address.</summary>
    public const int NoRoute = -2;

    private const int NoGroup = 0;

    private readonly PrefixTrie _ipv4;
    private readonly PrefixTrie _ipv6;
    private readonly int[] _selected;
    private readonly int[][] _owners;
    private readonly RouteExplanation[] _explained;

    private RoutingTable(PrefixTrie ipv4, PrefixTrie ipv6, int[] selected, int[][] owners, RouteExplanation[] explained)
    {
        _ipv4 = ipv4;
        _ipv6 = ipv6;
        _selected = selected;
        _owners = owners;
        _explained = explained;
    }

    /// <summary>A table without routes: everything is <see cref="NoRoute"/>.</summary>
    public static RoutingTable Empty { get; } = Build([]);

    /// <summary>Bytes the lookup structures occupy, about.</summary>
    public long SizeBytes => _ipv4.SizeBytes + _ipv6.SizeBytes;

    /// <summary>Builds a table. Among routes of one equal prefix the owner's rank decides, then health, then preference, then the peer's index, so that every
    /// build of the same routes gives the same table. When no route of a prefix is healthy, its best stays selected: packets for it wait or are lost at that peer,
    /// and never leave by a shorter prefix such as the default gateway's.</summary>
    /// <param name="routes">The routes, in any order.</param>
    public static RoutingTable Build(IEnumerable<OverlayRoute> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        OverlayRoute[] sorted = [.. routes];
        Array.Sort(sorted, Compare);
        var explained = new RouteExplanation[sorted.Length];
        var groups = new NextHopGroups();
        var ipv4 = new List<PrefixEntry>();
        var ipv6 = new List<PrefixEntry>();
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end].Prefix == sorted[start].Prefix)
            {
                end++;
            }

            ReadOnlySpan<OverlayRoute> candidates = sorted.AsSpan(start, end - start);
            Explain(candidates, explained.AsSpan(start));
            OverlayPrefix prefix = candidates[0].Prefix;
            (prefix.IsIPv6 ? ipv6 : ipv4).Add(new PrefixEntry(prefix.Bits, prefix.Length, groups.IndexOf(candidates)));
        }

        return new RoutingTable(PrefixTrie.Build([.. ipv4], NoGroup), PrefixTrie.Build([.. ipv6], NoGroup), groups.Selected, groups.Owners, explained);
    }

    /// <summary>The peer that packets to an address go to.</summary>
    /// <param name="address">The destination in network byte order, 4 or 16 bytes.</param>
    /// <returns>A peer's index, <see cref="LocalNode"/> or <see cref="NoRoute"/>.</returns>
    public int Lookup(ReadOnlySpan<byte> address) => _selected[GroupOf(address)];

    /// <summary>Whether a peer may send from an address: it owns the longest prefix that holds the address, alone or, for gateways of one subnet, together with others,
    /// selected or not. A gateway of a short prefix may not send from a longer one that is somebody else's.</summary>
    /// <param name="peerIndex">The peer a packet came from.</param>
    /// <param name="source">The packet's source in network byte order, 4 or 16 bytes.</param>
    public bool Owns(int peerIndex, ReadOnlySpan<byte> source) => _owners[GroupOf(source)].AsSpan().Contains(peerIndex);

    /// <summary>Every route in the order of prefixes and, within a prefix, of rank, with whether it is used and why.</summary>
    public IReadOnlyList<RouteExplanation> Explain() => _explained;

    private int GroupOf(ReadOnlySpan<byte> address) => address.Length switch
    {
        4 => _ipv4.Lookup((ulong)BinaryPrimitives.ReadUInt32BigEndian(address) << 32, 0),
        16 => _ipv6.Lookup(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..])),
        _ => NoGroup,
    };

    private static int Compare(OverlayRoute left, OverlayRoute right)
    {
        int order = left.Prefix.IsIPv6.CompareTo(right.Prefix.IsIPv6);
        order = order != 0 ? order : left.Prefix.Bits.CompareTo(right.Prefix.Bits);
        order = order != 0 ? order : left.Prefix.Length.CompareTo(right.Prefix.Length);
        order = order != 0 ? order : left.Owner.CompareTo(right.Owner);
        order = order != 0 ? order : right.IsHealthy.CompareTo(left.IsHealthy);
        order = order != 0 ? order : left.Preference.CompareTo(right.Preference);
        return order != 0 ? order : left.PeerIndex.CompareTo(right.PeerIndex);
    }

    private static void Explain(ReadOnlySpan<OverlayRoute> candidates, Span<RouteExplanation> explained)
    {
        OverlayRoute best = candidates[0];
        explained[0] = new RouteExplanation(best, true, candidates.Length switch
        {
            _ when !best.IsHealthy => $"Nothing healthy leads to {best.Prefix}; it is kept so that its packets do not leave elsewhere. {best.Reason}",
            1 => $"It is the only route to {best.Prefix}.",
            _ => $"It is the best of {candidates.Length.ToString(CultureInfo.InvariantCulture)} routes to {best.Prefix}.",
        });
        for (int index = 1; index < candidates.Length; index++)
        {
            OverlayRoute route = candidates[index];
            string reason = 0 switch
            {
                _ when route.Owner != best.Owner => $"{Name(best.Owner)} goes before {Name(route.Owner)} on an equal prefix.",
                _ when route.IsHealthy != best.IsHealthy => $"It is not healthy: {route.Reason}",
                _ when route.Preference != best.Preference => string.Create(CultureInfo.InvariantCulture, $"Its preference {route.Preference} is behind {best.Preference} of the route in use."),
                _ => "It is as good as the route in use, whose peer comes first.",
            };
            explained[index] = new RouteExplanation(route, false, reason);
        }
    }

    private static string Name(RouteOwner owner) => owner switch
    {
        RouteOwner.Local => "This node",
        RouteOwner.Node => "a node's own address",
        RouteOwner.Gateway => "a gateway",
        _ => "the default gateway",
    };
}
