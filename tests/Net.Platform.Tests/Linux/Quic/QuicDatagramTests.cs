using Net.Platform.Linux;
using Net.Testing;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>DATAGRAM frames and the size of the path.</summary>
public sealed class QuicDatagramTests
{
    [Fact]
    public void Datagrams_arrive_as_they_were_sent_in_both_directions()
    {
        using QuicPair pair = QuicPair.Connected();
        var random = new Random(20261101);
        byte[][] sent = [.. Enumerable.Range(0, 200).Select(_ => new byte[random.Next(1, pair.Client.MaxDatagramBytes + 1)])];
        foreach (byte[] data in sent)
        {
            random.NextBytes(data);
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, data));
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: false, data));
            pair.RunFor(5 * QuicPair.Millisecond);
        }

        Assert.Equal(sent, pair.ServerEvents.Datagrams);
        Assert.Equal(sent, pair.ClientEvents.Datagrams);
    }

    [Fact]
    public void Head_and_body_are_one_datagram()
    {
        using QuicPair pair = QuicPair.Connected();
        byte[] buffer = new byte[1500];

        pair.Client.WriteDatagram(buffer, [1, 2], [3, 4, 5], pair.Now, out int both, out bool accepted);
        pair.Send(buffer[..both], toServer: true);
        pair.Client.WriteDatagram(buffer, default, [6], pair.Now, out int body, out _);
        pair.Send(buffer[..body], toServer: true);
        pair.RunFor(QuicPair.Second);

        Assert.True(accepted);
        Assert.Equal([[1, 2, 3, 4, 5], [6]], pair.ServerEvents.Datagrams);
    }

    [Fact]
    public void An_empty_datagram_is_refused_before_the_library_sees_it()
    {
        using QuicPair pair = QuicPair.Connected();

        Assert.Throws<ArgumentException>(() => pair.Client.WriteDatagram(new byte[1500], default, default, pair.Now, out _, out _));

        Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, [1]));
    }

    [Fact]
    public void A_buffer_too_small_for_any_packet_is_refused_before_the_library_sees_it()
    {
        using QuicPair pair = QuicPair.Connected();

        Assert.Throws<ArgumentException>(() => pair.Client.WriteDatagram(new byte[1471], [1], default, pair.Now, out _, out _));
        Assert.Throws<ArgumentException>(() => pair.Client.Write(new byte[1471], pair.Now, out _));
    }

    [Theory]
    [InlineData(1472, 1438)]
    [InlineData(1200, 1166)]
    [InlineData(9000, 8966)]
    [InlineData(65527, 65490)]
    public void The_largest_datagram_fits_exactly_and_one_byte_more_is_too_large(int payload, int expected)
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { DiscoverMtu = false, MaxUdpPayloadBytes = payload });
        pair.RunFor(QuicPair.Second);
        int largest = pair.Client.MaxDatagramBytes;

        QuicResult result = pair.SendDatagram(fromClient: true, new byte[largest]);
        pair.RunFor(QuicPair.Second);

        Assert.InRange(largest, expected - 4, expected + 4);
        Assert.Equal(payload, pair.Client.PathMtuBytes);
        Assert.Equal(QuicResult.Ok, result);
        Assert.Equal(largest, Assert.Single(pair.ServerEvents.Datagrams).Length);
        Assert.Equal(QuicResult.TooLarge, pair.SendDatagram(fromClient: true, new byte[largest + 1]));
        Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, new byte[largest]));
    }

    [Fact]
    public void A_peer_without_datagrams_is_known_and_still_a_peer()
    {
        using QuicPair pair = QuicPair.Connected(server: new QuicOptions { AllowDatagrams = false });

        Assert.Equal(0, pair.Client.MaxDatagramBytes);
        Assert.True(pair.Server!.MaxDatagramBytes > 1000);
        Assert.Equal(QuicResult.TooLarge, pair.SendDatagram(fromClient: true, [1]));
        Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: false, [1]));
        pair.RunFor(QuicPair.Second);
        Assert.Single(pair.ClientEvents.Datagrams);
    }

    [Fact]
    public void Nothing_is_a_datagram_before_the_handshake()
    {
        using var pair = new QuicPair();

        Assert.Equal(QuicResult.TooLarge, pair.SendDatagram(fromClient: true, [1]));
        pair.Run(() => pair.IsUp);
    }

    [Theory]
    [InlineData(1472, 1472)]
    [InlineData(1432, 1432)]
    [InlineData(1399, 1392)]
    [InlineData(1280, 1252)]
    [InlineData(1200, 1200)]
    public void The_size_of_the_path_is_found_over_a_link_that_drops_larger_packets(int link, int expected)
    {
        using var pair = new QuicPair();
        pair.Passes = (packet, _) => packet.Length <= link;
        pair.Run(() => pair.IsUp);
        Assert.Equal(1200, pair.Client.PathMtuBytes);

        pair.RunFor(30 * QuicPair.Second);

        Assert.Equal((expected, expected), (pair.Client.PathMtuBytes, pair.Server!.PathMtuBytes));
        Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, new byte[pair.Client.MaxDatagramBytes]));
        pair.RunFor(QuicPair.Second);
        Assert.Single(pair.ServerEvents.Datagrams);
    }

    [Fact]
    public void A_large_link_is_used_up_to_the_limit()
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { MaxUdpPayloadBytes = 8972 });

        pair.RunFor(QuicPair.Second);

        Assert.Equal(8972, pair.Client.PathMtuBytes);
    }

    [Theory]
    [InlineData(1200)]
    [InlineData(1201)]
    [InlineData(1472)]
    [InlineData(65527)]
    public void Probes_are_above_the_least_and_never_above_the_limit(int limit)
    {
        Span<ushort> probes = stackalloc ushort[QuicSettings.MaxProbes];

        int count = QuicSettings.ListProbes(limit, probes);

        Assert.Equal(limit, probes[0]);
        for (int index = 1; index < count; index++)
        {
            Assert.InRange(probes[index], 1201, limit - 1);
        }
    }

    [Theory]
    [InlineData(QuicCongestionControl.Cubic)]
    [InlineData(QuicCongestionControl.Bbr)]
    public void A_full_congestion_window_blocks_until_packets_are_acknowledged(QuicCongestionControl control)
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { CongestionControl = control });
        byte[] data = new byte[1000];
        int sent = 0;
        while (pair.SendDatagram(fromClient: true, data) == QuicResult.Ok)
        {
            Assert.True(++sent < 10_000);
        }

        pair.RunFor(QuicPair.Second);

        Assert.InRange(sent, 5, 1000);
        Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, data));
    }

    [Fact]
    public void Nothing_is_allocated_for_100_000_datagrams()
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { DiscoverMtu = false });
        var loop = new QuicLoop(pair);
        loop.Run(5_000);

        int sent = 5_000;
        Assert.Equal(0, Allocations.Least(() =>
        {
            loop.Run(100_000);
            sent += 100_000;
        }));
        Assert.Equal(sent, pair.ServerEvents.DatagramCount);
    }
}
