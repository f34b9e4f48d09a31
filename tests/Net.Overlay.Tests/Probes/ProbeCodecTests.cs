using System.Net;
using Net.Overlay.Probes;

namespace Net.Overlay.Tests.Probes;

public sealed class ProbeCodecTests
{
    private static readonly byte[] Exported = [.. Enumerable.Range(0, 64).Select(number => (byte)number)];
    private readonly PlatformCipher _cipher = new();
    private readonly ProbeCodec _client;
    private readonly ProbeCodec _server;

    public ProbeCodecTests()
    {
        _client = new ProbeCodec(_cipher, Exported, isClient: true);
        _server = new ProbeCodec(_cipher, Exported, isClient: false);
    }

    [Fact]
    public void Probes_have_the_bytes_of_the_protocol_page()
    {
        Dictionary<string, byte[]> vectors = VectorFile.Named("probes.txt");
        byte[] ping = new byte[ProbeCodec.PacketBytes];
        byte[] pong = new byte[ProbeCodec.PacketBytes];

        _client.Seal(ping, 0x1122334455667788, new ProbeMessage(ProbeKind.Ping, 0, 1000, default));
        _server.Seal(pong, 0x8877665544332211, new ProbeMessage(ProbeKind.Pong, 1, 1000, Endpoint("192.0.2.1:4242")));

        Assert.Equal(Convert.ToHexStringLower(vectors["Ping"]), Convert.ToHexStringLower(ping));
        Assert.Equal(Convert.ToHexStringLower(vectors["Pong"]), Convert.ToHexStringLower(pong));
    }

    [Theory]
    [InlineData("192.0.2.1:4242")]
    [InlineData("[2001:db8::1]:65535")]
    public void A_probe_comes_back_as_it_was(string endpoint)
    {
        var message = new ProbeMessage(ProbeKind.Pong, 77, -5, Endpoint(endpoint));
        byte[] packet = new byte[ProbeCodec.PacketBytes];
        ulong sent = _server.Seal(packet, 5, message);

        Assert.Equal(ProbeOpenResult.Ok, _client.TryOpen(packet, out ProbeMessage read, out ulong sequence));

        Assert.Equal((message, sent), (read, sequence));
        Assert.Equal(endpoint, read.Observed.ToString());
        Assert.True(ProbeCodec.TryReadConnectionId(packet, out ulong id));
        Assert.Equal(5UL, id);
        Assert.Equal(0, packet[0] & 0xc0);
    }

    [Fact]
    public void A_probe_is_opened_once_and_only_by_the_other_side()
    {
        byte[] packet = new byte[ProbeCodec.PacketBytes];
        _client.Seal(packet, 5, new ProbeMessage(ProbeKind.Ping, 0, 1, default));

        Assert.Equal(ProbeOpenResult.NotAuthentic, _client.TryOpen(packet, out _, out _));
        Assert.Equal(ProbeOpenResult.Ok, _server.TryOpen(packet, out _, out _));
        Assert.Equal(ProbeOpenResult.Replayed, _server.TryOpen(packet, out _, out _));
        Assert.Equal(1, _server.Rejected);
    }

    [Fact]
    public void A_probe_with_any_bit_changed_is_refused()
    {
        byte[] packet = new byte[ProbeCodec.PacketBytes];
        _client.Seal(packet, 5, new ProbeMessage(ProbeKind.Ping, 0, 1, default));

        for (int bit = 0; bit < packet.Length * 8; bit++)
        {
            byte[] changed = [.. packet];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Contains(_server.TryOpen(changed, out _, out _), new[] { ProbeOpenResult.NotAuthentic, ProbeOpenResult.Malformed });
        }

        Assert.Equal(ProbeOpenResult.Ok, _server.TryOpen(packet, out _, out _));
    }

    [Fact]
    public void Whatever_bytes_come_nothing_is_opened_and_nothing_throws()
    {
        byte[] packet = new byte[ProbeCodec.PacketBytes];
        _client.Seal(packet, 5, new ProbeMessage(ProbeKind.Ping, 0, 1, default));
        var random = new Random(9);

        for (int round = 0; round < 20_000; round++)
        {
            byte[] data = Membership.Mutation.Of(packet, random);
            if (!data.AsSpan().SequenceEqual(packet))
            {
                Assert.NotEqual(ProbeOpenResult.Ok, _server.TryOpen(data, out _, out _));
            }
        }
    }

    [Fact]
    public void The_window_accepts_each_sequence_once_like_a_set_would()
    {
        var random = new Random(10);
        var window = new ReplayWindow();
        HashSet<ulong> seen = [];
        ulong highest = 0;
        ulong center = 1;

        for (int round = 0; round < 100_000; round++)
        {
            center += (ulong)random.Next(3) + (random.Next(500) == 0 ? 1000UL : 0UL);
            ulong sequence = (ulong)Math.Max(0L, (long)center + random.Next(-400, 30));
            bool expected = (sequence > highest || highest - sequence < ReplayWindow.Sequences || seen.Count == 0) && !seen.Contains(sequence);

            Assert.Equal(expected, window.TryAccept(sequence));

            if (expected)
            {
                seen.Add(sequence);
                highest = Math.Max(highest, sequence);
                Assert.Equal(highest, window.Highest);
            }
        }
    }

    [Fact]
    public void A_mapped_address_is_the_IPv4_address_in_it()
    {
        PathEndpoint mapped = PathEndpoint.From(new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 4242));

        Assert.True(mapped.IsIPv4);
        Assert.Equal(Endpoint("192.0.2.1:4242"), mapped);
        Assert.NotEqual(Endpoint("192.0.2.1:4243"), mapped);
        Assert.NotEqual(Endpoint("[::c000:201]:4242"), mapped);
        Assert.True(default(PathEndpoint).IsNone);
    }

    private static PathEndpoint Endpoint(string text) => PathEndpoint.From(IPEndPoint.Parse(text));
}
