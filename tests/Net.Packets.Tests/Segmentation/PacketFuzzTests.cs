namespace Net.Packets.Tests.Segmentation;

/// <summary>Whatever bytes a device or a peer brings, nothing is thrown, and what is written is what was pushed.</summary>
public sealed class PacketFuzzTests
{
    private const int Seed = 20261126;
    private const int RoundsPerSample = 4000;

    public static TheoryData<string> Samples =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "data", "packets"), "*.bin").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_read_of_the_kernel_is_understood_whole_and_damaged(string file)
    {
        byte[] sample = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "packets", file));
        List<byte[]> packets = SegmentationTools.Segment(sample)!;
        AssertJoinedAgain(packets);
        var random = new Random(Seed);
        var writer = new ListWriter();
        var coalescer = new PacketCoalescer(writer, tso: true, uso: true);
        for (int round = 0; round < RoundsPerSample; round++)
        {
            // Mostly headers are damaged: there the decisions are taken.
            byte[] damaged = sample[..(round % 2 == 0 ? random.Next(sample.Length + 1) : sample.Length)];
            for (int flips = random.Next(1, 6); flips > 0 && damaged.Length > 0; flips--)
            {
                damaged[random.Next(Math.Min(damaged.Length, 90))] = (byte)random.Next(256);
            }

            SegmentationTools.Segment(damaged);
            byte[] packet = packets[random.Next(packets.Count)].AsSpan().ToArray();
            packet[random.Next(Math.Min(packet.Length, 60))] ^= (byte)(random.Next(3) == 0 ? 1 << random.Next(8) : 0);
            Feed(coalescer, packet[..(random.Next(10) == 0 ? random.Next(packet.Length + 1) : packet.Length)]);
        }

        coalescer.Flush();
        Assert.Equal(RoundsPerSample, writer.Written.Sum(written => SegmentationTools.Segment(written)?.Count ?? 1));
    }

    [Fact]
    public void Noise_is_survived()
    {
        var random = new Random(Seed);
        var coalescer = new PacketCoalescer(new ListWriter(), tso: true, uso: true);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] noise = SegmentationTools.RandomBytes(random, random.Next(200));
            if (noise.Length > 0 && round % 2 == 0)
            {
                noise[0] = (byte)(random.Next(2) == 0 ? 0x45 : 0x60);
            }

            SegmentationTools.Segment(noise);
            Feed(coalescer, noise);
        }

        Assert.Equal(20_000, coalescer.Packets);
    }

    private static void Feed(PacketCoalescer coalescer, byte[] packet)
    {
        coalescer.Push(packet);
        if (IpPacket.TryParse(packet, out IpPacket ip))
        {
            _ = PacketFlow.Of(ip).Hash(1);
            _ = ip.Payload;
        }

        IcmpErrors.WriteTimeExceeded(new byte[IcmpErrors.MaxBytes], packet, new byte[packet.Length > 0 && packet[0] >> 4 == 6 ? 16 : 4]);
        TcpMss.Clamp(packet, 1000);
        IpTtl.Decrement(packet);
    }

    private static void AssertJoinedAgain(List<byte[]> packets)
    {
        var writer = new ListWriter();
        var coalescer = new PacketCoalescer(writer, tso: true, uso: true);
        packets.ForEach(packet => coalescer.Push(packet));
        coalescer.Flush();

        SegmentationTools.AssertSame(packets, writer.Written.SelectMany(written => SegmentationTools.Segment(written)!));
        Assert.Single(writer.Written);
    }
}
