namespace Net.Packets.Tests.Segmentation;

public sealed class PacketChecksumTests
{
    [Fact]
    public void It_agrees_with_the_plain_checksum_at_every_length_and_alignment()
    {
        var random = new Random(1071);
        byte[] data = SegmentationTools.RandomBytes(random, 700);
        byte[] copy = new byte[700];
        for (int start = 0; start < 5; start++)
        {
            for (int length = 0; length < 600; length++)
            {
                ReadOnlySpan<byte> part = data.AsSpan(start, length);
                byte[] field = new byte[2];
                PacketChecksum.Write(field, PacketChecksum.Sum(part));
                copy.AsSpan().Clear();
                ulong copied = PacketChecksum.CopyAndSum(part, copy.AsSpan(1));

                Assert.Equal(InternetChecksum.Compute(part), (field[0] << 8) | field[1]);
                Assert.Equal(PacketChecksum.Fold(PacketChecksum.Sum(part)), PacketChecksum.Fold(copied));
                Assert.True(part.SequenceEqual(copy.AsSpan(1, length)));
                Assert.Equal(0, copy[length + 1]);
                Assert.Equal(copied, PacketChecksum.Sum512(part, 0));
                Assert.Equal(copied, PacketChecksum.Sum256(part, 0));
                foreach (bool isWide in (bool[])[true, false])
                {
                    copy.AsSpan().Clear();
                    Span<byte> target = copy.AsSpan(1, length);
                    Assert.Equal(copied, isWide ? PacketChecksum.CopyAndSum512(part, target, 0) : PacketChecksum.CopyAndSum256(part, target, 0));
                    Assert.True(part.SequenceEqual(target));
                    Assert.Equal(0, copy[length + 1]);
                }
            }
        }
    }

    [Fact]
    public void The_longest_packet_of_full_words_does_not_overflow()
    {
        byte[] data = new byte[65_535];
        Array.Fill(data, (byte)0xff);
        byte[] field = new byte[2];

        PacketChecksum.Write(field, PacketChecksum.Sum(data, ulong.MaxValue >> 16));

        byte[] plain = new byte[2];
        PacketChecksum.Write(plain, (ulong)PacketChecksum.Fold(PacketChecksum.Sum(data)) + PacketChecksum.Fold(ulong.MaxValue >> 16));
        Assert.Equal(plain, field);
        Assert.Equal(0x00ff, InternetChecksum.Compute(data));
    }

    [Fact]
    public void A_UDP_checksum_is_never_zero()
    {
        byte[] field = new byte[2];

        PacketChecksum.WriteNonZero(field, 0xffff);

        Assert.Equal([0xff, 0xff], field);
    }

    [Fact]
    public void A_changed_word_is_corrected_as_if_all_were_summed_anew()
    {
        var random = new Random(1624);
        for (int round = 0; round < 10_000; round++)
        {
            byte[] data = SegmentationTools.RandomBytes(random, 20);
            data.AsSpan(10, 2).Clear();
            PacketChecksum.Write(data.AsSpan(10), PacketChecksum.Sum(data));
            ushort before = BitConverter.ToUInt16(data, 4);
            random.NextBytes(data.AsSpan(4, 2));

            PacketChecksum.Adjust(data.AsSpan(10), before, BitConverter.ToUInt16(data, 4));

            Assert.Equal(ushort.MaxValue, PacketChecksum.Fold(PacketChecksum.Sum(data)));
        }
    }

    [Fact]
    public void A_copy_needs_room() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketChecksum.CopyAndSum(new byte[100], new byte[99]));
}
