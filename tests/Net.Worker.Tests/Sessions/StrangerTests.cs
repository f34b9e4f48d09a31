using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Worker.Tests.Support;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Sessions;

/// <summary>Datagrams of those who have no session.</summary>
public abstract class StrangerTests(int shards) : ShardedTests(shards)
{
    [Fact]
    public void Random_damaged_cut_and_replayed_datagrams_change_nothing_but_counters()
    {
        var captured = new ConcurrentQueue<byte[]>();
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        using var path = new DatagramRelay("127.0.0.2", b.Endpoint) { Seen = captured.Enqueue };
        b.Start(b.ModelOf(a.AsPeer(0)), Steady);
        a.Start(a.ModelOf(b.AsPeer(0, path.Front)), Steady);
        a.WaitUntilUp();
        b.WaitUntilUp();
        string before = b.Inbox.WaitForPeer(0, peer => peer.RemoteEndpoint is not null, "the endpoint").RemoteEndpoint!;
        var random = new Random(51);
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int mark = b.Inbox.Now;

        byte[][] known = [.. captured];
        for (int round = 0; round < 3_000; round++)
        {
            byte[] datagram = round % 4 == 0 ? RandomBytes(random) : [.. known[random.Next(known.Length)]];
            if (round % 4 == 1)
            {
                datagram[random.Next(datagram.Length)] ^= (byte)random.Next(1, 256);
            }

            int length = round % 4 == 2 ? random.Next(1, datagram.Length + 1) : datagram.Length;
            stranger.SendTo(datagram.AsSpan(0, length), b.Endpoint);
        }

        for (int count = 0; count < 20; count++)
        {
            a.Host.Send(TestPackets.UdpText(a.Address, b.Address, $"{count}"));
            Assert.Equal($"{count}", TestPackets.Text(b.Host.Receive()));
        }

        b.Inbox.WaitForDrops(DropReason.Stranger, 100);
        PeerReport after = b.Inbox.WaitForPeer(0, peer => peer.ReceivedBytes > 0, "traffic in a report", mark);
        Assert.Equal(("up", 1, before), (after.State, after.Connections, after.RemoteEndpoint));
    }

    [Fact]
    public void A_flood_of_handshakes_draws_retries_and_a_peer_still_gets_in()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        b.Start(b.ModelOf(a.AsPeer(0)));
        using var credentials = new QuicCredentials(OverlayNode.SeedOf(77));
        byte[] buffer = new byte[2_048];

        for (int count = 0; count < 2_000; count++)
        {
            using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            using QuicConnection client = QuicConnection.Connect(credentials, new QuicOptions(), new SilentClient(), default, MonotonicClock.Now);
            client.Write(buffer, MonotonicClock.Now, out int written);
            stranger.SendTo(buffer.AsSpan(0, written), b.Endpoint);
        }

        OverlayReport report = b.Inbox.WaitFor<OverlayReport>(report => report.Retries >= 500, "500 retries");
        Assert.Equal(0, report.Handshakes);
        a.Start(a.ModelOf(b.AsPeer(0, b.Endpoint)));
        a.WaitUntilUp();
        a.Host.Send(TestPackets.UdpText(a.Address, b.Address, "in"));
        Assert.Equal("in", TestPackets.Text(b.Host.Receive()));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(77, false)]
    public void A_stateless_reset_ends_the_session_only_with_the_token_of_the_peers_key(byte signer, bool isBelieved)
    {
        var captured = new ConcurrentQueue<byte[]>();
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        using var path = new DatagramRelay("127.0.0.2", b.Endpoint) { Seen = captured.Enqueue };
        b.Start(b.ModelOf(a.AsPeer(0)), Steady);
        a.Start(a.ModelOf(b.AsPeer(0, path.Front)), Steady);
        a.WaitUntilUp();
        b.WaitUntilUp();
        a.Host.Send(TestPackets.UdpText(a.Address, b.Address, "before"));
        Assert.Equal("before", TestPackets.Text(b.Host.Receive()));
        using var credentials = new QuicCredentials(OverlayNode.SeedOf(signer));
        byte[] reset = new byte[64];

        // A short header: the fixed bit without the long form (RFC 9000 section 17.3).
        int length = credentials.WriteStatelessReset(reset, captured.Last(datagram => (datagram[0] & 0xC0) == 0x40));
        path.SendToCaller(reset.AsSpan(0, length));

        if (isBelieved)
        {
            a.Inbox.WaitForPeer(0, peer => peer is { State: "up", Connections: 2 }, "a new connection");
        }
        else
        {
            a.Inbox.WaitForDrops(DropReason.Stranger, 1);
            Assert.All(a.Inbox.All<OverlayReport>().SelectMany(report => report.Peers).Where(peer => peer.State == "up"), peer => Assert.Equal(1, peer.Connections));
        }
    }

    // Nothing but what a test does makes another connection: on a loaded machine a round trip may ask for other congestion control.
    private static void Steady(StartOverlay start) => start.CongestionControl = "cubic";

    private static byte[] RandomBytes(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 1_400)];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed class SilentClient : QuicConnectionEvents
    {
        private static long s_last = 1;

        public override ulong NewConnectionId() => (ulong)Interlocked.Increment(ref s_last);

        public override bool VerifyPeer(ReadOnlySpan<byte> publicKey) => true;

        public override void DatagramReceived(ReadOnlySpan<byte> data)
        {
            // Nobody answers a stranger with packets.
        }
    }
}

/// <inheritdoc />
public sealed class StrangerTestsOfOneShard() : StrangerTests(1);

/// <inheritdoc />
public sealed class StrangerTestsOfTwoShards() : StrangerTests(2);
