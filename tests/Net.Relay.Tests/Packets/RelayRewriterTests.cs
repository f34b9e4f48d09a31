using System.Globalization;
using System.Net;
using Net.Testing;

namespace Net.Relay.Tests.Packets;

public sealed class RelayRewriterTests
{
    public static TheoryData<string, string, string, string> Vectors
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            string[] lines = [.. File.ReadLines(Corpus.PathOf("rewrites.txt")).Skip(2).Where(line => line.Length > 0)];
            foreach (string[] block in lines.Chunk(4))
            {
                data.Add(block[0][2..], block[1][3..], block[2][6..].Trim(), block[3][4..]);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_rewritten_frame_is_byte_for_byte_what_another_implementation_made(string name, string before, string settings, string after)
    {
        byte[] frame = Convert.FromHexString(before);
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        bool done = RelayRewriter.TryRewrite(frame, packet, new TargetRewrite(Read(settings)), out RelayFrame result, out RelayDrop reason);

        Assert.True(done, $"{name}: {reason}");
        Assert.Equal(after.ToUpperInvariant(), Convert.ToHexString(frame, result.Offset, result.Length));
    }

    [Fact]
    public void Any_rewrite_gives_the_frame_that_would_have_been_built_with_those_values()
    {
        var random = new Random(4);
        for (int round = 0; round < 20_000; round++)
        {
            FrameBuilder before = RandomFrame(random);
            (RelayTarget target, FrameBuilder after) = RandomTarget(random, before);
            byte[] frame = before.Build();
            Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

            bool done = RelayRewriter.TryRewrite(frame, packet, new TargetRewrite(target), out RelayFrame result, out RelayDrop reason);

            Assert.True(done, reason.ToString());
            Assert.Equal(Convert.ToHexString(after.Build()), Convert.ToHexString(frame, result.Offset, result.Length));
        }
    }

    [Fact]
    public void One_frame_serves_one_output_after_another_as_if_each_were_the_first()
    {
        var random = new Random(5);
        for (int round = 0; round < 2_000; round++)
        {
            FrameBuilder before = RandomFrame(random);
            byte[] frame = before.Build();
            Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));
            for (int output = 0; output < 5; output++)
            {
                (RelayTarget target, FrameBuilder after) = RandomTarget(random, before);

                Assert.True(RelayRewriter.TryRewrite(frame, packet, new TargetRewrite(target), out RelayFrame result, out _));

                Assert.Equal(Convert.ToHexString(after.Build()), Convert.ToHexString(frame, result.Offset, result.Length));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checksum_that_is_not_ready_is_made_in_full(bool isIPv6)
    {
        FrameBuilder builder = isIPv6
            ? new FrameBuilder { Source = IPAddress.Parse("2001:db8::5"), Destination = IPAddress.Parse("ff05::1"), Payload = new byte[333] }
            : new FrameBuilder { Payload = new byte[333] };
        byte[] frame = builder.Build();
        int checksum = frame.Length - 333 - 2;
        frame[checksum] ^= 0x5A;
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        RelayRewriter.CompleteChecksum(frame, packet);

        Assert.Equal(Convert.ToHexString(builder.Build()), Convert.ToHexString(frame));
    }

    [Fact]
    public void Completing_leaves_ESP_alone()
    {
        byte[] frame = new FrameBuilder { Protocol = 50, Payload = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }.Build();
        byte[] copy = [.. frame];
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        RelayRewriter.CompleteChecksum(frame, packet);

        Assert.Equal(copy, frame);
        Assert.False(RelayRewriter.HasNoChecksum(frame, packet));
    }

    [Fact]
    public void A_wrong_UDP_checksum_stays_wrong_so_that_the_receiver_finds_it()
    {
        byte[] frame = new FrameBuilder().Build();
        frame[^1] ^= 0xFF;
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        Assert.True(RelayRewriter.TryRewrite(frame, packet, new TargetRewrite(Samples.Target() with { Port = 9 }), out _, out _));

        ushort sum = FrameBuilder.Checksum(FrameBuilder.PseudoHeader([10, 0, 0, 5], [239, 1, 1, 1], 17, 13), frame[34..]);
        Assert.NotEqual(0, sum);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Headers_for_offload_stand_for_all_payloads_and_have_the_pseudo_headers_sum(bool isIPv6)
    {
        FrameBuilder one = isIPv6
            ? new FrameBuilder { Source = IPAddress.Parse("2001:db8::5"), Destination = IPAddress.Parse("ff05::1"), Payload = new byte[100] }
            : new FrameBuilder { Payload = new byte[100] };
        byte[] frame = one.Build();
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        RelayRewriter.WriteOffload(frame.AsSpan(14), packet, 10 * 100);

        byte[] expected = (one with { Payload = new byte[10 * 100] }).Build()[..(packet.PayloadOffset)];
        ushort pseudo = (ushort)~FrameBuilder.Checksum(FrameBuilder.PseudoHeader(one.Source.GetAddressBytes(), one.Destination.GetAddressBytes(), 17, 8 + 1000));
        expected[^2] = (byte)(pseudo >> 8);
        expected[^1] = (byte)pseudo;
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(frame, 0, packet.PayloadOffset));
    }

    [Theory]
    [InlineData(1, null, RelayDrop.Ttl)]
    [InlineData(0, null, RelayDrop.Ttl)]
    [InlineData(0, 0, RelayDrop.Ttl)]
    public void A_packet_at_the_end_of_its_life_is_dropped(byte ttl, int? fixedTtl, RelayDrop expected) =>
        AssertDropped(new FrameBuilder { Ttl = ttl }, Samples.Target() with { Ttl = (byte?)fixedTtl }, expected);

    [Fact]
    public void A_fixed_TTL_gives_packets_a_new_life()
    {
        byte[] frame = new FrameBuilder { Ttl = 1 }.Build();
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        Assert.True(RelayRewriter.TryRewrite(frame, packet, new TargetRewrite(Samples.Target() with { Ttl = 7 }), out _, out _));
        Assert.Equal(7, frame[22]);
    }

    [Fact]
    public void A_paused_output_takes_nothing() => AssertDropped(new FrameBuilder(), Samples.Target() with { IsPaused = true }, RelayDrop.Paused);

    [Fact]
    public void A_unicast_destination_needs_a_link_layer_address() =>
        AssertDropped(new FrameBuilder(), Samples.Target() with { Destination = IPAddress.Parse("192.0.2.1") }, RelayDrop.NoNeighbor);

    [Fact]
    public void A_unicast_packet_that_keeps_its_destination_needs_a_link_layer_address_too() =>
        AssertDropped(new FrameBuilder { Destination = IPAddress.Parse("192.0.2.1"), DestinationMac = FrameBuilder.RelayMac }, Samples.Target(), RelayDrop.NoNeighbor);

    [Theory]
    [InlineData("ff05::1", null)]
    [InlineData(null, "2001:db8::1")]
    public void An_IPv4_packet_cannot_leave_with_IPv6_addresses(string? destination, string? source) =>
        AssertDropped(
            new FrameBuilder(),
            Samples.Target() with
            {
                Destination = destination is null ? null : IPAddress.Parse(destination),
                SourceMode = source is null ? SourceMode.Keep : SourceMode.Fixed,
                Source = source is null ? null : IPAddress.Parse(source),
            },
            RelayDrop.NoOutput);

    [Fact]
    public void An_IPv6_packet_cannot_leave_with_IPv4_addresses() =>
        AssertDropped(
            new FrameBuilder { Source = IPAddress.Parse("2001:db8::5"), Destination = IPAddress.Parse("ff05::1") },
            Samples.Target() with { Destination = IPAddress.Parse("239.1.1.1") },
            RelayDrop.NoOutput);

    [Fact]
    public void A_packet_from_a_tunnel_needs_room_for_an_Ethernet_header()
    {
        byte[] ip = new FrameBuilder { HasEthernet = false }.Build();
        byte[] buffer = [.. new byte[14], .. ip];
        Assert.Equal(ParseResult.Packet, RelayParser.ParseIP(ip, 0, out PacketView tight));
        Assert.Equal(ParseResult.Packet, RelayParser.ParseIP(buffer, 14, out PacketView roomy));
        var rewrite = new TargetRewrite(Samples.Target());

        Assert.False(RelayRewriter.TryRewrite(ip, tight, rewrite, out _, out RelayDrop reason));
        Assert.Equal(RelayDrop.NoOutput, reason);
        Assert.True(RelayRewriter.TryRewrite(buffer, roomy, rewrite, out RelayFrame result, out _));
        Assert.Equal(Convert.ToHexString(new FrameBuilder { SourceMac = FrameBuilder.RelayMac, Ttl = 63 }.Build()), Convert.ToHexString(buffer, result.Offset, result.Length));
    }

    [Theory]
    [InlineData(1472, false)]
    [InlineData(1473, true)]
    public void The_MTU_is_that_of_the_IP_packet(int payload, bool isTooBig)
    {
        byte[] frame = new FrameBuilder { Payload = new byte[payload] }.Build();
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        bool done = RelayRewriter.TryRewrite(frame, packet, new TargetRewrite(Samples.Target()), out _, out RelayDrop reason);
        Assert.Equal(!isTooBig, done);
        if (isTooBig)
        {
            Assert.Equal(RelayDrop.TooBig, reason);
        }

        Assert.True(RelayRewriter.TryRewrite(frame, packet, new TargetRewrite(Samples.Target() with { Oversize = OversizeAction.Fragment }), out RelayFrame result, out _));
        Assert.Equal(isTooBig, result.IsOversize);
    }

    [Fact]
    public void Targets_that_cannot_be_used_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new TargetRewrite(Samples.Target() with { SourceMac = [1, 2, 3] }));
        Assert.Throws<ArgumentException>(() => new TargetRewrite(Samples.Target() with { DestinationMac = [1] }));
        Assert.Throws<ArgumentException>(() => new TargetRewrite(Samples.Target() with { SourceMode = SourceMode.Interface }));
    }

