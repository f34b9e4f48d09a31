using System.Buffers.Binary;
using Net.Overlay.Identity;
using Net.Overlay.Membership;

namespace Net.Overlay.Tests.Membership;

public sealed class RevocationListTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly KeyedSignatures _signatures = new();
    private readonly byte[] _seed = KeyedSignatures.Seed(1);

    [Fact]
    public void A_list_comes_back_from_its_bytes()
    {
        RevocationList list = Issue([5, 3, 3], [Node(2), Node(1)]);

        Assert.True(RevocationList.TryDecode(list.Encode(), out RevocationList? read, out string? problem), problem);

        Assert.Equal([3UL, 5UL], read.Serials);
        Assert.Equal(new[] { Node(1), Node(2) }.Order(), read.Nodes);
        Assert.Equal((7UL, Start), (read.Sequence, read.IssuedAt));
        Assert.True(read.Verify(_signatures.PublicKey(_seed), _signatures));
    }

    [Fact]
    public void The_largest_list_comes_back_and_a_larger_one_is_refused()
    {
        IEnumerable<ulong> serials = Enumerable.Range(1, RevocationList.MaxSerials).Select(number => (ulong)number);
        IEnumerable<NodeId> nodes = Enumerable.Range(1, RevocationList.MaxNodes).Select(Node);
        RevocationList list = Issue(serials, nodes);

        Assert.True(RevocationList.TryDecode(list.Encode(), out RevocationList? read, out string? problem), problem);

        Assert.NotNull(read.FindReason(RevocationList.MaxSerials, default));
        Assert.Null(read.FindReason(RevocationList.MaxSerials + 1, default));
        Assert.NotNull(read.FindReason(0, Node(RevocationList.MaxNodes)));
        Assert.Throws<MembershipFormatException>(() => Issue([.. serials, ulong.MaxValue], []));
        Assert.Throws<MembershipFormatException>(() => Issue([], [.. nodes, Node(0)]));
    }

    [Fact]
    public void A_list_of_another_network_or_with_a_changed_entry_is_not_believed()
    {
        RevocationList list = Issue([1], []);
        byte[] data = list.Encode();
        data[^66] ^= 1;

        Assert.True(RevocationList.TryDecode(data, out RevocationList? changed, out _));
        Assert.False(changed.Verify(list.NetworkKey, _signatures));
        Assert.False(list.Verify(_signatures.PublicKey(KeyedSignatures.Seed(2)), _signatures));
        Assert.True(list.Verify(list.NetworkKey, _signatures));
    }

    [Fact]
    public void The_higher_sequence_wins()
    {
        RevocationList list = Issue([], []);
        var next = new RevocationList(list.NetworkKey, 8, Start, [], []);

        Assert.True(list.Replaces(null));
        Assert.True(next.Replaces(list));
        Assert.False(list.Replaces(next));
        Assert.False(list.Replaces(list));
    }

    [Fact]
    public void Whatever_bytes_come_are_read_to_the_same_bytes_or_refused()
    {
        byte[] good = Issue([1, 2, 3, 4], [Node(1), Node(2)]).Encode();
        var random = new Random(6);
        int read = 0;

        for (int round = 0; round < 20_000; round++)
        {
            byte[] data = Mutation.Of(good, random);
            if (RevocationList.TryDecode(data, out RevocationList? list, out string? problem))
            {
                read++;
                Assert.Equal(data, list.Encode());
            }
            else
            {
                Assert.NotEmpty(problem);
            }
        }

        Assert.InRange(read, 100, 19_000);
    }

    private static NodeId Node(int number)
    {
        byte[] key = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return NodeId.FromPublicKey(key);
    }

    private RevocationList Issue(IEnumerable<ulong> serials, IEnumerable<NodeId> nodes) =>
        new RevocationList(_signatures.PublicKey(_seed), 7, Start, serials, nodes).Sign(_seed, _signatures);
}
