using System.Net;
using Net.Worker.Tests.Support;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Sessions;

/// <summary>Packets that pass through a node or choose between several.</summary>
public abstract class RoutingTests(int shards) : ShardedTests(shards)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_hub_passes_packets_between_two_spokes_only_when_it_forwards(bool forwards)
    {
        using var hub = new OverlayNode(9, "hub");
        using OverlayNode a = Spoke(1, hub, out OverlayModel modelA, other: 2);
        using OverlayNode b = Spoke(2, hub, out OverlayModel modelB, other: 1);
        hub.Start(hub.ModelOf(a.AsPeer(0), b.AsPeer(1)) with { Forwards = forwards });
        a.Start(modelA);
        b.Start(modelB);
        a.WaitUntilUp();
        b.WaitUntilUp();
        hub.WaitUntilUp(0);
        hub.WaitUntilUp(1);

        a.Host.Send(TestPackets.UdpText(a.Address, b.Address, "through the hub", ttl: 64));

        if (!forwards)
        {
            hub.Inbox.WaitForDrops(DropReason.NoRoute, 1);
            return;
        }

        byte[] received = b.Host.Receive();
        Assert.Equal("through the hub", TestPackets.Text(received));
        Assert.Equal(63, TestPackets.Ttl(received));
    }

    [Fact]
    public void A_packet_whose_hop_limit_runs_out_at_the_hub_draws_an_error_to_its_sender()
    {
        using var hub = new OverlayNode(9, "hub");
        using OverlayNode a = Spoke(1, hub, out OverlayModel modelA, other: 2);
        using OverlayNode b = Spoke(2, hub, out OverlayModel modelB, other: 1);
        hub.Start(hub.ModelOf(a.AsPeer(0), b.AsPeer(1)) with { Forwards = true });
        a.Start(modelA);
        b.Start(modelB);
        a.WaitUntilUp();
        hub.WaitUntilUp(1);

        a.Host.Send(TestPackets.UdpText(a.Address, b.Address, "short of breath", ttl: 1));

        byte[] error = a.Host.Receive();
        Assert.Equal(hub.Address, TestPackets.Source(error).ToString());
        Assert.Equal(11, TestPackets.Payload(error)[0]);
        hub.Inbox.WaitForDrops(DropReason.Ttl, 1);
    }

    [Fact]
    public void A_packet_too_large_behind_the_hub_draws_an_error_to_its_sender()
    {
        using var hub = new OverlayNode(9, "hub");
        using OverlayNode a = Spoke(1, hub, out OverlayModel modelA, other: 2);
        using OverlayNode b = Spoke(2, hub, out OverlayModel modelB, other: 1);
        using var narrow = new DatagramRelay("127.0.0.2", hub.Endpoint) { MaxDatagramBytes = 1_300 };
        hub.Start(hub.ModelOf(a.AsPeer(0), b.AsPeer(1)) with { Forwards = true });
        a.Start(modelA);
        b.Start(modelB with { Peers = [modelB.Peers[0] with { Endpoints = [narrow.Front.ToString()] }] });
        a.WaitUntilUp();
        hub.WaitUntilUp(1);
        a.Inbox.WaitForPeer(0, peer => peer.PathMtuBytes >= 1_400, "the path MTU found");

        a.Host.Send(TestPackets.UdpPacket(a.Address, b.Address, 1, 2, new byte[1_350], dontFragment: true));

        byte[] error = a.Host.Receive();
        Assert.Equal(hub.Address, TestPackets.Source(error).ToString());
        Assert.Equal([3, 4], TestPackets.Payload(error)[..2].ToArray());
    }

    [Fact]
    public void Of_two_gateways_the_preferred_one_that_is_up_is_used()
    {
        using var a = new OverlayNode(1, "berlin");
        using var first = new OverlayNode(2, "first");
        using var second = new OverlayNode(3, "second");
        foreach (OverlayNode gateway in new[] { first, second })
        {
            OverlayModel model = gateway.ModelOf(a.AsPeer(0));
            gateway.Start(model with { Routes = [.. model.Routes, new ModelRoute("192.168.50.0/24", "local", -1, 0)] });
        }

        OverlayModel own = a.ModelOf(first.AsPeer(0, first.Endpoint), second.AsPeer(1, second.Endpoint));
        a.Start(own with
        {
            Routes = [.. own.Routes, new ModelRoute("192.168.50.0/24", "gateway", 0, 10), new ModelRoute("192.168.50.0/24", "gateway", 1, 20)],
        });
        a.WaitUntilUp(0);
        a.WaitUntilUp(1);
        SendUntilReceived(a, first.Host);
        int mark = a.Inbox.Now;

        first.Stop();

        a.Inbox.WaitForPeer(0, peer => peer.State != "up", "the first gateway gone", mark);
        SendUntilReceived(a, second.Host);
    }

    [Fact]
    public void Names_are_answered_over_the_device_and_only_at_the_resolvers_address()
    {
        using OverlayPair pair = OverlayPair.Up(a: model => model with
        {
            ResolverAddresses = ["10.90.255.53"],
            Zone = "office.internal",
            Names = [new ModelName("paris", ["10.90.0.2"])],
        });
        byte[] question = DnsQuestions.ForAddress("paris.office.internal", id: 0x1234);

        pair.A.Host.Send(TestPackets.UdpPacket(pair.A.Address, "10.90.255.53", 40_000, 53, question));

        byte[] answer = pair.A.Host.Receive();
        Assert.Equal("10.90.255.53", TestPackets.Source(answer).ToString());
        ReadOnlySpan<byte> dns = TestPackets.Payload(answer);
        Assert.Equal([0x12, 0x34], dns[..2].ToArray());
        Assert.Equal([10, 90, 0, 2], dns[^4..].ToArray());
    }

    [Fact]
    public void Prefixes_told_to_a_peer_reach_its_engine_and_so_do_changes()
    {
        using OverlayPair pair = OverlayPair.Up(a: model => model with { Advertised = [new ModelPrefix("192.168.1.0/24", 5)] });
        RoutesAdvertised first = pair.B.Inbox.WaitFor<RoutesAdvertised>();
        int mark = pair.B.Inbox.Now;

        pair.A.Replace(pair.A.Model with { Advertised = [new ModelPrefix("192.168.2.0/24", 6)] });

        Assert.Equal([new ModelPrefix("192.168.1.0/24", 5)], first.Prefixes);
        RoutesAdvertised second = pair.B.Inbox.WaitFor<RoutesAdvertised>(after: mark);
        Assert.Equal([new ModelPrefix("192.168.2.0/24", 6)], second.Prefixes);
    }

    [Fact]
    public void A_newer_revocation_list_is_handed_on_to_the_peers_engine()
    {
        using OverlayPair pair = OverlayPair.Up();

        pair.A.Replace(pair.A.Model with { Revocations = [9, 9, 9], RevocationSequence = 7 });

        RevocationsReceived received = pair.B.Inbox.WaitFor<RevocationsReceived>();
        Assert.Equal([9, 9, 9], received.Revocations);
    }

    // A spoke has the other spoke's address behind the hub.
    private static OverlayNode Spoke(byte number, OverlayNode hub, out OverlayModel model, byte other)
    {
        var spoke = new OverlayNode(number);
        ModelPeer peer = hub.AsPeer(0, hub.Endpoint);
        model = spoke.ModelOf(peer with { Addresses = [.. peer.Addresses, $"10.90.0.{other}"] });
        return spoke;
    }

    // Gateways are judged a few times a second: packets before that go to the one before, and are lost.
    private static void SendUntilReceived(OverlayNode from, HostTunnel gateway)
    {
        for (int count = 0; count < 100; count++)
        {
            from.Host.Send(TestPackets.UdpText(from.Address, IPAddress.Parse("192.168.50.7").ToString(), "to the site"));
            if (gateway.TryReceive(TimeSpan.FromMilliseconds(200)) is { } packet && TestPackets.Protocol(packet) == TestPackets.Udp)
            {
                return;
            }
        }

        Assert.Fail($"nothing came out at the gateway; {from.Inbox.Describe()}");
    }
}

/// <inheritdoc />
public sealed class RoutingTestsOfOneShard() : RoutingTests(1);

/// <inheritdoc />
public sealed class RoutingTestsOfTwoShards() : RoutingTests(2);
