using Net.Testing;
using static Net.Packets.Tests.Segmentation.SegmentationTools;

namespace Net.Packets.Tests.Segmentation;

public sealed class PacketCoalescerTests
{
    private const int Seed = 9293;
    private readonly ListWriter _writer = new();

    [Fact]
    public void Two_segments_become_one_write_with_the_right_header()
    {
        var coalescer = new PacketCoalescer(_writer, tso: true, uso: true);
        var first = new PacketBuilder { Sequence = 1000, Payload = new byte[1000] };

        coalescer.Push(first.Build());
        coalescer.Push((first with { Sequence = 2000, Payload = new byte[500], Flags = 0x18 }).Build());
        coalescer.Flush();

        byte[] written = Assert.Single(_writer.Written);

        // Needs a checksum, TCP over IPv4, 40 bytes of headers, 1,000 per segment, checksum from 20 at 16.
        Assert.Equal(BitConverter.IsLittleEndian ? [1, 1, 40, 0, 0xe8, 3, 20, 0, 16, 0] : [1, 1, 0, 40, 3, 0xe8, 0, 20, 0, 16], written[..10]);
        Assert.Equal(1540, written.Length - 10);
        Assert.Equal(1540, (written[12] << 8) | written[13]);
        Assert.Equal(0x18, written[10 + 33]);
        Assert.True(InternetChecksum.IsValid(written.AsSpan(10, 20)));
        Assert.Equal(2, coalescer.Packets);
        Assert.Equal(1, coalescer.Writes);
    }

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 6)]
    [InlineData(false, 17)]
    [InlineData(true, 17)]
    public void What_the_segmenter_makes_of_writes_is_what_was_pushed(bool isIPv6, byte protocol)
    {
        var random = new Random(Seed);
        for (int round = 0; round < 200; round++)
        {
            int payloadBytes = random.Next(1, 1441);
            var whole = new PacketBuilder
            {
                IsIPv6 = isIPv6,
                Protocol = protocol,
                Identification = (ushort)random.Next(65_536),
                Fragment = (ushort)(random.Next(2) * 0x4000),
                Sequence = (uint)random.NextInt64(uint.MaxValue),
                Flags = (byte)(0x10 | (random.Next(2) * 8)),
                Options = RandomBytes(random, protocol == 6 ? random.Next(11) * 4 : 0),
                Payload = RandomBytes(random, Math.Min(payloadBytes * random.Next(1, 44), 65_300)),
            };
            List<byte[]> packets = SegmentPlainly(whole, payloadBytes);
            _writer.Written.Clear();
            var coalescer = new PacketCoalescer(_writer, tso: true, uso: true);

            packets.ForEach(packet => coalescer.Push(packet));
            coalescer.Flush();

            Assert.Single(_writer.Written);
            AssertSame(packets, _writer.Written.SelectMany(written => Segment(written)!));
        }
    }

    [Fact]
    public void Every_flow_keeps_its_order_and_its_bytes_whatever_comes()
    {
        var random = new Random(Seed);
        uint[] sequences = new uint[24];
        ushort[] identifications = new ushort[24];
        List<byte[]> pushed = [];
        var coalescer = new PacketCoalescer(_writer, tso: true, uso: true);
        int flow = 0;
        for (int count = 0; count < 20_000; count++)
        {
            // In bursts, as hosts send; 24 flows are more than are kept.
            flow = random.Next(5) == 0 ? random.Next(24) : flow;
            var builder = new PacketBuilder
            {
                IsIPv6 = flow % 2 == 0,
                Protocol = flow % 3 == 0 ? (byte)17 : (byte)6,
                Host = (byte)flow,
                TrafficClass = (byte)(random.Next(50) == 0 ? 3 : 2),
                Ttl = (byte)(random.Next(50) == 0 ? 63 : 64),
                Identification = identifications[flow]++,
                Sequence = random.Next(50) == 0 ? (uint)random.Next() : sequences[flow],
                Flags = (byte)(random.Next(40) == 0 ? random.Next(256) : 0x10),
                Options = flow % 3 != 0 && random.Next(30) == 0 ? RandomBytes(random, 8) : [],
                Payload = RandomBytes(random, random.Next(20) == 0 ? random.Next(600) : 600),
            };
            sequences[flow] = builder.Sequence + (uint)builder.Payload.Length;
            byte[] packet = builder.Build();
            packet[^1] ^= (byte)(random.Next(100) == 0 ? 1 : 0);
            pushed.Add(packet);
            coalescer.Push(packet);
            if (random.Next(60) == 0)
            {
                coalescer.Flush();
            }
        }

        coalescer.Flush();

        List<byte[]> received = [.. _writer.Written.SelectMany(written => Segment(written)!)];
        for (flow = 0; flow < 24; flow++)
        {
            AssertSame(pushed.Where(packet => HostOf(packet) == flow), received.Where(packet => HostOf(packet) == flow));
        }

        Assert.Equal(pushed.Count, coalescer.Packets);
        Assert.Equal(_writer.Written.Count, coalescer.Writes);
        Assert.True(coalescer.Writes < pushed.Count / 2, $"{coalescer.Writes} writes: hardly anything was joined");
    }

    [Fact]
    public void What_does_not_agree_is_not_joined()
    {
        var first = new PacketBuilder { Sequence = 1000, Identification = 1, Payload = new byte[100] };
        PacketBuilder next = first with { Sequence = 1100, Identification = 2 };
        PacketBuilder datagram = first with { Protocol = 17 };
        Dictionary<string, (PacketBuilder First, PacketBuilder Next)> pairs = new()
        {
            ["ECN"] = (first, next with { TrafficClass = 3 }),
            ["DSCP"] = (first, next with { TrafficClass = 0x28 }),
            ["TTL"] = (first, next with { Ttl = 63 }),
            ["DF"] = (first, next with { Fragment = 0 }),
            ["a gap in the identification"] = (first with { Fragment = 0 }, next with { Fragment = 0, Identification = 3 }),
            ["a later fragment"] = (first, next with { Fragment = 4 }),
            ["a first fragment"] = (first, next with { Fragment = 0x2000 }),
            ["a gap"] = (first, next with { Sequence = 1101 }),
            ["an older segment"] = (first, next with { Sequence = 900 }),
            ["another acknowledgement"] = (first, next with { Acknowledgement = 8 }),
            ["another window"] = (first, next with { Window = 400 }),
            ["options"] = (first, next with { Options = [1, 1, 1, 1] }),
            ["other options"] = (first with { Options = [8, 2, 1, 1] }, next with { Options = [8, 2, 1, 0] }),
            ["URG"] = (first, next with { Flags = 0x30 }),
            ["SYN"] = (first, next with { Flags = 0x12 }),
            ["FIN"] = (first, next with { Flags = 0x11 }),
            ["RST"] = (first, next with { Flags = 0x14 }),
            ["CWR"] = (first, next with { Flags = 0x90 }),
            ["ECE"] = (first, next with { Flags = 0x50 }),
            ["no data"] = (first, next with { Payload = [] }),
            ["a longer segment"] = (first, next with { Payload = new byte[101] }),
            ["behind PSH"] = (first with { Flags = 0x18 }, next),
            ["another port"] = (first, next with { SourcePort = 5002 }),
            ["another host"] = (first, next with { Host = 2 }),
            ["another hop limit"] = (first with { IsIPv6 = true }, next with { IsIPv6 = true, Ttl = 3 }),
            ["another traffic class"] = (first with { IsIPv6 = true }, next with { IsIPv6 = true, TrafficClass = 1 }),
            ["a longer datagram"] = (datagram, datagram with { Payload = new byte[101], Identification = 2 }),
            ["an empty datagram"] = (datagram, datagram with { Payload = [], Identification = 2 }),
            ["TCP and UDP"] = (first, datagram),
        };

        foreach ((string reason, (PacketBuilder one, PacketBuilder other)) in pairs)
        {
            AssertApart(reason, one.Build(), other.Build());
        }

        byte[] damaged = next.Build();
        damaged[^1] ^= 1;
        AssertApart("a wrong checksum", first.Build(), damaged);
        byte[] badHeader = next.Build();
        badHeader[10] ^= 1;
        AssertApart("a wrong header checksum", first.Build(), badHeader);
        byte[] unsummed = (datagram with { Identification = 2 }).Build();
        unsummed[26] = 0;
        unsummed[27] = 0;
        AssertApart("no checksum", datagram.Build(), unsummed);
        byte[] urgent = next.Build();
        urgent[38] = 1;
        AssertApart("an urgent pointer", first.Build(), urgent);
    }

    [Fact]
    public void A_shorter_segment_ends_the_packet()
    {
        var coalescer = new PacketCoalescer(_writer, tso: true, uso: true);
        var first = new PacketBuilder { Sequence = 0, Payload = new byte[100] };

        coalescer.Push(first.Build());
        coalescer.Push((first with { Sequence = 100, Payload = new byte[50] }).Build());
        coalescer.Push((first with { Sequence = 150 }).Build());
        coalescer.Flush();

        Assert.Equal([10 + 190, 10 + 140], _writer.Written.Select(written => written.Length));
    }

    [Fact]
    public void No_packet_grows_beyond_what_IP_can_say()
    {
        var coalescer = new PacketCoalescer(_writer, tso: true, uso: true);
        for (uint count = 0; count < 100; count++)
        {
            coalescer.Push(new PacketBuilder { Sequence = count * 1400, Payload = new byte[1400] }.Build());
        }

        for (int count = 0; count < 100; count++)
        {
            coalescer.Push(new PacketBuilder { Protocol = 17, Identification = (ushort)count, Payload = new byte[10] }.Build());
        }

        coalescer.Flush();

        Assert.Equal([10 + 40 + (46 * 1400), 10 + 40 + (46 * 1400), 10 + 40 + (8 * 1400)], _writer.Written.Select(written => written.Length).Where(length => length > 1000));
        Assert.Equal([10 + 28 + 640, 10 + 28 + 360], _writer.Written.Select(written => written.Length).Where(length => length <= 1000));
    }

    [Theory]
    [InlineData(false, false, 4)]
    [InlineData(true, false, 3)]
    [InlineData(false, true, 3)]
    public void Only_what_the_device_takes_is_joined(bool tso, bool uso, int writes)
    {
        var coalescer = new PacketCoalescer(_writer, tso, uso);
        var segment = new PacketBuilder { Payload = new byte[100] };

        coalescer.Push(segment.Build());
        coalescer.Push((segment with { Sequence = 100 }).Build());
        coalescer.Push((segment with { Protocol = 17 }).Build());
        coalescer.Push((segment with { Protocol = 17 }).Build());
        coalescer.Flush();

        Assert.Equal(writes, _writer.Written.Count);
    }

    [Fact]
    public void Other_packets_pass_at_once()
    {
        var coalescer = new PacketCoalescer(_writer, tso: true, uso: true);
        byte[] echo = new PacketBuilder { Protocol = 1, Transport = [8, 0, 0, 0, 0, 0, 0, 0] }.Build();
        byte[] optioned = new PacketBuilder { Protocol = 6, Payload = new byte[10] }.Build();
        optioned[0] = 0x46;

        coalescer.Push(echo);
        coalescer.Push(optioned);
        coalescer.Push([]);

        Assert.Equal([echo, optioned, []], _writer.Written.Select(written => written[10..]));
        Assert.All(_writer.Written, written => Assert.Equal(new byte[10], written[..10]));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var counter = new CountingWriter();
        var coalescer = new PacketCoalescer(counter, tso: true, uso: true);
        byte[][] packets = [.. Enumerable.Range(0, 40).Select(count => new PacketBuilder { Sequence = (uint)count * 1400, Payload = new byte[1400] }.Build())];
        Push(coalescer, packets, 100);

        int rounds = 100;
        Assert.Equal(0, Allocations.Least(() =>
        {
            Push(coalescer, packets, 1000);
            rounds += 1000;
        }));
        Assert.Equal(rounds, counter.Writes);
    }

    private static void Push(PacketCoalescer coalescer, byte[][] packets, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (byte[] packet in packets)
            {
                coalescer.Push(packet);
            }

            coalescer.Flush();
        }
    }

    private static int HostOf(byte[] packet) => packet[0] >> 4 == 4 ? packet[15] : packet[23];

    private void AssertApart(string reason, byte[] first, byte[] second)
    {
        _writer.Written.Clear();
        var coalescer = new PacketCoalescer(_writer, tso: true, uso: true);

        coalescer.Push(first);
        coalescer.Push(second);
        coalescer.Flush();

        Assert.True(_writer.Written.Count == 2, $"{reason}: {_writer.Written.Count} writes");
        Assert.Equal(new[] { first, second }.OrderBy(Convert.ToHexString), _writer.Written.Select(written => written[10..]).OrderBy(Convert.ToHexString));
    }

    private sealed class CountingWriter : ITunnelWriter
    {
        public int Writes { get; private set; }

        public bool Write(ReadOnlySpan<byte> packetWithVnetHeader)
        {
            Writes++;
            return true;
        }
    }
}
