using System.Net;

namespace Net.Relay.Tests.Packets;

public sealed class RelayParserTests
{
    private static readonly FrameBuilder IPv6 = new() { Source = IPAddress.Parse("2001:db8::5"), Destination = IPAddress.Parse("ff05::1"), TrafficClass = 0xB9 };

    [Fact]
    public void A_datagram_is_read_with_all_its_parts()
    {
        byte[] frame = new FrameBuilder { Ttl = 9, TrafficClass = 0xB8, Options = [0x94, 4, 0, 0], Padding = 7 }.Build();

        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        Assert.Equal((14, 38, 46, 51), (packet.NetworkOffset, packet.TransportOffset, packet.PayloadOffset, packet.EndOffset));
        Assert.Equal(("10.0.0.5", "239.1.1.1"), (packet.Source.ToString(), packet.Destination.ToString()));
        Assert.Equal((4000, 5000), (packet.SourcePort, packet.DestinationPort));
        Assert.Equal((9, 0xB8, false, -1), (packet.Ttl, packet.TrafficClass, packet.IsIPv6, packet.VlanId));
        Assert.Equal((5, 37), (packet.PayloadBytes, packet.PacketBytes));
    }

    [Fact]
    public void An_IPv6_datagram_is_read_with_all_its_parts()
    {
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(IPv6.Build(), out PacketView packet));

