using System.Buffers.Binary;
using Net.Worker.Tests.Support;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Sessions;

/// <summary>Packets between two nodes.</summary>
public abstract class CarriageTests(int shards) : ShardedTests(shards)
{
    [Fact]
    public void Packets_flow_both_ways_once_the_peers_know_each_other()
    {
        using OverlayPair pair = OverlayPair.Up();

        pair.Exchange("hello");
        pair.A.Host.Send(TestPackets.UdpText(pair.A.Address6, pair.B.Address6, "six"));

        Assert.Equal("six", TestPackets.Text(pair.B.Host.Receive()));
        PeerReport report = pair.A.Inbox.WaitForPeer(0, peer => peer.SentBytes > 0 && peer.ReceivedBytes > 0 && peer.RoundTripTime is not null, "traffic in a report");
        Assert.Equal("datagram", report.Carriage);
        Assert.Equal(pair.B.Endpoint.ToString(), report.RemoteEndpoint);
    }

    [Fact]
    public void Without_datagrams_on_one_side_packets_travel_on_a_stream()
    {
        using OverlayPair pair = OverlayPair.Up(startB: start => start.Datagrams = false);

        for (int count = 0; count < 50; count++)
        {
            pair.Exchange($"packet {count}");
        }

        PeerReport report = pair.A.Inbox.WaitForPeer(0, peer => peer.SentBytes > 0 && peer.Carriage is not null, "traffic in a report");
        Assert.Equal("stream", report.Carriage);
    }

    [Fact]
    public void A_packet_too_large_for_the_path_draws_an_icmp_error_that_names_the_size()
    {
        using OverlayPair pair = OverlayPair.Up(startA: start => start.MaxUdpPayloadBytes = 1350);
        byte[] packet = TestPackets.UdpPacket(pair.A.Address, pair.B.Address, 1, 2, new byte[1372], dontFragment: true);

        pair.A.Host.Send(packet);

        byte[] error = pair.A.Host.Receive();
        Assert.Equal(TestPackets.Icmp, TestPackets.Protocol(error));
        Assert.Equal([3, 4], TestPackets.Payload(error)[..2].ToArray());
        int mtu = BinaryPrimitives.ReadUInt16BigEndian(TestPackets.Payload(error)[6..]);
        Assert.InRange(mtu, 1280, 1350);
        pair.A.Inbox.WaitForDrops(DropReason.TooBig, 1);
        byte[] fitting = TestPackets.UdpPacket(pair.A.Address, pair.B.Address, 1, 2, new byte[mtu - 28], dontFragment: true);
        pair.A.Host.Send(fitting);
        Assert.Equal(mtu, pair.B.Host.Receive().Length);
    }

    [Fact]
    public void A_path_below_the_inner_minimum_carries_packets_in_fragments()
    {
        using OverlayPair pair = OverlayPair.Up(startA: start => start.MaxUdpPayloadBytes = 1222, startB: start => start.MaxUdpPayloadBytes = 1222);
        byte[] payload = new byte[1280 - 48];
        new Random(7).NextBytes(payload);

        pair.A.Host.Send(TestPackets.UdpPacket(pair.A.Address6, pair.B.Address6, 1, 2, payload));

        byte[] received = pair.B.Host.Receive();
        Assert.Equal(payload, TestPackets.Payload(received).ToArray());
    }

    [Fact]
    public void A_packet_for_an_address_nobody_has_draws_an_icmp_error_and_is_counted()
    {
        using OverlayPair pair = OverlayPair.Up();

        pair.A.Host.Send(TestPackets.UdpText(pair.A.Address, "10.90.7.7", "nobody"));

        Assert.Equal(3, TestPackets.Payload(pair.A.Host.Receive())[0]);
        pair.A.Inbox.WaitForDrops(DropReason.NoRoute, 1);
    }

    [Fact]
    public void A_spoofed_inner_source_is_dropped_and_counted()
    {
        using OverlayPair pair = OverlayPair.Up();

        pair.A.Host.Send(TestPackets.UdpText("10.90.0.77", pair.B.Address, "not mine"));
        pair.A.Host.Send(TestPackets.UdpText(pair.A.Address, pair.B.Address, "mine"));

        Assert.Equal("mine", TestPackets.Text(pair.B.Host.Receive()));
        pair.B.Inbox.WaitForDrops(DropReason.Source, 1);
    }

    [Fact]
    public void Key_updates_under_traffic_lose_nothing()
    {
        using OverlayPair pair = OverlayPair.Up(startA: start => start.CongestionControl = "cubic", startB: start => start.CongestionControl = "cubic");

        for (int round = 0; round < 20; round++)
        {
            pair.A.Inbox.Send(new UpdateKeys());
            for (int count = 0; count < 25; count++)
            {
                pair.Exchange($"{round}.{count}");
            }
        }

        PeerReport report = pair.A.Inbox.WaitForPeer(0, peer => peer.SentBytes > 500, "traffic in a report");
        Assert.Equal(1, report.Connections);
    }

    [Fact]
    public void What_is_no_packet_is_dropped_and_counted()
    {
        using OverlayPair pair = OverlayPair.Up();
        var random = new Random(20);
        byte[] garbage = new byte[200];

        for (int count = 0; count < 2_000; count++)
        {
            random.NextBytes(garbage);
            pair.A.Host.Send(garbage.AsSpan(0, random.Next(garbage.Length)));
        }

        pair.A.Inbox.WaitForDrops(DropReason.Malformed, 1);
        Assert.True(pair.A.Host.TryReceive(Bounds.Absence) is null or { Length: > 0 });
        while (pair.A.Host.TryReceive(TimeSpan.Zero) is not null)
        {
            // ICMP errors about garbage that looked like packets.
        }

        pair.Exchange("still there");
    }
}

/// <inheritdoc />
public sealed class CarriageTestsOfOneShard() : CarriageTests(1);

/// <inheritdoc />
public sealed class CarriageTestsOfTwoShards() : CarriageTests(2);
