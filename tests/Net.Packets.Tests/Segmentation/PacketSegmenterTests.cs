using Net.Testing;
using static Net.Packets.Tests.Segmentation.SegmentationTools;

namespace Net.Packets.Tests.Segmentation;

public sealed class PacketSegmenterTests
{
    private const int Seed = 793;

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 6)]
    [InlineData(false, 17)]
    [InlineData(true, 17)]
    public void Packets_are_those_that_would_have_been_sent_one_by_one(bool isIPv6, byte protocol)
    {
        var random = new Random(Seed);
        for (int round = 0; round < 400; round++)
        {
            // Sizes below the header are the hard ones: then a header overwrites the one before it.
            int payloadBytes = round % 4 == 0 ? random.Next(1, 80) : random.Next(500, 1441);
            int total = Math.Min(random.Next(1, payloadBytes * 45), 65_300);
            var whole = new PacketBuilder
            {
                IsIPv6 = isIPv6,
                Protocol = protocol,
                TrafficClass = (byte)random.Next(256),
                Identification = (ushort)random.Next(65_536),
                Sequence = (uint)random.NextInt64(uint.MaxValue),
                Flags = (byte)(0x10 | (random.Next(256) & 0xc9)),
                Options = RandomBytes(random, protocol == 6 ? random.Next(11) * 4 : 0),
                Payload = RandomBytes(random, total),
            };

            List<byte[]>? packets = Segment(Unsegmented(whole, payloadBytes));

            AssertSame(SegmentPlainly(whole, payloadBytes), packets);
        }
    }

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 6)]
    [InlineData(false, 17)]
    [InlineData(true, 17)]
    public void A_partial_checksum_is_completed(bool isIPv6, byte protocol)
    {
        var whole = new PacketBuilder { IsIPv6 = isIPv6, Protocol = protocol, Payload = [1, 2, 3, 4, 5] };
        byte[] read = Unsegmented(whole, 100);
        read[1] = 0;

        List<byte[]>? packets = Segment(read);

        Assert.Equal([whole.Build()], packets);
    }

    [Fact]
    public void A_packet_without_anything_to_do_stays_as_it_is()
    {
        byte[] packet = new PacketBuilder { Payload = [1, 2, 3] }.Build();

        Assert.Equal([packet], Segment(WithHeader(packet)));
    }

    [Fact]
    public void The_flow_of_a_read_is_known()
    {
        byte[] read = Unsegmented(new PacketBuilder { Host = 5, Payload = new byte[3000] }, 1400);
        var segmenter = default(PacketSegmenter);

        Assert.True(segmenter.Begin(read));

        Assert.Equal(new PacketFlow(0x64400005, 0x64400063, 5001, 80, 6, 4), segmenter.Flow);
        Assert.Equal(3, segmenter.Count);
        Assert.Equal(1440, segmenter.SegmentBytes);
        Assert.True(segmenter.IsActive);
    }

    [Theory]
    [InlineData(3, 1400, 20, 16)] // UFO, which is not asked for
    [InlineData(1, 0, 20, 16)]
    [InlineData(1, 1400, 24, 16)]
    [InlineData(1, 1400, 20, 6)]
    [InlineData(4, 1400, 20, 16)]
    [InlineData(5, 1400, 20, 16)]
    public void A_header_that_makes_no_sense_is_refused(byte kind, int payloadBytes, int start, int offset)
    {
        byte[] packet = new PacketBuilder { Payload = new byte[3000] }.Build();

        Assert.Null(Segment(WithHeader(packet, flags: 1, kind, headBytes: 40, payloadBytes, start, offset)));
        Assert.Null(Segment(WithHeader(packet, flags: 0, kind: 1, headBytes: 40, payloadBytes: 1400, start: 20, offset: 16)));
        Assert.Null(Segment(WithHeader(packet, flags: 1, kind: 0, start: 3030, offset: 16)));
        Assert.Null(Segment([1, 2, 3]));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        byte[] read = Unsegmented(new PacketBuilder { Payload = new byte[60_000] }, 1400);
        Walk(read, 100);

        int packets = 0;
        Assert.Equal(0, Allocations.Least(() => packets = Walk(read, 1000)));
        Assert.Equal(1000 * 43, packets);
    }

    private static int Walk(byte[] read, int rounds)
    {
        int packets = 0;
        for (int round = 0; round < rounds; round++)
        {
            var segmenter = default(PacketSegmenter);
            for (segmenter.Begin(read); segmenter.TryPeek(out _); segmenter.Advance())
            {
                packets++;
            }
        }

        return packets;
    }
}