    [Fact]
    public void Parsing_and_rewriting_allocate_nothing()
    {
        byte[] frame = new FrameBuilder { Payload = new byte[1000] }.Build();
        byte[] frame6 = new FrameBuilder { Source = IPAddress.Parse("2001:db8::5"), Destination = IPAddress.Parse("ff05::1"), Payload = new byte[1000] }.Build();
        var rewrite = new TargetRewrite(Samples.Target() with { Destination = IPAddress.Parse("239.2.2.2"), Port = 9, SourceMode = SourceMode.Fixed, Source = IPAddress.Parse("10.1.0.1"), Oversize = OversizeAction.Fragment, MtuBytes = 500 });
        var keep = new TargetRewrite(Samples.Target());
        byte[] fragment = new byte[600];

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int round = 0; round < 1000; round++)
            {
                _ = RelayParser.Parse(frame, out PacketView packet);
                RelayRewriter.CompleteChecksum(frame, packet);
                _ = RelayRewriter.TryRewrite(frame, packet, rewrite, out RelayFrame result, out _);
                var fragmenter = new RelayFragmenter(frame, result, packet, 500, 1);
                while (fragmenter.TryWriteNext(fragment, out _))
                {
                }

                _ = RelayRewriter.TryRewrite(frame, packet, keep, out _, out _);
                RelayRewriter.WriteOffload(frame.AsSpan(14), packet, 1000);
                _ = RelayParser.Parse(frame6, out PacketView packet6);
                _ = RelayRewriter.TryRewrite(frame6, packet6, keep, out _, out _);
            }
        }));
    }

    private static void AssertDropped(FrameBuilder builder, RelayTarget target, RelayDrop expected)
    {
        byte[] frame = builder.Build();
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        Assert.False(RelayRewriter.TryRewrite(frame, packet, new TargetRewrite(target), out _, out RelayDrop reason));

        Assert.Equal(expected, reason);
        Assert.Equal(Convert.ToHexString(builder.Build()), Convert.ToHexString(frame));
    }

    private static FrameBuilder RandomFrame(Random random)
    {
        bool isIPv6 = random.Next(2) == 0;
        byte[] payload = new byte[random.Next(random.Next(3) == 0 ? 1400 : 40)];
        random.NextBytes(payload);
        bool isEsp = random.Next(8) == 0;
        return new FrameBuilder
        {
            Source = RandomAddress(random, isIPv6, isGroup: false),
            Destination = RandomAddress(random, isIPv6, isGroup: true),
            Protocol = (byte)(isEsp ? 50 : 17),
            Payload = isEsp ? [.. new byte[8], .. payload] : payload,
            SourcePort = (ushort)random.Next(65536),
            Port = (ushort)random.Next(65536),
            Ttl = (byte)random.Next(2, 256),
            TrafficClass = (byte)random.Next(256),
            Identification = (ushort)random.Next(65536),
            HasNoChecksum = !isIPv6 && random.Next(6) == 0,
            Options = !isIPv6 && random.Next(5) == 0 ? [1, 1, 1, 0, 0x94, 4, 0, 0] : [],
            Tags = random.Next(4) == 0 ? [0x81, 0, 0, (byte)random.Next(256)] : [],
            Padding = random.Next(3) == 0 ? random.Next(20) : 0,
        };
    }

    private static (RelayTarget Target, FrameBuilder After) RandomTarget(Random random, FrameBuilder before)
    {
        RelayTarget target = Samples.Target();
        FrameBuilder after = before with { SourceMac = FrameBuilder.RelayMac, Tags = [], Padding = 0, Ttl = (byte)(before.Ttl - 1) };
        if (random.Next(2) == 0)
        {
            IPAddress destination = RandomAddress(random, before.IsIPv6, isGroup: random.Next(3) != 0);
            target = target with { Destination = destination, DestinationMac = RelayAddress.From(destination).IsMulticast ? null : [2, 9, 9, 9, 9, 9] };
            after = after with { Destination = destination, DestinationMac = target.DestinationMac };
        }

        if (random.Next(2) == 0)
        {
            target = target with { SourceMode = SourceMode.Fixed, Source = RandomAddress(random, before.IsIPv6, isGroup: false) };
            after = after with { Source = target.Source };
        }

        if (random.Next(2) == 0)
        {
            target = target with { Port = (ushort)random.Next(1, 65536), SourcePort = (ushort)random.Next(65536) };
            after = after with { Port = target.Port, SourcePort = target.SourcePort == 0 ? before.SourcePort : target.SourcePort };
        }

        if (random.Next(2) == 0)
        {
            target = target with { Ttl = (byte)random.Next(1, 256) };
            after = after with { Ttl = target.Ttl.Value };
        }

        if (random.Next(2) == 0)
        {
            target = target with { Dscp = (byte)random.Next(64) };
            after = after with { TrafficClass = (byte)((target.Dscp.Value << 2) | (before.TrafficClass & 3)) };
        }

        if (random.Next(8) == 0)
        {
            target = target with { SourceMac = [] };
            after = after with { HasEthernet = false };
        }

        return (target, after);
    }

    private static IPAddress RandomAddress(Random random, bool isIPv6, bool isGroup)
    {
        byte[] bytes = new byte[isIPv6 ? 16 : 4];
        random.NextBytes(bytes);
        bytes[0] = (isIPv6, isGroup) switch { (true, true) => 0xFF, (true, false) => 0x20, (false, true) => 239, _ => 10 };
        return new IPAddress(bytes);
    }

    private static RelayTarget Read(string settings)
    {
        RelayTarget target = Samples.Target();
        foreach (string setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = setting.Split('=', 2);
            target = parts[0] switch
            {
                "destination" => target with { Destination = IPAddress.Parse(parts[1]) },
                "source" => target with { SourceMode = SourceMode.Fixed, Source = IPAddress.Parse(parts[1]) },
                "port" => target with { Port = ushort.Parse(parts[1], CultureInfo.InvariantCulture) },
                "sourceport" => target with { SourcePort = ushort.Parse(parts[1], CultureInfo.InvariantCulture) },
                "ttl" => target with { Ttl = byte.Parse(parts[1], CultureInfo.InvariantCulture) },
                "dscp" => target with { Dscp = byte.Parse(parts[1], CultureInfo.InvariantCulture) },
                "mac" => target with { DestinationMac = Convert.FromHexString(parts[1]) },
                "raw" => target with { SourceMac = [] },
                _ => throw new InvalidDataException(setting),
            };
        }

        return target;
    }
}
