using Net.Overlay.Fragments;

namespace Net.Overlay.Tests.Fragments;

public sealed class FragmentTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void The_layout_is_as_documented()
    {
        byte[] bytes = new byte[FragmentHeader.SizeBytes];
        var header = new FragmentHeader(0x01020304, 5, 1, 2);
        header.Write(bytes);

        Assert.Equal("0F0102030400050102", Convert.ToHexString(bytes));
        Assert.True(FragmentHeader.TryRead([.. bytes, 0xaa, 0xbb], out FragmentHeader read));
        Assert.Equal(header, read);
        Assert.Equal((3, 3, 2), (read.PartBytes, read.Offset, read.Length));
        Assert.True(FragmentHeader.IsFragment(bytes));
        Assert.False(FragmentHeader.IsFragment([0x45]));
        Assert.False(FragmentHeader.IsFragment([]));
    }

    [Theory]
    [InlineData("0F0102030400050102", "nothing of the packet")]
    [InlineData("0F0102030400050102AA", "too short")]
    [InlineData("0F0102030400050102AABBCC", "too long")]
    [InlineData("0F0102030400050202AABB", "the index is behind the count")]
    [InlineData("0F0102030400050001AABBCCDDEE", "one part is no fragment")]
    [InlineData("0F0102030400050000AA", "no parts")]
    [InlineData("0F0102030400050304AABB", "the last part would be empty")]
    [InlineData("0F0102030400410041AA", "65 parts")]
    [InlineData("0F0102030400000002AA", "an empty packet")]
    [InlineData("450102030400050102AABB", "not the marker")]
    public void Numbers_that_do_not_fit_are_refused(string hex, string because)
    {
        Assert.False(FragmentHeader.TryRead(Convert.FromHexString(hex), out _), because);
    }

    [Fact]
    public void A_packet_is_put_together_in_any_order()
    {
        var random = new Random(1);
        var writer = new FragmentWriter(uint.MaxValue);
        var reassembler = new FragmentReassembler(4, 9000, 4);
        for (int round = 0; round < 500; round++)
        {
            byte[] packet = new byte[random.Next(2, 9001)];
            random.NextBytes(packet);
            packet[0] = 0x45;
            List<byte[]> parts = Split(writer, packet, random.Next(FragmentWriter.MinLimitBytes, 1300));
            byte[][] shuffled = [.. parts];
            random.Shuffle(shuffled);

            for (int index = 0; index < shuffled.Length; index++)
            {
                bool isLast = index == shuffled.Length - 1;
                Assert.Equal(isLast, reassembler.TryAdd(1, shuffled[index], round, out ReadOnlySpan<byte> whole));
                Assert.True(!isLast || whole.SequenceEqual(packet));
            }
        }

        Assert.Equal((500, 0, 0, 0), (reassembler.Completed, reassembler.Refused, reassembler.GivenUp, reassembler.Pending));
    }

    [Fact]
    public void Every_length_and_limit_gives_parts_that_fit()
    {
        var writer = new FragmentWriter(0);
        for (int limit = FragmentWriter.MinLimitBytes; limit < 1500; limit += 37)
        {
            for (int length = 2; length < 9000; length += 13)
            {
                byte[] packet = new byte[length];
                Assert.All(Split(writer, packet, limit), part => Assert.True(part.Length <= limit && FragmentHeader.TryRead(part, out _), $"{length} bytes, limit {limit}"));
            }
        }
    }

    [Theory]
    [InlineData(1, 1200)]
    [InlineData(0, 1200)]
    [InlineData(65536, 1200)]
    [InlineData(9000, 255)]
    [InlineData(65535, 300)]
    public void What_cannot_be_split_is_not(int packetBytes, int limitBytes)
    {
        var writer = new FragmentWriter(0);

        Assert.False(writer.Begin(packetBytes, limitBytes));
        Assert.False(writer.IsActive);
        Assert.Throws<InvalidOperationException>(() => writer.WriteHeader(new byte[9], out _));
    }

    [Fact]
    public void A_part_that_came_already_is_refused()
    {
        (byte[] first, byte[] second) = Two();
        var reassembler = new FragmentReassembler(4, 1500, 4);
        reassembler.TryAdd(1, first, 0, out _);
        byte[] forged = [.. first];
        forged[^1] ^= 1;

        Assert.False(reassembler.TryAdd(1, forged, 0, out _));
        Assert.True(reassembler.TryAdd(1, second, 0, out ReadOnlySpan<byte> whole));

        Assert.Equal(0, whole[^1] + whole[600]);
        Assert.Equal(1, reassembler.Refused);
    }

    [Fact]
    public void Parts_that_disagree_about_the_packet_are_refused()
    {
        (byte[] first, _) = Two();
        var reassembler = new FragmentReassembler(4, 1500, 4);
        reassembler.TryAdd(1, first, 0, out _);
        byte[] other = new byte[FragmentHeader.SizeBytes + 500];
        new FragmentHeader(0, 1000, 1, 2).Write(other);

        Assert.False(reassembler.TryAdd(1, other, 0, out _));
        Assert.Equal((1, 1), (reassembler.Refused, reassembler.Pending));
    }

    [Fact]
    public void Peers_are_kept_apart()
    {
        (byte[] first, byte[] second) = Two();
        var reassembler = new FragmentReassembler(4, 1500, 4);
        reassembler.TryAdd(1, first, 0, out _);

        Assert.False(reassembler.TryAdd(2, second, 0, out _));
        reassembler.Forget(1);
        Assert.Equal((1, 1), (reassembler.Pending, reassembler.GivenUp));
    }

    [Fact]
    public void A_packet_that_does_not_come_whole_is_given_up_after_two_seconds()
    {
        (byte[] first, byte[] second) = Two();
        var reassembler = new FragmentReassembler(4, 1500, 4);
        reassembler.TryAdd(1, first, 0, out _);

        Assert.Equal(0, reassembler.Sweep((2 * Second) - 1));
        Assert.Equal(1, reassembler.Sweep(2 * Second));
        Assert.False(reassembler.TryAdd(1, second, 2 * Second, out _));
        Assert.False(reassembler.TryAdd(1, first, 4 * Second, out _));
        Assert.Equal(2, reassembler.GivenUp);
    }

    [Fact]
    public void One_peer_cannot_take_the_room_of_others()
    {
        var writer = new FragmentWriter(100);
        (byte[] first, byte[] second) = Two();
        var reassembler = new FragmentReassembler(4, 1500, 2);
        reassembler.TryAdd(1, first, 0, out _);
        for (int count = 0; count < 100; count++)
        {
            reassembler.TryAdd(2, Split(writer, new byte[1000], 600)[0], count, out _);
        }

        Assert.Equal(3, reassembler.Pending);
        Assert.True(reassembler.TryAdd(1, second, 100, out _));
    }

    [Fact]
    public void What_is_put_together_must_be_a_packet_and_no_larger_than_the_overlays()
    {
        var writer = new FragmentWriter(0);
        var reassembler = new FragmentReassembler(4, 1500, 4);
        List<byte[]> noPacket = Split(writer, new byte[1000], 600);

        Assert.False(reassembler.TryAdd(1, noPacket[0], 0, out _));
        Assert.False(reassembler.TryAdd(1, noPacket[1], 0, out _));
        Assert.False(reassembler.TryAdd(1, Split(writer, new byte[1501], 1200)[0], 0, out _));
        Assert.Equal((2, 0, 0), (reassembler.Refused, reassembler.Completed, reassembler.Pending));
    }

    [Fact]
    public void Spoiled_fragments_never_give_more_than_was_sent()
    {
        var random = new Random(4);
        byte[][] corpus = Corpus.Read("fragments");
        var reassembler = new FragmentReassembler(8, 2000, 4);
        for (int count = 0; count < 200_000; count++)
        {
            if (reassembler.TryAdd(random.Next(4), Corpus.Mutate(corpus[random.Next(corpus.Length)], random), count * 1000L, out ReadOnlySpan<byte> packet))
            {
                Assert.InRange(packet.Length, 2, 2000);
                Assert.True(packet[0] >> 4 is 4 or 6);
            }
        }

        Assert.True(reassembler.Completed > 100);
        Assert.InRange(reassembler.Pending, 0, 8);
    }

    private static (byte[] First, byte[] Second) Two()
    {
        byte[] packet = new byte[1200];
        packet[0] = 0x60;
        List<byte[]> parts = Split(new FragmentWriter(0), packet, 700);
        return (parts[0], parts[1]);
    }

    private static List<byte[]> Split(FragmentWriter writer, byte[] packet, int limit)
    {
        var parts = new List<byte[]>();
        Assert.True(writer.Begin(packet.Length, limit) || packet.Length / (limit - 9) >= 63);
        byte[] header = new byte[FragmentHeader.SizeBytes];
        while (writer.IsActive)
        {
            writer.WriteHeader(header, out Range part);
            parts.Add([.. header, .. packet[part]]);
            writer.Advance();
        }

        return parts;
    }
}
