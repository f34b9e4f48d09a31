using System.Collections.Concurrent;
using System.Diagnostics;
using Net.Overlay.Sharding;
using Net.Platform.Linux;
using Net.Worker.Tests.Support;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Sessions;

/// <summary>What peers of several shards of one worker have to do with each other.</summary>
public sealed class ShardTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hub_keeps_a_flow_between_peers_of_two_shards_in_one_place(bool isSwapped)
    {
        byte[] numbers = [NumberIn(0, 3), NumberIn(2, 3)];
        using var hub = new OverlayNode(200, "hub", shards: 3);
        using OverlayNode a = Spoke(numbers[0], hub, numbers[1], out OverlayModel modelA);
        using OverlayNode b = Spoke(numbers[1], hub, numbers[0], out OverlayModel modelB);
        ModelPeer[] peers = isSwapped ? [b.AsPeer(0), a.AsPeer(1)] : [a.AsPeer(0), b.AsPeer(1)];
        hub.Start(hub.ModelOf(peers) with { Forwards = true, Rules = [new ModelRule { Name = "one way", Allow = true, From = [a.Name], To = [b.Name] }] });
        a.Start(modelA);
        b.Start(modelB);
        a.WaitUntilUp();
        b.WaitUntilUp();

        a.Host.Send(TestPackets.UdpPacket(a.Address, b.Address, 1_000, 2_000, "asked"u8, ttl: 64));
        byte[] asked = b.Host.Receive();
        b.Host.Send(TestPackets.UdpPacket(b.Address, a.Address, 2_000, 1_000, "answered"u8));
        byte[] answered = a.Host.Receive();
        b.Host.Send(TestPackets.UdpPacket(b.Address, a.Address, 2_001, 1_000, "not asked for"u8));

        Assert.Equal(("asked", (byte)63), (TestPackets.Text(asked), TestPackets.Ttl(asked)));
        Assert.Equal(("answered", (byte)63), (TestPackets.Text(answered), TestPackets.Ttl(answered)));
        hub.Inbox.WaitForDrops(DropReason.Policy, 1);
        Assert.Null(a.Host.TryReceive(TimeSpan.FromMilliseconds(50)));
        hub.Inbox.WaitFor<OverlayReport>(report => report.RuleMatches is [1, 1], "the counts of both shards");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Errors_of_the_hub_reach_the_sender_of_another_shard(bool isSwapped)
    {
        byte[] numbers = [NumberIn(1, 2), NumberIn(0, 2)];
        using var hub = new OverlayNode(200, "hub", shards: 2);
        using OverlayNode a = Spoke(numbers[0], hub, numbers[1], out OverlayModel modelA);
        using OverlayNode b = Spoke(numbers[1], hub, numbers[0], out OverlayModel modelB);
        hub.Start(hub.ModelOf(isSwapped ? [b.AsPeer(0), a.AsPeer(1)] : [a.AsPeer(0), b.AsPeer(1)]) with { Forwards = true });
        a.Start(modelA);
        b.Start(modelB, start => start.MtuBytes = 1_300);
        a.WaitUntilUp();
        b.WaitUntilUp();

        a.Host.Send(TestPackets.UdpText(a.Address, b.Address, "short of breath", ttl: 1));
        byte[] error = a.Host.Receive();

        Assert.Equal((hub.Address, 11), (TestPackets.Source(error).ToString(), TestPackets.Payload(error)[0]));
    }

    [Fact]
    public void A_packet_reaches_its_peer_whichever_queue_it_was_read_of()
    {
        using var hub = new OverlayNode(200, "hub", shards: 4);
        OverlayNode[] spokes = [.. Enumerable.Range(1, 6).Select(number => new OverlayNode((byte)number, shards: 1 + (number % 3)))];
        try
        {
            hub.Start(hub.ModelOf([.. spokes.Select((spoke, index) => spoke.AsPeer(index))]));
            foreach (OverlayNode spoke in spokes)
            {
                spoke.Start(spoke.ModelOf(hub.AsPeer(0, hub.Endpoint)));
            }

            for (int index = 0; index < spokes.Length; index++)
            {
                hub.WaitUntilUp(index);
                for (int queue = 0; queue < 4; queue++)
                {
                    hub.Host.Send(TestPackets.UdpText(hub.Address, spokes[index].Address, $"to {index} by {queue}"), queue);
                    Assert.Equal($"to {index} by {queue}", TestPackets.Text(spokes[index].Host.Receive()));
                }

                spokes[index].WaitUntilUp();
                spokes[index].Host.Send(TestPackets.UdpText(spokes[index].Address, hub.Address, $"from {index}"));
                Assert.Equal($"from {index}", TestPackets.Text(hub.Host.Receive()));
            }

            OverlayReport report = hub.Inbox.WaitFor<OverlayReport>(report => report.Shards.Length == 4 && report.Shards.Sum(shard => shard.HandedOver) >= 18, "18 packets handed over");
            Assert.Equal(6, report.Shards.Sum(shard => shard.Peers));
            Assert.All(report.Shards, shard => Assert.Equal(
                spokes.Count(spoke => ShardSteering.ShardOf(ShardSteering.BucketOf(spoke.PublicKey), 4) == shard.Index), shard.Peers));
            Assert.Equal(0, report.Drops[(int)DropReason.Handover]);
        }
        finally
        {
            Array.ForEach(spokes, spoke => spoke.Dispose());
        }
    }

    [Fact]
    public void Commands_about_a_peer_go_to_its_shard_and_streams_come_back_from_it()
    {
        using var hub = new OverlayNode(200, "hub", shards: 3);
        OverlayNode[] spokes = [.. Enumerable.Range(0, 3).Select(shard => new OverlayNode(NumberIn(shard, 3), shards: 3))];
        try
        {
            hub.Start(hub.ModelOf([.. spokes.Select((spoke, index) => spoke.AsPeer(index))]));
            for (int index = 0; index < spokes.Length; index++)
            {
                OverlayNode spoke = spokes[index];
                spoke.Start(spoke.ModelOf(hub.AsPeer(0, hub.Endpoint)));
                hub.WaitUntilUp(index);
                spoke.WaitUntilUp();

                hub.Inbox.Send(new TestPeer(100 + index, index, 1, TimeSpan.FromSeconds(10), null, Mtu: false));
                Assert.Null(hub.Inbox.WaitFor<PeerTested>(tested => tested.RequestId == 100 + index).Problem);

                hub.Inbox.Send(new OpenApplicationStream(index + 1, index, "chat/1"));
                Assert.Null(hub.Inbox.WaitFor<ApplicationStreamOpened>(opened => opened.StreamId == index + 1).Problem);
                hub.Inbox.Send(new WriteApplicationStream(index + 1, [1, 2, 3], IsFinal: false));
                ApplicationStreamReceived received = spoke.Inbox.WaitFor<ApplicationStreamReceived>();
                Assert.Equal([1, 2, 3], received.Data);
                spoke.Inbox.Send(new WriteApplicationStream(received.StreamId, [4], IsFinal: true));
                Assert.Equal([4], hub.Inbox.WaitFor<ApplicationStreamReceived>(answer => answer.StreamId == index + 1).Data);
            }
        }
        finally
        {
            Array.ForEach(spokes, spoke => spoke.Dispose());
        }
    }

    [Fact]
    public void Whoever_comes_to_a_shard_that_does_not_have_it_is_refused_with_the_reason()
    {
        using var hub = new OverlayNode(200, "hub", shards: 2);
        using var spoke = new OverlayNode(NumberIn(1, 2));
        hub.Start(hub.ModelOf(spoke.AsPeer(0)));
        using var client = new RawClient(spoke.Seed, firstIdByte: 0, hub.Endpoint);

        var time = Stopwatch.StartNew();
        while (client.End is null && time.Elapsed < Bounds.Wait)
        {
            client.Pump();
            Thread.Yield();
        }

        Assert.Contains("a shard that does not have it", client.End, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hundred_clients_get_in_each_at_its_own_shard()
    {
        const int count = 200;
        using var hub = new OverlayNode(200, "hub", shards: 3);
        byte[][] seeds = [.. Enumerable.Range(0, count).Select(number => (byte[])[.. BitConverter.GetBytes(number), .. new byte[28]])];
        byte[][] keys = [.. seeds.Select(seed =>
        {
            byte[] key = new byte[32];
            Ed25519.GetPublicKey(seed, key);
            return key;
        })];
        hub.Start(hub.ModelOf([.. keys.Select((key, index) => new ModelPeer { Index = index, Name = $"p{index}", PublicKey = key, Addresses = [$"10.91.0.{index}"] })]));
        RawClient[] clients = [.. seeds.Select((seed, index) => new RawClient(seed, ShardSteering.BucketOf(keys[index]), hub.Endpoint))];
        try
        {
            var time = Stopwatch.StartNew();
            while (!clients.All(client => client.IsConfirmed) && time.Elapsed < Bounds.Wait)
            {
                Array.ForEach(clients, client => client.Pump());
                Thread.Yield();
            }

            Assert.All(clients, client => Assert.Null(client.End));
            Assert.All(clients, client => Assert.True(client.IsConfirmed));
            hub.Inbox.WaitFor<OverlayReport>(report => report.Handshakes == count, $"{count} handshakes");
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_stateless_reset_is_found_whichever_shard_it_comes_to(byte first)
    {
        var captured = new ConcurrentQueue<byte[]>();
        using var a = new OverlayNode(1, "berlin", shards: 3);
        using var b = new OverlayNode(2, "paris", shards: 3);
        using var path = new DatagramRelay("127.0.0.2", b.Endpoint) { Seen = captured.Enqueue };
        b.Start(b.ModelOf(a.AsPeer(0)), Steady);
        a.Start(a.ModelOf(b.AsPeer(0, path.Front)), Steady);
        a.WaitUntilUp();
        b.WaitUntilUp();
        a.Host.Send(TestPackets.UdpText(a.Address, b.Address, "before"));
        Assert.Equal("before", TestPackets.Text(b.Host.Receive()));
        using var credentials = new QuicCredentials(OverlayNode.SeedOf(2));
        byte[] reset = new byte[64];
        int length = credentials.WriteStatelessReset(reset, captured.Last(datagram => (datagram[0] & 0xC0) == 0x40));

        // All but the token at its end is random (RFC 9000 section 10.3).
        reset[1] = first;
        path.SendToCaller(reset.AsSpan(0, length));

        a.Inbox.WaitForPeer(0, peer => peer is { State: "up", Connections: 2 }, "a new connection");
    }

    [Fact]
    public void A_gateway_of_another_shard_is_passed_over_when_it_is_down()
    {
        using var a = new OverlayNode(200, "berlin", shards: 2);
        using var first = new OverlayNode(NumberIn(0, 2), "first");
        using var second = new OverlayNode(NumberIn(1, 2), "second");
        foreach (OverlayNode gateway in new[] { first, second })
        {
            OverlayModel model = gateway.ModelOf(a.AsPeer(0));
            gateway.Start(model with { Routes = [.. model.Routes, new ModelRoute("192.168.50.0/24", "local", -1, 0)] });
        }

        OverlayModel own = a.ModelOf(first.AsPeer(0, first.Endpoint), second.AsPeer(1, second.Endpoint));
        a.Start(own with { Routes = [.. own.Routes, new ModelRoute("192.168.50.0/24", "gateway", 0, 10), new ModelRoute("192.168.50.0/24", "gateway", 1, 20)] });
        a.WaitUntilUp(0);
        a.WaitUntilUp(1);
        for (int queue = 0; queue < 2; queue++)
        {
            SendUntilReceived(a, first.Host, queue);
        }

        first.Stop();

        for (int queue = 0; queue < 2; queue++)
        {
            SendUntilReceived(a, second.Host, queue);
        }
    }

    [Fact]
    public void A_node_the_engine_has_to_be_asked_about_ends_up_at_its_shard()
    {
        using var hub = new OverlayNode(200, "hub", shards: 3);
        using var spoke = new OverlayNode(NumberIn(2, 3));
        hub.Start(hub.ModelOf() with { AcceptsUnknown = true });
        spoke.Start(spoke.ModelOf(hub.AsPeer(0, hub.Endpoint)));

        AuthorizePeer question = hub.Inbox.WaitFor<AuthorizePeer>();
        hub.Replace(hub.ModelOf(spoke.AsPeer(0)));
        hub.Inbox.Send(new PeerAuthorized(question.RequestId, 0, string.Empty));

        hub.WaitUntilUp();
        spoke.WaitUntilUp();
        spoke.Host.Send(TestPackets.UdpText(spoke.Address, hub.Address, "welcome"));
        Assert.Equal("welcome", TestPackets.Text(hub.Host.Receive()));
    }

    // A node whose peers have it in a shard.
    private static byte NumberIn(int shard, int shards)
    {
        byte[] key = new byte[32];
        for (byte number = 1; number < 200; number++)
        {
            Ed25519.GetPublicKey(OverlayNode.SeedOf(number), key);
            if (ShardSteering.ShardOf(ShardSteering.BucketOf(key), shards) == shard)
            {
                return number;
            }
        }

        throw new InvalidOperationException($"no node for shard {shard} of {shards}");
    }

    private static OverlayNode Spoke(byte number, OverlayNode hub, byte other, out OverlayModel model)
    {
        var spoke = new OverlayNode(number);
        ModelPeer peer = hub.AsPeer(0, hub.Endpoint);
        model = spoke.ModelOf(peer with { Addresses = [.. peer.Addresses, $"10.90.0.{other}"] });
        return spoke;
    }

    // Nothing but what a test does makes another connection: on a loaded machine a round trip may ask for other congestion control.
    private static void Steady(StartOverlay start) => start.CongestionControl = "cubic";

    // Gateways are judged a few times a second: packets before that go to the one before, and are lost.
    private static void SendUntilReceived(OverlayNode from, HostTunnel gateway, int queue)
    {
        for (int count = 0; count < 100; count++)
        {
            from.Host.Send(TestPackets.UdpText(from.Address, "192.168.50.7", "to the site"), queue);
            if (gateway.TryReceive(TimeSpan.FromMilliseconds(200)) is { } packet && TestPackets.Protocol(packet) == TestPackets.Udp)
            {
                return;
            }
        }

        Assert.Fail($"nothing came out at the gateway; {from.Inbox.Describe()}");
    }
}
