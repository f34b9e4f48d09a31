using System.Diagnostics;
using Net.Worker.Tests.Support;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Sessions;

/// <summary>Paths that change under a session.</summary>
public abstract class PathTests(int shards, ITestOutputHelper output) : ShardedTests(shards)
{
    [Fact]
    public void A_change_of_the_peers_address_keeps_the_session_and_loses_a_handful_of_packets_at_most()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        using var nat = new DatagramRelay("127.0.0.2", b.Endpoint);
        b.Start(b.ModelOf(a.AsPeer(0)));
        a.Start(a.ModelOf(b.AsPeer(0, nat.Front)));
        a.WaitUntilUp();
        b.WaitUntilUp();
        int markA = a.Inbox.Now;
        int markB = b.Inbox.Now;
        int lost = 0;

        for (int count = 0; count < 200; count++)
        {
            if (count == 50)
            {
                nat.MoveBehind("127.0.0.4");
            }

            lost += Echo(a, b, TimeSpan.FromSeconds(1)) ? 0 : 1;
        }

        output.WriteLine($"{lost} of 200 echoes were lost");
        Assert.True(lost <= 5, $"{lost} of 200 echoes were lost");
        b.Inbox.WaitForPeer(0, peer => peer.RemoteEndpoint?.StartsWith("127.0.0.4:", StringComparison.Ordinal) == true, "the new address", markB);
        Assert.All(a.Inbox.All<OverlayReport>().Skip(markA).SelectMany(report => report.Peers), peer => Assert.Equal("up", peer.State));
    }

    [Fact]
    public void A_move_to_a_slow_path_and_back_gives_window_and_round_trip_of_the_path_in_use()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        using var lan = new DatagramRelay("127.0.0.2", b.Endpoint);
        using var mobile = new DatagramRelay("127.0.0.3", b.Endpoint) { Delay = TimeSpan.FromMilliseconds(40), BitsPerSecond = 20e6 };
        b.Start(b.ModelOf(a.AsPeer(0)));
        a.Start(a.ModelOf(b.AsPeer(0, lan.Front, mobile.Front)));
        a.WaitUntilUp();
        b.WaitUntilUp();
        SendUntil(a, b, peer => peer.RemoteEndpoint == lan.Front.ToString() && peer.RoundTripTime < TimeSpan.FromMilliseconds(60), "the direct path in use");
        int connections = a.Inbox.LastOf(0)!.Connections;

        var time = Stopwatch.StartNew();
        lan.IsBlocked = true;
        PeerReport slow = SendUntil(
            a, b, peer => peer.RemoteEndpoint == mobile.Front.ToString() && peer.Connections > connections && peer.RoundTripTime >= TimeSpan.FromMilliseconds(75), "a fresh connection over the slow path");
        output.WriteLine($"to the slow path in {time.Elapsed.TotalSeconds:0.0} s: window {slow.CongestionWindowBytes}, round trip {slow.RoundTripTime}");

        // 20 Mb/s times 80 ms is 200 KB; a window of the LAN would be many times that.
        Assert.InRange(slow.CongestionWindowBytes!.Value, 2_000, 800_000);
        time.Restart();
        lan.IsBlocked = false;
        mobile.IsBlocked = true;
        PeerReport back = SendUntil(
            a, b, peer => peer.RemoteEndpoint == lan.Front.ToString() && peer.Connections > slow.Connections && peer.RoundTripTime < TimeSpan.FromMilliseconds(75), "a fresh connection over the direct path");
        output.WriteLine($"back in {time.Elapsed.TotalSeconds:0.0} s: round trip {back.RoundTripTime}");
    }

    [Fact]
    public void A_hop_that_swallows_large_packets_without_a_word_is_noticed_and_they_pass_again_in_parts()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        using var hop = new DatagramRelay("127.0.0.2", b.Endpoint);
        b.Start(b.ModelOf(a.AsPeer(0)));
        a.Start(a.ModelOf(b.AsPeer(0, hop.Front)));
        a.WaitUntilUp();
        b.WaitUntilUp();
        byte[] large = TestPackets.UdpPacket(a.Address, b.Address, 4444, 7777, new byte[1_350]);
        SendUntilPassed(a, b, large);
        int connections = a.Inbox.LastOf(0)!.Connections;

        hop.MaxDatagramBytes = 1_300;

        SendUntil(a, b, peer => peer.Connections > connections, "a fresh connection", large);
        SendUntilPassed(a, b, large);
        PeerReport report = a.Inbox.WaitForPeer(0, peer => peer.Connections > connections, "the fresh connection");
        Assert.Contains("its path has become narrower", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_that_alone_holds_packets_back_brings_a_fresh_connection()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");

        // What is too much is dropped instead of waiting, so that the round trip stays the shortest one however much is sent.
        using var hop = new DatagramRelay("127.0.0.2", b.Endpoint) { Delay = TimeSpan.FromMilliseconds(100), BitsPerSecond = 2e6, QueueBytes = 3_000 };
        b.Start(b.ModelOf(a.AsPeer(0)), start => start.CongestionControl = "bbr");
        a.Start(a.ModelOf(b.AsPeer(0, hop.Front)), start => start.CongestionControl = "bbr");
        a.WaitUntilUp();
        b.WaitUntilUp();
        byte[] packet = TestPackets.UdpPacket(a.Address, b.Address, 4444, 7777, new byte[1_000]);

        var time = Stopwatch.StartNew();
        while (time.Elapsed < 3 * Bounds.Wait && a.Inbox.LastOf(0)?.Reason.Contains("packets wait for a window", StringComparison.Ordinal) != true)
        {
            for (int count = 0; count < 20; count++)
            {
                a.Host.Send(packet);
            }

            while (b.Host.TryReceive(TimeSpan.FromMilliseconds(5)) is not null)
            {
            }
        }

        PeerReport report = a.Inbox.LastOf(0)!;
        output.WriteLine($"after {time.Elapsed.TotalSeconds:0.0} s: {report.Reason}");
        Assert.Contains("packets wait for a window", report.Reason, StringComparison.Ordinal);
        Assert.True(report.Connections > 1, $"{report.Connections} connections");
    }

    [Fact]
    public void A_thin_flow_does_not_wait_behind_a_thick_one_in_the_queues_of_the_path()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");

        // Nothing is lost before 800 ms wait in the hop: Cubic alone would fill that.
        using var hop = new DatagramRelay("127.0.0.2", b.Endpoint) { BitsPerSecond = 40e6, QueueBytes = 4_000_000 };
        b.Start(b.ModelOf(a.AsPeer(0)), start => start.CongestionControl = "cubic");
        a.Start(a.ModelOf(b.AsPeer(0, hop.Front)), start => start.CongestionControl = "cubic");
        a.WaitUntilUp();
        b.WaitUntilUp();
        byte[] thick = TestPackets.UdpPacket(a.Address, b.Address, 5555, 7777, new byte[1_100]);
        byte[] thin = TestPackets.UdpText(a.Address, b.Address, "echo");

        // More of the thick flow than the path carries.
        TimeSpan fillTime = TimeSpan.FromSeconds(6);
        var time = Stopwatch.StartNew();
        int echoes = 0;
        TimeSpan? roundTrip = null;
        while (time.Elapsed < 3 * Bounds.Wait && (time.Elapsed < fillTime || roundTrip is null || roundTrip > TimeSpan.FromMilliseconds(45)))
        {
            if (time.Elapsed.TotalMilliseconds > echoes * 100)
            {
                echoes++;
                a.Host.Send(thin);
            }

            for (int count = 0; count < 30; count++)
            {
                a.Host.Send(thick);
            }

            for (int count = 0; count < 20 && b.Host.TryReceive(TimeSpan.FromMilliseconds(1)) is not null; count++)
            {
            }

            roundTrip = a.Inbox.LastOf(0)!.RoundTripTime;
        }

        output.WriteLine($"after {time.Elapsed.TotalSeconds:0.0} s and {echoes} echoes the round trip is {roundTrip}");
        Assert.InRange(roundTrip!.Value.TotalMilliseconds, 0, 45);
    }

    private static bool Echo(OverlayNode a, OverlayNode b, TimeSpan patience)
    {
        a.Host.Send(TestPackets.UdpText(a.Address, b.Address, "echo"));
        if (b.Host.TryReceive(patience) is null)
        {
            return false;
        }

        b.Host.Send(TestPackets.UdpText(b.Address, a.Address, "echo"));
        return a.Host.TryReceive(patience) is not null;
    }

    // Packets go both ways while the paths are judged, as on a link in use.
    private static PeerReport SendUntil(OverlayNode a, OverlayNode b, Func<PeerReport, bool> isIt, string what, byte[]? also = null)
    {
        var time = Stopwatch.StartNew();
        while (time.Elapsed < 3 * Bounds.Wait)
        {
            if (also is not null)
            {
                a.Host.Send(also);
            }

            Echo(a, b, TimeSpan.FromMilliseconds(20));
            if (a.Inbox.LastOf(0) is { } report && isIt(report))
            {
                return report;
            }
        }

        throw new TimeoutException($"{what} did not come; {a.Inbox.LastOf(0)}; {a.Inbox.Describe()}");
    }

    private static void SendUntilPassed(OverlayNode a, OverlayNode b, byte[] packet)
    {
        var time = Stopwatch.StartNew();
        while (time.Elapsed < Bounds.Wait)
        {
            a.Host.Send(packet);
            while (b.Host.TryReceive(TimeSpan.FromMilliseconds(20)) is { } received)
            {
                if (received.AsSpan().SequenceEqual(packet))
                {
                    return;
                }
            }
        }

        Assert.Fail($"no packet of {packet.Length} bytes came; {a.Inbox.Describe()}");
    }
}

/// <inheritdoc />
public sealed class PathTestsOfOneShard(ITestOutputHelper output) : PathTests(1, output);

/// <inheritdoc />
public sealed class PathTestsOfTwoShards(ITestOutputHelper output) : PathTests(2, output);