        Assert.Equal((14, 54, 62, 67), (packet.NetworkOffset, packet.TransportOffset, packet.PayloadOffset, packet.EndOffset));
        Assert.Equal(("2001:db8::5", "ff05::1"), (packet.Source.ToString(), packet.Destination.ToString()));
        Assert.Equal((64, 0xB9, true), (packet.Ttl, packet.TrafficClass, packet.IsIPv6));
    }

    [Theory]
    [InlineData("81000064", 100)]
    [InlineData("88A80064810000C8", 100)]
    [InlineData("8100E064", 100)]
    public void Tags_are_skipped_and_the_outer_one_is_told(string tags, int vlan)
    {
        byte[] frame = new FrameBuilder { Tags = Convert.FromHexString(tags) }.Build();

        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        Assert.Equal(vlan, packet.VlanId);
        Assert.Equal(14 + (tags.Length / 2), packet.NetworkOffset);
    }

    [Fact]
    public void More_than_two_tags_concern_nobody() =>
        Assert.Equal(ParseResult.Other, RelayParser.Parse(new FrameBuilder { Tags = Convert.FromHexString("88A80064810000C881000001") }.Build(), out _));

    [Fact]
    public void ESP_has_no_ports_and_its_whole_header_is_payload()
    {
        byte[] frame = new FrameBuilder { Protocol = 50, Payload = new byte[24] }.Build();

        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        Assert.Equal((RelayProtocol.Esp, 0, 0, 24), (packet.Protocol, packet.SourcePort, packet.DestinationPort, packet.PayloadBytes));
        Assert.Equal(packet.TransportOffset, packet.PayloadOffset);
    }

    [Theory]
    [InlineData(0x2000)]
    [InlineData(0x2010)]
    [InlineData(0x0010)]
    public void A_fragment_is_told_with_its_addresses_but_without_ports(int fragment)
    {
        byte[] frame = new FrameBuilder { Fragment = (ushort)fragment }.Build();

        Assert.Equal(ParseResult.Fragment, RelayParser.Parse(frame, out PacketView packet));

        Assert.Equal("239.1.1.1", packet.Destination.ToString());
        Assert.Equal(0, packet.DestinationPort);
    }

    [Fact]
    public void An_IPv6_fragment_header_over_the_whole_packet_is_no_fragment()
    {
        byte[] udp = new FrameBuilder { Source = IPv6.Source, Destination = IPv6.Destination }.Build()[54..];
        byte[] atomic = (IPv6 with { Protocol = 44, Payload = [17, 0, 0, 0, 0, 0, 0, 1, .. udp] }).Build();
        byte[] first = (IPv6 with { Protocol = 44, Payload = [17, 0, 0, 1, 0, 0, 0, 1, .. udp] }).Build();

        Assert.Equal(ParseResult.Packet, RelayParser.Parse(atomic, out PacketView packet));
        Assert.Equal((62, 5000), (packet.TransportOffset, packet.DestinationPort));
        Assert.Equal(ParseResult.Fragment, RelayParser.Parse(first, out _));
    }

    [Fact]
    public void A_wrong_header_checksum_is_found_and_a_wrong_UDP_checksum_is_not()
    {
        byte[] header = new FrameBuilder().Build();
        header[14 + 8]++;
        byte[] payload = new FrameBuilder().Build();
        payload[^1]++;

        Assert.Equal(ParseResult.Checksum, RelayParser.Parse(header, out _));
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(payload, out _));
    }

    [Fact]
    public void A_datagram_without_checksum_is_legal_in_IPv4_only()
    {
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(new FrameBuilder { HasNoChecksum = true }.Build(), out _));
        Assert.Equal(ParseResult.Checksum, RelayParser.Parse((IPv6 with { HasNoChecksum = true }).Build(), out _));
    }

    [Fact]
    public void Every_truncation_is_malformed_or_none_of_ours()
    {
        foreach (byte[] frame in new[] { new FrameBuilder().Build(), IPv6.Build(), new FrameBuilder { Protocol = 50, Payload = new byte[8], Tags = [0x81, 0, 0, 1] }.Build() })
        {
            for (int length = 0; length < frame.Length; length++)
            {
                Assert.Equal(ParseResult.Malformed, RelayParser.Parse(frame.AsSpan(0, length), out _));
            }
        }
    }

    [Theory]
    [InlineData(0, 0x44)]
    [InlineData(0, 0x55)]
    [InlineData(3, 21)]
    [InlineData(24, 0)]
    [InlineData(25, 7)]
    [InlineData(25, 14)]
    public void Headers_that_contradict_each_other_are_malformed(int offset, byte value)
    {
        byte[] frame = new FrameBuilder { Payload = [1, 2, 3, 4, 5] }.Build();
        frame[14 + offset] = value;
        if (offset == 24)
        {
            frame[14 + 25] = 0;
        }

        Corpus.MendIPv4(frame, 14);

        Assert.Equal(ParseResult.Malformed, RelayParser.Parse(frame, out _));
    }

    [Fact]
    public void A_group_as_source_is_malformed() =>
        Assert.Equal(ParseResult.Malformed, RelayParser.Parse(new FrameBuilder { Source = IPAddress.Parse("239.9.9.9") }.Build(), out _));

    [Fact]
    public void What_lies_behind_the_UDP_length_is_no_payload()
    {
        byte[] frame = new FrameBuilder { Payload = new byte[20] }.Build();
        frame[14 + 20 + 5] = 8 + 12;

        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));

        Assert.Equal(12, packet.PayloadBytes);
        Assert.Equal(frame.Length, packet.EndOffset);
    }

    [Fact]
    public void Packets_without_Ethernet_header_are_read_anywhere_in_a_buffer()
    {
        byte[] ip = new FrameBuilder { HasEthernet = false }.Build();
        byte[] buffer = [.. new byte[20], .. ip];

        Assert.Equal(ParseResult.Packet, RelayParser.ParseIP(buffer, 20, out PacketView packet));
        Assert.Equal((20, 5000), (packet.NetworkOffset, packet.DestinationPort));
        Assert.Equal(ParseResult.Malformed, RelayParser.ParseIP(buffer, buffer.Length, out _));
        Assert.Equal(ParseResult.Other, RelayParser.ParseIP(new byte[40], 0, out _));
    }

    [Theory]
    [InlineData(ParseResult.Malformed, RelayDrop.Malformed)]
    [InlineData(ParseResult.Fragment, RelayDrop.Fragment)]
    [InlineData(ParseResult.Checksum, RelayDrop.Checksum)]
    public void What_is_no_packet_has_a_reason_to_be_counted_by(ParseResult result, RelayDrop expected)
    {
        Assert.True(RelayParser.TryGetDrop(result, out RelayDrop reason));
        Assert.Equal(expected, reason);
        Assert.False(RelayParser.TryGetDrop(ParseResult.Packet, out _));
        Assert.False(RelayParser.TryGetDrop(ParseResult.Other, out _));
    }

    [Fact]
    public void The_corpus_is_read_as_its_lines_say()
    {
        ParseResult[] results = [.. Corpus.Frames().Select(frame => RelayParser.Parse(frame, out _))];

        Assert.Equal(
            [
                ParseResult.Packet, ParseResult.Packet, ParseResult.Packet, ParseResult.Packet, ParseResult.Other, ParseResult.Packet, ParseResult.Fragment, ParseResult.Fragment, ParseResult.Packet, ParseResult.Packet,
                ParseResult.Fragment, ParseResult.Other, ParseResult.Checksum, ParseResult.Packet, ParseResult.Packet, ParseResult.Other, ParseResult.Other, ParseResult.Packet, ParseResult.Packet,
            ],
            results);
    }

    [Fact]
    public void Spoiled_frames_never_lead_outside_and_what_is_read_can_be_rewritten()
    {
        byte[][] corpus = Corpus.Frames();
        var random = new Random(20261126);
        TargetRewrite[] rewrites =
        [
            new(Samples.Target() with { Destination = IPAddress.Parse("239.9.9.9"), Port = 9, Ttl = 3, SourceMode = SourceMode.Fixed, Source = IPAddress.Parse("10.9.9.9"), Oversize = OversizeAction.Fragment, MtuBytes = 68 }),
            new(Samples.Target() with { SourceMac = [], Dscp = 4, Oversize = OversizeAction.Fragment, MtuBytes = 68 }),
        ];
        byte[] fragment = new byte[256];
        int packets = 0;
        for (int round = 0; round < 60_000; round++)
        {
            byte[] frame = Corpus.Mutate(corpus[random.Next(corpus.Length)], random);
            if (random.Next(4) != 0)
            {
                Corpus.MendIPv4(frame, 14);
            }

            if (RelayParser.Parse(frame, out PacketView packet) != ParseResult.Packet)
            {
                continue;
            }

            packets++;
            Assert.InRange(packet.EndOffset, packet.TransportOffset, frame.Length);
            Assert.InRange(packet.PayloadOffset + packet.PayloadBytes, packet.PayloadOffset, packet.EndOffset);
            RelayRewriter.CompleteChecksum(frame, packet);
            foreach (TargetRewrite rewrite in rewrites)
            {
                if (RelayRewriter.TryRewrite(frame, packet, rewrite, out RelayFrame result, out _) && result.IsOversize)
                {
                    var fragmenter = new RelayFragmenter(frame, result, packet, 68, 1);
                    int count = 0;
                    while (fragmenter.TryWriteNext(fragment, out int written))
                    {
                        Assert.InRange(written, 1, 14 + 68);
                        Assert.InRange(++count, 1, frame.Length);
                    }
                }
            }
        }

        Assert.InRange(packets, 10_000, 60_000);
    }
}
