using Net.Overlay.Routing;

namespace Net.Overlay.Policy;

/// <summary>One side of a rule as packets are compared with it: peers as bits, prefixes as masks.</summary>
internal sealed class CompiledEndpoints
{
    private readonly bool _isAny;
    private readonly ulong[] _peers;
    private readonly OverlayPrefix[] _ipv4;
    private readonly OverlayPrefix[] _ipv6;

    private CompiledEndpoints(bool isAny, ulong[] peers, OverlayPrefix[] ipv4, OverlayPrefix[] ipv6)
    {
        _isAny = isAny;
        _peers = peers;
        _ipv4 = ipv4;
        _ipv6 = ipv6;
    }

    /// <summary>Compiles one side.</summary>
    /// <param name="endpoints">As configured.</param>
    /// <param name="peers">The peers groups are expanded to.</param>
    public static CompiledEndpoints From(PolicyEndpoints endpoints, IReadOnlyList<PolicyPeer> peers)
    {
        IEnumerable<int> indices = endpoints.Peers.Concat(
            peers.Where(peer => peer.Groups.Any(group => endpoints.Groups.Contains(group, StringComparer.OrdinalIgnoreCase))).Select(peer => peer.Index));
        int[] positions = [.. indices.Where(index => index >= RoutingTable.LocalNode).Select(index => index + 1)];
        ulong[] bits = new ulong[positions.Length == 0 ? 0 : (positions.Max() / 64) + 1];
        foreach (int position in positions)
        {
            bits[position / 64] |= 1UL << (position % 64);
        }

        return new CompiledEndpoints(
            endpoints.IsAny,
            bits,
            [.. endpoints.Prefixes.Where(prefix => !prefix.IsIPv6)],
            [.. endpoints.Prefixes.Where(prefix => prefix.IsIPv6)]);
    }

    /// <summary>Whether a side of a flow matches.</summary>
    /// <param name="address">Its left-aligned address.</param>
    /// <param name="isIPv6">The address's family.</param>
    /// <param name="ownPeer">The peer it is at if the address is the peer's own, else a number below -1.</param>
    public bool Match(UInt128 address, bool isIPv6, int ownPeer)
    {
        if (_isAny)
        {
            return true;
        }

        uint position = (uint)(ownPeer + 1);
        if (position / 64 < (uint)_peers.Length && (_peers[position / 64] & (1UL << (int)(position % 64))) != 0)
        {
            return true;
        }

        foreach (ref readonly OverlayPrefix prefix in (isIPv6 ? _ipv6 : _ipv4).AsSpan())
        {
            if ((address & prefix.Mask) == prefix.Bits)
            {
                return true;
            }
        }

        return false;
    }
}
