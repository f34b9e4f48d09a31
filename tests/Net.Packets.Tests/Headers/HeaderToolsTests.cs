using System.Buffers.Binary;

namespace Net.Packets.Tests.Headers;

public sealed class HeaderToolsTests
{
    private static readonly byte[] RouterV4 = [100, 64, 0, 254];
    private static readonly byte[] RouterV6 = [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 254];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_packet_is_read(bool isIPv6)
    {
        byte[] packet = new PacketBuilder { IsIPv6 = isIPv6, TrafficClass = 0xb9, Payload = [1, 2, 3] }.Build();

        Assert.True(IpPacket.TryParse([.. packet, 0xee], out IpPacket ip));

        Assert.Equal(packet, ip.Packet.ToArray());
        Assert.Equal(isIPv6 ? 6 : 4, ip.Version);
        Assert.Equal((6, 5001, 80), (ip.Protocol, ip.SourcePort, ip.DestinationPort));
        Assert.Equal((46, 1, 64), (ip.Dscp, ip.Ecn, ip.Ttl));
        Assert.Equal(isIPv6 ? 40 : 20, ip.PayloadOffset);
        Assert.Equal(isIPv6 ? 16 : 4, ip.Source.Length);
        Assert.Equal((1, 99), (ip.Source[^1], ip.Destination[^1]));
        Assert.False(ip.IsFragment);
        Assert.True(ip.DontFragment);
        Assert.Equal(23, ip.Payload.Length);
    }

    [Fact]
    public void Fragments_are_told_apart()
    {
        var builder = new PacketBuilder { Protocol = 17, Payload = [1, 2, 3, 4] };

        Assert.True(IpPacket.TryParse((builder with { Fragment = 0x2000 }).Build(), out IpPacket first));
        Assert.True(IpPacket.TryParse((builder with { Fragment = 0x0003 }).Build(), out IpPacket later));

        Assert.True(first.IsFragment && !first.IsLaterFragment && first.SourcePort == 5001);
        Assert.True(later.IsFragment && later.IsLaterFragment && later.SourcePort == 0);
        Assert.Equal(24, later.FragmentOffset);
    }

    [Fact]
    public void Extension_headers_are_walked()
    {
        byte[] udp = [0x13, 0x89, 0, 80, 0, 8, 0, 0];

        // Hop-by-hop, authentication of 12 bytes, fragment, destination options of 16 bytes.
        byte[] chain = [51, 0, 0, 0, 0, 0, 0, 0, 44, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 0, 0, 1, 0, 0, 0, 9, 17, 1, .. new byte[14], .. udp];
        byte[] packet = new PacketBuilder { IsIPv6 = true, Protocol = 0, Transport = chain }.Build();

        Assert.True(IpPacket.TryParse(packet, out IpPacket ip));
        Assert.Equal((17, 5001, 80), (ip.Protocol, ip.SourcePort, ip.DestinationPort));
        Assert.Equal(40 + 8 + 12 + 8 + 16, ip.PayloadOffset);
        Assert.True(ip.IsFragment && !ip.IsLaterFragment);
        for (int cut = 41; cut < packet.Length - udp.Length; cut++)
        {
            byte[] shorter = packet[..cut];
            BinaryPrimitives.WriteUInt16BigEndian(shorter.AsSpan(4), (ushort)(cut - 40));
            Assert.False(IpPacket.TryParse(shorter, out _), $"cut at {cut}");
        }

        byte[] endless = [.. Enumerable.Repeat<byte[]>([60, 0, 0, 0, 0, 0, 0, 0], 20).SelectMany(header => header)];
        Assert.False(IpPacket.TryParse(new PacketBuilder { IsIPv6 = true, Protocol = 60, Transport = endless }.Build(), out _));
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        byte[] v4 = new PacketBuilder { Payload = [1] }.Build();
        byte[] v6 = new PacketBuilder { IsIPv6 = true, Payload = [1] }.Build();

        Assert.False(IpPacket.TryParse(v4.AsSpan(..^1), out _));
        Assert.False(IpPacket.TryParse(v6.AsSpan(..^1), out _));
        v4[0] = 0x44;
        Assert.False(IpPacket.TryParse(v4, out _));
        v4[0] = 0x75;
        Assert.False(IpPacket.TryParse(v4, out _));
        Assert.False(IpPacket.TryParse(default, out _));
    }

