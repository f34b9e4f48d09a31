using System.Diagnostics;
using Net.Worker.Tests.Support;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Sessions;

/// <summary>Rules between two nodes, and what is told of them.</summary>
public abstract class PolicyTests(int shards) : ShardedTests(shards)
{
    private static readonly ModelRule[] s_webOnly =
    [
        new ModelRule { Name = "no-secrets", Allow = false, To = ["self"], Protocol = 6, Ports = ["443"] },
        new ModelRule { Name = "web", Allow = true, From = ["berlin"], To = ["self"], Protocol = 6, Ports = ["80-443"] },
    ];

    [Fact]
    public void A_denied_port_is_dropped_and_the_audit_record_names_the_rule()
    {
        using OverlayPair pair = OverlayPair.Up(b: model => model with { Rules = s_webOnly });

        pair.A.Host.Send(TestPackets.TcpPacket(pair.A.Address, pair.B.Address, 5000, 443, TestPackets.Syn));

        AuditReport report = pair.B.Inbox.WaitFor<AuditReport>();
        FlowRecord record = Assert.Single(report.Records);
        Assert.False(record.Allowed);
        Assert.Equal(0, record.Rule);
        Assert.Equal(0, record.FromPeer);
        Assert.Equal(-1, record.ToPeer);
        Assert.Equal(443, record.DestinationPort);
        Assert.Equal(pair.A.Address, record.Source);
        pair.B.Inbox.WaitForDrops(DropReason.Policy, 1);
        pair.B.Inbox.WaitFor<OverlayReport>(counts => counts.RuleMatches is [1, ..], "the rule counted");
    }

    [Fact]
    public void Replies_of_an_allowed_connection_pass_though_no_rule_allows_them()
    {
        ModelRule silent = new() { Name = "opens-nothing", Allow = false, From = ["self"] };
        using OverlayPair pair = OverlayPair.Up(b: model => model with { Rules = [.. s_webOnly, silent] });
        byte[] syn = TestPackets.TcpPacket(pair.A.Address, pair.B.Address, 5000, 80, TestPackets.Syn);
        byte[] reply = TestPackets.TcpPacket(pair.B.Address, pair.A.Address, 80, 5000, TestPackets.SynAck);
        byte[] unasked = TestPackets.TcpPacket(pair.B.Address, pair.A.Address, 81, 5001, TestPackets.Syn);

        pair.A.Host.Send(syn);
        Assert.Equal(syn, pair.B.Host.Receive());
        pair.B.Host.Send(unasked);
        pair.B.Host.Send(reply);

        Assert.Equal(reply, pair.A.Host.Receive());

        // The host that was not allowed to is told at once (ICMP administratively prohibited) instead of waiting.
        byte[] error = pair.B.Host.Receive();
        Assert.Equal([3, 13], TestPackets.Payload(error)[..2].ToArray());
    }

    [Fact]
    public void Other_rules_are_counted_anew_even_when_there_are_as_many()
    {
        using OverlayPair pair = OverlayPair.Up();
        pair.Exchange("first");
        pair.B.Inbox.WaitFor<OverlayReport>(report => report.RuleMatches is [> 0, ..], "a match");

        pair.B.Replace(pair.B.Model with { Rules = [new ModelRule { Name = "udp", Allow = true, Protocol = 17 }] });

        OverlayReport report = pair.B.Inbox.WaitFor<OverlayReport>(report => report.ModelVersion == pair.B.Model.Version, "a report of the new model");
        Assert.Equal(0, report.RuleMatches[0]);
    }

    [Fact]
    public void A_new_rule_that_denies_cuts_a_connection_that_was_allowed()
    {
        using OverlayPair pair = OverlayPair.Up();
        pair.Exchange("allowed");

        pair.B.Replace(pair.B.Model with { Rules = [] });
        pair.A.Host.Send(TestPackets.UdpText(pair.A.Address, pair.B.Address, "denied"));

        pair.B.Inbox.WaitForDrops(DropReason.Policy, 1);
        Assert.Null(pair.B.Host.TryReceive(Bounds.Absence));
    }

    [Fact]
    public void A_rule_for_a_time_of_day_follows_a_clock_that_is_set_forward_and_back()
    {
        DateTimeOffset early = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
        ModelRule hours = new() { Name = "hours", Allow = true, StartTime = new TimeOnly(9, 0), EndTime = new TimeOnly(17, 0) };
        using OverlayPair pair = OverlayPair.Up(b: model => model with { Rules = [hours] });
        pair.B.Clock.Now = early;
        SendUntil(pair, arrives: false);

        pair.B.Clock.Now = early.AddHours(2);
        SendUntil(pair, arrives: true);
        pair.B.Clock.Now = early;

        SendUntil(pair, arrives: false);
    }

    [Fact]
    public void A_membership_that_the_clock_says_has_ended_closes_the_session_with_the_reason()
    {
        DateTimeOffset expires = DateTimeOffset.UtcNow.AddDays(30);
        using OverlayPair pair = OverlayPair.Up(b: model => model with { Peers = [model.Peers[0] with { Expires = expires }] });

        pair.B.Clock.Now = expires.AddMinutes(1);

        PeerReport report = pair.B.Inbox.WaitForPeer(0, peer => peer.Reason.Contains("its membership ended", StringComparison.Ordinal), "the session closed with the reason");
        Assert.NotEqual("up", report.State);
    }

    [Fact]
    public void A_connection_is_told_with_its_bytes_when_the_overlay_stops()
    {
        using OverlayPair pair = OverlayPair.Up();
        pair.Exchange("counted");

        pair.A.Stop();

        AuditReport report = pair.A.Inbox.WaitFor<AuditReport>(report => report.Records.Any(record => record.IsConnection), "the record of the connection");
        FlowRecord record = report.Records.First(record => record.IsConnection && record.DestinationPort == 7777);
        Assert.True(record.Allowed);
        Assert.True(record.SentBytes > 0);
    }

    // The worker looks at the clock ten times a second.
    private static void SendUntil(OverlayPair pair, bool arrives)
    {
        var time = Stopwatch.StartNew();
        while (time.Elapsed < Bounds.Wait)
        {
            pair.A.Host.Send(TestPackets.UdpText(pair.A.Address, pair.B.Address, "packet"));
            if (pair.B.Host.TryReceive(Bounds.Absence) is not null == arrives)
            {
                return;
            }
        }

        Assert.Fail(pair.B.Inbox.Describe());
    }
}

/// <inheritdoc />
public sealed class PolicyTestsOfOneShard() : PolicyTests(1);

/// <inheritdoc />
public sealed class PolicyTestsOfTwoShards() : PolicyTests(2);
