using Net.Overlay.Flows;

namespace Net.Overlay.Tests.Flows;

public sealed class FlowKeyTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("fd00::1", "fd00::2")]
    public void A_key_is_read_from_a_packet(string source, string destination)
    {
        Assert.True(FlowKey.TryRead(Packets.Tcp(source, 4000, destination, 22, Packets.Syn), out FlowKey key));

        Assert.Equal(source, key.SourceAddress().ToString());
        Assert.Equal(destination, key.DestinationAddress().ToString());
        Assert.Equal((4000, 22, 6), (key.SourcePort, key.DestinationPort, key.Protocol));
        Assert.Equal(source.Contains(':', StringComparison.Ordinal) ? 6 : 4, key.Version);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("10.0.0.2", "10.0.0.1")]
    [InlineData("fd00::1", "fd00::2")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    public void Both_directions_have_one_canonical_key(string source, string destination)
    {
        FlowKey.TryRead(Packets.Udp(source, 4000, destination, 53), out FlowKey there);
        FlowKey.TryRead(Packets.Udp(destination, 53, source, 4000), out FlowKey back);

        Assert.Equal(back, there.Reversed);
        Assert.True(there.Canonical(out bool isThereSwapped) == back.Canonical(out bool isBackSwapped));
        Assert.NotEqual(isThereSwapped, isBackSwapped);
        Assert.Equal(there.Canonical(out _).Hash(7), back.Canonical(out _).Hash(7));
        Assert.NotEqual(there.Hash(7), there.Hash(8));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2", 8, 0)]
    [InlineData("fd00::1", "fd00::2", 128, 129)]
    public void An_echo_reply_is_the_reverse_of_its_request_and_a_request_the_other_way_is_not(string source, string destination, byte request, byte reply)
    {
        FlowKey.TryRead(Packets.Icmp(source, destination, request, 77), out FlowKey asked);
        FlowKey.TryRead(Packets.Icmp(destination, source, reply, 77), out FlowKey answered);
        FlowKey.TryRead(Packets.Icmp(destination, source, request, 77), out FlowKey other);

        Assert.Equal(asked.Reversed, answered);
        Assert.NotEqual(asked.Reversed, other);
    }

    [Fact]
    public void Extension_headers_are_walked_to_the_ports()
    {
        byte[] udp = Packets.Udp("fd00::1", 4000, "fd00::2", 53)[40..];
        byte[] packet = Packets.Ip("fd00::1", "fd00::2", 0, [60, 0, 1, 4, 0, 0, 0, 0, 17, 1, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. udp]);

        Assert.True(FlowKey.TryRead(packet, out FlowKey key));

        Assert.Equal((4000, 53, 17), (key.SourcePort, key.DestinationPort, key.Protocol));
    }

    [Fact]
    public void A_chain_of_extension_headers_has_an_end()
    {
        byte[] many = [.. Enumerable.Repeat(new byte[] { 60, 0, 1, 4, 0, 0, 0, 0 }, 9).SelectMany(header => header), .. new byte[8]];

        Assert.False(FlowKey.TryRead(Packets.Ip("fd00::1", "fd00::2", 60, many), out _));
    }

    [Fact]
    public void A_type_0_routing_header_is_refused()
    {
        byte[] udp = Packets.Udp("fd00::1", 4000, "fd00::2", 53)[40..];

        Assert.False(FlowKey.TryRead(Packets.Ip("fd00::1", "fd00::2", 43, [17, 0, 0, 1, 0, 0, 0, 0, .. udp]), out _));
        Assert.True(FlowKey.TryRead(Packets.Ip("fd00::1", "fd00::2", 43, [17, 0, 0, 0, 0, 0, 0, 0, .. udp]), out _));
    }

    [Fact]
    public void Whatever_is_cut_off_is_refused()
    {
        foreach (byte[] packet in new[] { Packets.Tcp("10.0.0.1", 1, "10.0.0.2", 2, Packets.Syn), Packets.Udp("fd00::1", 1, "fd00::2", 2), Packets.Icmp("10.0.0.1", "10.0.0.2", 8, 1) })
        {
            for (int length = 0; length < packet.Length; length++)
            {
                Assert.False(FlowKey.TryRead(packet.AsSpan(0, length), out _), $"{length} bytes of {packet.Length}");
            }
        }
    }

    [Fact]
    public void A_fragment_that_would_write_over_tcp_flags_is_refused()
    {
        byte[] packet = Packets.Tcp("10.0.0.1", 4000, "10.0.0.2", 22, Packets.Syn, payload: 40);
        byte[] later = Packets.Split(packet, 8).Later;

        Assert.False(FlowKey.TryRead(later, out _));
    }

    [Fact]
    public void Bytes_of_any_kind_are_read_or_refused_and_never_thrown_at()
    {
        var random = new Random(11);
        byte[][] corpus = Corpus.Read("packets");
        int read = 0;
        for (int count = 0; count < 200_000; count++)
        {
            byte[] packet = Corpus.Mutate(corpus[random.Next(corpus.Length)], random);
            if (FlowKey.TryRead(packet, out FlowKey key))
            {
                read++;
                Assert.Equal(key, key.Reversed.Reversed);
                Assert.Equal(key.IsIPv6 ? 6 : 4, packet[0] >> 4);
            }
        }

        Assert.InRange(read, 1000, 199_000);
    }
}
