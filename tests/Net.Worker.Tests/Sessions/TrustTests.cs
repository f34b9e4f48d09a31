using Net.Worker.Tests.Support;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Sessions;

/// <summary>Who gets a session and who is told why not.</summary>
public abstract class TrustTests(int shards) : ShardedTests(shards)
{
    [Fact]
    public void A_node_with_another_key_is_refused_by_who_dials_and_both_say_why()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        using var other = new OverlayNode(3, "rome");
        b.Start(b.ModelOf(a.AsPeer(0)));

        a.Start(a.ModelOf(other.AsPeer(0, b.Endpoint)));

        PeerReport refused = a.Inbox.WaitForPeer(0, peer => peer.State == "refused", "the refusal");
        Assert.Contains("another key than 'rome'", refused.Reason, StringComparison.Ordinal);
        b.Inbox.WaitFor<OverlayReport>(report => report.FailedHandshakes > 0, "the failed handshake");
        other.Start(other.ModelOf());
    }

    [Fact]
    public void A_node_that_is_no_peer_is_refused_and_both_say_why()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        b.Start(b.ModelOf());

        a.Start(a.ModelOf(b.AsPeer(0, b.Endpoint)));

        a.Inbox.WaitForPeer(0, peer => peer.State == "refused", "the refusal");
        WorkerLog told = b.Inbox.WaitFor<WorkerLog>(log => log.Text.Contains("is not among the peers here", StringComparison.Ordinal), "the reason in the log");
        Assert.Contains(a.Id.ToShortString(), told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_node_is_asked_about_at_the_engine_and_the_refusal_reaches_it()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        b.Start(b.ModelOf() with { AcceptsUnknown = true });
        a.Start(a.ModelOf(b.AsPeer(0, b.Endpoint)), start => start.Certificate = [1, 2, 3]);

        AuthorizePeer question = b.Inbox.WaitFor<AuthorizePeer>();
        b.Inbox.Send(new PeerAuthorized(question.RequestId, null, "the certificate is of another network"));

        Assert.Equal(a.PublicKey, question.PublicKey);
        Assert.Equal("berlin", question.Name);
        Assert.Equal([1, 2, 3], question.Certificate);
        Assert.Equal(a.Endpoint.ToString(), question.RemoteEndpoint);
        PeerReport refused = a.Inbox.WaitForPeer(0, peer => peer.State == "refused", "the refusal");
        Assert.Contains("the certificate is of another network", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_node_the_engine_allows_becomes_a_peer()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        b.Start(b.ModelOf() with { AcceptsUnknown = true });
        a.Start(a.ModelOf(b.AsPeer(0, b.Endpoint)));

        AuthorizePeer question = b.Inbox.WaitFor<AuthorizePeer>();
        b.Replace(b.ModelOf(a.AsPeer(4)) with { AcceptsUnknown = true });
        b.Inbox.Send(new PeerAuthorized(question.RequestId, 4, "it is a member"));

        a.WaitUntilUp();
        b.WaitUntilUp(4);
        a.Host.Send(TestPackets.UdpText(a.Address, b.Address, "in"));
        Assert.Equal("in", TestPackets.Text(b.Host.Receive()));
    }

    [Fact]
    public void A_peer_whose_membership_ended_loses_its_session_and_is_told()
    {
        using OverlayPair pair = OverlayPair.Up();
        DateTimeOffset past = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1);

        pair.B.Replace(pair.B.Model with { Peers = [pair.B.Model.Peers[0] with { Expires = past }] });

        PeerReport here = pair.B.Inbox.WaitForPeer(0, peer => peer.State == "refused", "the refusal");
        Assert.Contains("its membership ended at", here.Reason, StringComparison.Ordinal);
        PeerReport there = pair.A.Inbox.WaitForPeer(0, peer => peer.State == "refused", "the refusal at the peer");
        Assert.Contains("membership ended", there.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_is_switched_off_loses_its_session_and_gets_it_back()
    {
        using OverlayPair pair = OverlayPair.Up();
        OverlayModel on = pair.A.Model;

        pair.A.Replace(on with { Peers = [on.Peers[0] with { Enabled = false }] });

        pair.A.Inbox.WaitForPeer(0, peer => peer.State == "disabled", "disabled");
        PeerReport there = pair.B.Inbox.WaitForPeer(0, peer => peer.State == "refused", "the refusal at the peer");
        Assert.Contains("switched off", there.Reason, StringComparison.Ordinal);
        int mark = pair.A.Inbox.Now;
        pair.A.Replace(on);
        pair.A.Inbox.WaitForPeer(0, peer => peer.State == "up", "the session up again", mark);
        pair.Exchange("again");
    }

    [Fact]
    public void A_peer_that_is_removed_loses_its_session_and_its_packets_go_nowhere()
    {
        using OverlayPair pair = OverlayPair.Up();
        int mark = pair.B.Inbox.Now;

        pair.A.Replace(pair.A.ModelOf());

        pair.B.Inbox.WaitForPeer(0, peer => peer.State != "up", "the session gone at the peer", mark);
        pair.A.Host.Send(TestPackets.UdpText(pair.A.Address, pair.B.Address, "nobody"));
        pair.A.Inbox.WaitForDrops(DropReason.NoRoute, 1);
    }

    [Fact]
    public void Stopping_says_goodbye()
    {
        using OverlayPair pair = OverlayPair.Up();
        int mark = pair.B.Inbox.Now;

        int code = pair.A.Stop();

        Assert.Equal(0, code);
        PeerReport report = pair.B.Inbox.WaitForPeer(0, peer => peer.State != "up", "the end at the peer", mark);
        Assert.Contains("the overlay stops", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_sides_dialling_at_once_end_with_one_session_that_works()
    {
        using var a = new OverlayNode(1, "berlin");
        using var b = new OverlayNode(2, "paris");
        OverlayModel modelB = b.ModelOf(a.AsPeer(0, a.Endpoint));
        a.Start(a.ModelOf(b.AsPeer(0, b.Endpoint)));
        b.Start(modelB);

        a.WaitUntilUp();
        b.WaitUntilUp();

        for (int count = 0; count < 100; count++)
        {
            a.Host.Send(TestPackets.UdpText(a.Address, b.Address, $"{count}"));
            Assert.Equal($"{count}", TestPackets.Text(b.Host.Receive()));
            b.Host.Send(TestPackets.UdpText(b.Address, a.Address, $"{count}"));
            Assert.Equal($"{count}", TestPackets.Text(a.Host.Receive()));
        }
    }

    [Fact]
    public void Disconnecting_a_peer_tells_it_why_and_the_session_comes_back()
    {
        using OverlayPair pair = OverlayPair.Up();
        int mark = pair.A.Inbox.Now;
        int markB = pair.B.Inbox.Now;

        pair.A.Inbox.Send(new DisconnectPeer(0, "maintenance"));

        PeerReport there = pair.B.Inbox.WaitForPeer(0, peer => peer.State != "up", "the end at the peer", markB);
        Assert.Contains("maintenance", there.Reason, StringComparison.Ordinal);
        pair.A.Inbox.WaitForPeer(0, peer => peer.State != "up", "the end", mark);
        pair.A.Inbox.WaitForPeer(0, peer => peer is { State: "up", Connections: 2 }, "the session up again", mark);
    }
}

/// <inheritdoc />
public sealed class TrustTestsOfOneShard() : TrustTests(1);

/// <inheritdoc />
public sealed class TrustTestsOfTwoShards() : TrustTests(2);