    [Fact]
    public void Flows_spread_over_hashes()
    {
        HashSet<uint> hashes = [];
        for (byte host = 0; host < 100; host++)
        {
            Assert.True(IpPacket.TryParse(new PacketBuilder { Host = host, IsIPv6 = host % 2 == 0 }.Build(), out IpPacket ip));
            hashes.Add(PacketFlow.Of(ip).Hash(seed: 5) % 4096);
            Assert.NotEqual(PacketFlow.Of(ip).Hash(seed: 5), PacketFlow.Of(ip).Hash(seed: 6));
        }

        Assert.True(hashes.Count > 90, $"100 flows have {hashes.Count} different hashes of 4,096");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_time_to_live_counts_down_with_a_right_checksum(bool isIPv6)
    {
        byte[] packet = new PacketBuilder { IsIPv6 = isIPv6, Ttl = 255 }.Build();
        for (int left = 254; left > 0; left--)
        {
            Assert.True(IpTtl.Decrement(packet));
            Assert.True(IpPacket.TryParse(packet, out IpPacket ip));
            Assert.Equal(left, ip.Ttl);
            Assert.True(isIPv6 || InternetChecksum.IsValid(packet.AsSpan(0, 20)));
        }

        byte[] before = [.. packet];
        Assert.False(IpTtl.Decrement(packet));
        Assert.Equal(before, packet);
        Assert.False(IpTtl.Decrement(default));
    }

    [Theory]
    [InlineData(false, new byte[] { 2, 4, 5, 180, 1, 1, 4, 2 })]
    [InlineData(true, new byte[] { 2, 4, 5, 180, 1, 1, 4, 2 })]
    [InlineData(false, new byte[] { 1, 2, 4, 5, 180, 0, 0, 0 })]
    public void A_segment_size_is_lowered(bool isIPv6, byte[] options)
    {
        var syn = new PacketBuilder { IsIPv6 = isIPv6, Flags = 0x02, Options = options };
        byte[] packet = syn.Build();
        int at = Array.IndexOf(options, (byte)2) + 2;
        byte[] expected = [.. options];
        BinaryPrimitives.WriteUInt16BigEndian(expected.AsSpan(at), 1200);

        Assert.True(TcpMss.Clamp(packet, 1200));
        Assert.Equal((syn with { Options = expected }).Build(), packet);
        Assert.False(TcpMss.Clamp(packet, 1200));
        Assert.False(TcpMss.Clamp(packet, 1300));
    }

    [Fact]
    public void Other_packets_keep_their_segment_size()
    {
        byte[] options = [2, 4, 5, 180];

        Assert.False(TcpMss.Clamp(new PacketBuilder { Flags = 0x10, Options = options }.Build(), 1200));
        Assert.False(TcpMss.Clamp(new PacketBuilder { Flags = 0x02, Options = [3, 0, 2, 4] }.Build(), 1200));
        Assert.False(TcpMss.Clamp(new PacketBuilder { Flags = 0x02, Options = [3, 9, 2, 4] }.Build(), 1200));
        Assert.False(TcpMss.Clamp(new PacketBuilder { Flags = 0x02, Options = [0, 2, 4, 255] }.Build(), 1200));
        Assert.False(TcpMss.Clamp(new PacketBuilder { Protocol = 17, Payload = new byte[30] }.Build(), 1200));
        Assert.False(TcpMss.Clamp(new PacketBuilder { Flags = 0x02, Options = options }.Build(), 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_error_quotes_the_packet_and_has_right_checksums(bool isIPv6)
    {
        byte[] original = new PacketBuilder { IsIPv6 = isIPv6, Protocol = 17, Payload = new byte[1400] }.Build();
        byte[] router = isIPv6 ? RouterV6 : RouterV4;
        byte[] buffer = new byte[IcmpErrors.MaxBytes];

        AssertError(IcmpErrors.WritePacketTooBig(buffer, original, router, 1300), isIPv6 ? (2, 0) : (3, 4), 1300);
        AssertError(IcmpErrors.WriteTimeExceeded(buffer, original, router), isIPv6 ? (3, 0) : (11, 0), 0);
        AssertError(IcmpErrors.WriteUnreachable(buffer, original, router, IcmpUnreachable.NoRoute), isIPv6 ? (1, 0) : (3, 0), 0);
        AssertError(IcmpErrors.WriteUnreachable(buffer, original, router, IcmpUnreachable.Address), isIPv6 ? (1, 3) : (3, 1), 0);
        AssertError(IcmpErrors.WriteUnreachable(buffer, original, router, IcmpUnreachable.Port), isIPv6 ? (1, 4) : (3, 3), 0);
        AssertError(IcmpErrors.WriteUnreachable(buffer, original, router, IcmpUnreachable.Prohibited), isIPv6 ? (1, 1) : (3, 13), 0);

        void AssertError(int length, (int Type, int Code) kind, uint parameter)
        {
            Assert.Equal(isIPv6 ? 1280 : 576, length);
            Assert.True(IpPacket.TryParse(buffer.AsSpan(0, length), out IpPacket ip));
            Assert.Equal(router, ip.Source.ToArray());
            Assert.Equal(1, ip.Destination[^1]);
            Assert.Equal(kind, (ip.Payload[0], ip.Payload[1]));
            Assert.Equal(parameter, BinaryPrimitives.ReadUInt32BigEndian(ip.Payload[4..]));
            Assert.Equal(original[..(ip.Payload.Length - 8)], ip.Payload[8..].ToArray());
            ulong pseudo = isIPv6 ? PacketChecksum.PseudoHeader(ip.Packet.Slice(8, 32), 58, ip.Payload.Length) : 0;
            Assert.Equal(ushort.MaxValue, PacketChecksum.Fold(PacketChecksum.Sum(ip.Payload, pseudo)));
            Assert.True(isIPv6 || InternetChecksum.IsValid(ip.Packet[..20]));
        }
    }

    [Fact]
    public void No_error_is_made_about_what_must_not_be_answered()
    {
        var v4 = new PacketBuilder { Protocol = 17, Payload = new byte[100] };
        PacketBuilder v6 = v4 with { IsIPv6 = true };
        byte[] toGroup = v4.Build();
        toGroup[16] = 224;
        byte[] fromNobody = v4.Build();
        fromNobody.AsSpan(12, 4).Clear();
        byte[] toGroupV6 = v6.Build();
        toGroupV6[24] = 0xff;

        Assert.Equal(0, Exceeded((v4 with { Fragment = 5 }).Build()));
        Assert.Equal(0, Exceeded(toGroup));
        Assert.Equal(0, Exceeded(fromNobody));
        Assert.Equal(0, Exceeded((v4 with { Protocol = 1, Transport = [3, 1, 0, 0, 0, 0, 0, 0] }).Build()));
        Assert.Equal(0, Exceeded((v4 with { Protocol = 1, Transport = [] }).Build()));
        Assert.Equal(0, Exceeded((v6 with { Protocol = 58, Transport = [1, 0, 0, 0, 0, 0, 0, 0] }).Build()));
        Assert.Equal(0, Exceeded(toGroupV6));
        Assert.Equal(0, Exceeded([1, 2, 3]));
        Assert.Equal(0, IcmpErrors.WritePacketTooBig(new byte[1280], (v4 with { Fragment = 0 }).Build(), RouterV4, 1300));
        Assert.Equal(0, IcmpErrors.WriteTimeExceeded(new byte[1280], v4.Build(), RouterV6));
        Assert.NotEqual(0, Exceeded((v4 with { Protocol = 1, Transport = [8, 0, 0, 0, 0, 0, 0, 0] }).Build()));
        Assert.NotEqual(0, Exceeded((v6 with { Protocol = 58, Transport = [128, 0, 0, 0, 0, 0, 0, 0] }).Build()));
        Assert.NotEqual(0, IcmpErrors.WritePacketTooBig(new byte[1280], toGroupV6, RouterV6, 1300));

        static int Exceeded(byte[] packet) =>
            IcmpErrors.WriteTimeExceeded(new byte[IcmpErrors.MaxBytes], packet, packet[0] >> 4 == 6 ? RouterV6 : RouterV4);
    }
}
