using System.Buffers.Binary;
using System.Net;
using Net.Overlay.Identity;

namespace Net.Overlay.Tests.Identity;

public sealed class OverlayAddressesTests
{
    [Fact]
    public void Addresses_lie_in_the_pool_and_look_like_nothing_special()
    {
        for (int number = 0; number < 5000; number++)
        {
            uint address = OverlayAddresses.IPv4For(Node(number), 0);

            Assert.True(OverlayIPv4Pool.Default.Contains(address));
            Assert.NotEqual(0u, address & 0xff);
            Assert.NotEqual(255u, address & 0xff);
            Assert.NotEqual(OverlayAddresses.NameServiceNetwork >> 8, address >> 8);
        }
    }

    [Fact]
    public void Addresses_are_the_ones_of_the_protocol_page()
    {
        NodeId node = NodeId.FromPublicKey(Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));

        Assert.Equal("100.107.162.76", Text(OverlayAddresses.IPv4For(node, 0)));
        Assert.Equal("100.71.8.69", Text(OverlayAddresses.IPv4For(node, 1)));
        Assert.Equal("fd01:7d0:2976:0:a940:d59b:7bf4:f20f", Text(OverlayAddresses.IPv6For("home"u8, node)));
    }

    [Fact]
    public void Small_pools_give_only_what_can_be_used()
    {
        var pool = new OverlayIPv4Pool(0x0a000000, 30);
        IReadOnlyDictionary<NodeId, uint> assigned = OverlayAddresses.Assign(Enumerable.Range(0, 5).Select(Node), pool, []);

        Assert.Equal([0x0a000001u, 0x0a000002u], assigned.Values.Order());
    }

    [Theory]
    [InlineData(0x64646480u, 25)]
    [InlineData(0x0a000001u, 8)]
    [InlineData(0x0a000000u, 7)]
    [InlineData(0x0a000000u, 31)]
    public void Pools_that_make_no_sense_are_refused(uint network, int length) => Assert.ThrowsAny<ArgumentException>(() => new OverlayIPv4Pool(network, length));

    [Fact]
    public void Of_two_nodes_that_collide_the_lower_id_keeps_its_address_and_the_other_takes_its_next()
    {
        (NodeId lower, NodeId higher) = FindCollision();

        IReadOnlyDictionary<NodeId, uint> assigned = OverlayAddresses.Assign([higher, lower]);

        Assert.Equal(OverlayAddresses.IPv4For(lower, 0), assigned[lower]);
        Assert.Equal(OverlayAddresses.IPv4For(higher, 1), assigned[higher]);
    }

    [Fact]
    public void Addresses_do_not_depend_on_the_order_nodes_are_named_in_and_are_all_different()
    {
        var pool = new OverlayIPv4Pool(0x0a010000, 22);
        NodeId[] nodes = [.. Enumerable.Range(0, 500).Select(Node)];
        IReadOnlyDictionary<NodeId, uint> first = OverlayAddresses.Assign(nodes, pool, [0x0a010005]);
        new Random(4).Shuffle(nodes);

        IReadOnlyDictionary<NodeId, uint> second = OverlayAddresses.Assign([.. nodes, .. nodes], pool, [0x0a010005]);

        Assert.Equal(500, first.Count);
        Assert.Equal(500, first.Values.Distinct().Count());
        Assert.DoesNotContain(0x0a010005u, first.Values);
        Assert.All(nodes, node => Assert.Equal(first[node], second[node]));
        Assert.All(nodes, node => Assert.InRange(OverlayAddresses.AttemptOf(node, first[node], pool), 0, 63));
    }

    [Fact]
    public void An_address_of_another_node_is_no_attempt_of_ours() =>
        Assert.Equal(-1, OverlayAddresses.AttemptOf(Node(1), OverlayAddresses.IPv4For(Node(2), 0), OverlayIPv4Pool.Default));

    [Fact]
    public void Networks_have_a_unique_local_prefix_each_and_nodes_an_address_in_it()
    {
        UInt128 prefix = OverlayAddresses.IPv6PrefixFor("home"u8);
        UInt128 address = OverlayAddresses.IPv6For("home"u8, Node(1));

        Assert.Equal(0xfd, (byte)(prefix >> 120));
        Assert.Equal((UInt128)0, prefix & ulong.MaxValue);
        Assert.Equal(prefix, address >> 64 << 64);
        Assert.NotEqual(prefix, OverlayAddresses.IPv6PrefixFor("work"u8));
        Assert.Equal((ulong)address, (ulong)OverlayAddresses.IPv6For("work"u8, Node(1)));
    }

    private static NodeId Node(int number)
    {
        byte[] key = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return NodeId.FromPublicKey(key);
    }

    private static (NodeId Lower, NodeId Higher) FindCollision()
    {
        var owners = new Dictionary<uint, NodeId>();
        for (int number = 0; ; number++)
        {
            NodeId node = Node(number);
            uint address = OverlayAddresses.IPv4For(node, 0);
            if (owners.TryGetValue(address, out NodeId other))
            {
                return node < other ? (node, other) : (other, node);
            }

            owners.Add(address, node);
        }
    }

    private static string Text(uint address)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }

    private static string Text(UInt128 address)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }
}
