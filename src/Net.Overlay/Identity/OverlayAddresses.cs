using System.Buffers.Binary;

namespace Net.Overlay.Identity;

/// <summary>The overlay addresses that follow from a node's id, so that nobody has to hand them out. A membership certificate that names addresses comes before them.
/// <para>IPv4: SHA-256("netmod ipv4", id, attempt, retry), its first bits under the pool's prefix; attempt 0 unless two nodes collide (1,000 nodes in
/// 100.64.0.0/10: 11 % that any two do). The rule for collisions: attempts are settled one after the other; within an attempt the lower id
/// gets the address and the other goes on to its next attempt. It depends only on the set of ids, so that all who know the same nodes agree.</para>
/// <para>IPv6: a unique local address (RFC 4193): fd, 40 bits of SHA-256("netmod ula", network id), subnet 0, 64 bits of SHA-256("netmod ipv6", id). All nodes of a
/// network share a /64; each has a /128 of it. 64 bits do not collide by accident.</para></summary>
public static class OverlayAddresses
{
    /// <summary>100.100.100.0, the /24 no node gets an address of: the name service is reached there.</summary>
    public const uint NameServiceNetwork = 0x64646400;

    /// <summary>100.100.100.100, where a node's own name service answers.</summary>
    public const uint NameServiceAddress = 0x64646464;

    /// <summary>How many addresses a node may try, and claim to a peer: 64 collisions in a row do not happen unless the pool is full.</summary>
    public const uint MaxAttempts = 64;

    /// <summary>The IPv4 address of a node in 100.64.0.0/10.</summary>
    /// <param name="id">The node.</param>
    /// <param name="attempt">How many of its addresses others took before it.</param>
    /// <returns>The address as a number, most significant octet first.</returns>
    public static uint IPv4For(NodeId id, uint attempt) => IPv4For(id, attempt, OverlayIPv4Pool.Default);

    /// <summary>The IPv4 address of a node in a pool.</summary>
    /// <param name="id">The node.</param>
    /// <param name="attempt">How many of its addresses others took before it.</param>
    /// <param name="pool">The pool; <c>default</c> is none.</param>
    /// <returns>The address as a number, most significant octet first.</returns>
    public static uint IPv4For(NodeId id, uint attempt, OverlayIPv4Pool pool)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pool.Length, nameof(pool));
        Span<byte> node = stackalloc byte[NodeId.Bytes];
        Span<byte> counters = stackalloc byte[sizeof(ulong)];
        Span<byte> hash = stackalloc byte[Sha256.HashBytes];
        id.CopyTo(node);
        BinaryPrimitives.WriteUInt32BigEndian(counters, attempt);

        // The smallest pool has two usable addresses of four, so that this ends soon.
        for (uint retry = 0; ; retry++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counters[sizeof(uint)..], retry);
            Sha256.Hash(hash, "netmod ipv4"u8, node, counters);
            uint address = pool.Network | (BinaryPrimitives.ReadUInt32BigEndian(hash) & pool.HostMask);
            if (pool.IsUsable(address))
            {
                return address;
            }
        }
    }

    /// <summary>Which attempt of a node gives an address: how a claim is checked that comes without a certificate.</summary>
    /// <returns>The attempt, or -1 when the address cannot be this node's.</returns>
    public static int AttemptOf(NodeId id, uint address, OverlayIPv4Pool pool)
    {
        for (uint attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (IPv4For(id, attempt, pool) == address)
            {
                return (int)attempt;
            }
        }

        return -1;
    }

    /// <summary>The IPv6 address of a node in a network.</summary>
    /// <param name="networkId">The network key, or the overlay's name in UTF-8 where there is no network key.</param>
    /// <param name="id">The node.</param>
    /// <returns>The address as a number, most significant byte first.</returns>
    public static UInt128 IPv6For(ReadOnlySpan<byte> networkId, NodeId id)
    {
        Span<byte> node = stackalloc byte[NodeId.Bytes];
        Span<byte> hash = stackalloc byte[Sha256.HashBytes];
        id.CopyTo(node);
        Sha256.Hash(hash, "netmod ipv6"u8, node);
        ulong identifier = BinaryPrimitives.ReadUInt64BigEndian(hash);

        // Not the subnet's router (RFC 4291, 2.6.1) and none of the reserved anycast identifiers (RFC 2526): the next eight bytes then.
        if (identifier == 0 || identifier >> 7 == 0xfdffffffffffff80 >> 7)
        {
            identifier = BinaryPrimitives.ReadUInt64BigEndian(hash[sizeof(ulong)..]) | 1;
        }

        return IPv6PrefixFor(networkId) | identifier;
    }

    /// <summary>The /64 all IPv6 addresses of a network are in, as a number with zero host bits.</summary>
    /// <param name="networkId">The network key, or the overlay's name in UTF-8 where there is no network key.</param>
    public static UInt128 IPv6PrefixFor(ReadOnlySpan<byte> networkId)
    {
        Span<byte> hash = stackalloc byte[Sha256.HashBytes];
        Sha256.Hash(hash, "netmod ula"u8, networkId);
        ulong globalId = BinaryPrimitives.ReadUInt64BigEndian(hash) >> 24;
        return (UInt128)((0xfdUL << 56) | (globalId << 16)) << 64;
    }

    /// <summary>The IPv4 addresses of a set of nodes in 100.64.0.0/10 by the rule for collisions.</summary>
    public static IReadOnlyDictionary<NodeId, uint> Assign(IEnumerable<NodeId> nodes) => Assign(nodes, OverlayIPv4Pool.Default, []);

    /// <summary>The IPv4 addresses of a set of nodes by the rule for collisions.</summary>
    /// <param name="nodes">The nodes; more than once is as good as once.</param>
    /// <param name="pool">Where the addresses come from.</param>
    /// <param name="taken">Addresses that certificates gave away, or that something else on this host uses.</param>
    /// <returns>An address for each node, except for those that found none in 64 attempts.</returns>
    public static IReadOnlyDictionary<NodeId, uint> Assign(IEnumerable<NodeId> nodes, OverlayIPv4Pool pool, IEnumerable<uint> taken)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(taken);
        var occupied = new HashSet<uint>(taken);
        var assigned = new Dictionary<NodeId, uint>();
        List<NodeId> waiting = [.. nodes.Distinct().Order()];
        for (uint attempt = 0; attempt < MaxAttempts && waiting.Count > 0; attempt++)
        {
            List<NodeId> next = [];
            foreach (NodeId node in waiting)
            {
                uint address = IPv4For(node, attempt, pool);
                if (occupied.Add(address))
                {
                    assigned.Add(node, address);
                }
                else
                {
                    next.Add(node);
                }
            }

            waiting = next;
        }

        return assigned;
    }
}
