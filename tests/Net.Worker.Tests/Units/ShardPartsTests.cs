using Net.Overlay.Sharding;
using Net.Platform.Linux;
using Net.Worker.Overlay;
using Net.Worker.Tests.Support;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Units;

/// <summary>What shards share.</summary>
public sealed class ShardPartsTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Owners_are_those_of_the_keys_and_nobody_has_a_peer_that_is_none()
    {
        ModelPeer[] peers = [.. Enumerable.Range(0, 20).Select(number => new ModelPeer { Index = number * 2, Name = $"p{number}", PublicKey = [(byte)number, .. new byte[31]] })];

        PeerOwners owners = PeerOwners.Of(new OverlayModel { Peers = peers }, 3);

        Assert.All(peers, peer => Assert.Equal(ShardSteering.ShardOf(ShardSteering.BucketOf(peer.PublicKey), 3), owners.ShardOf(peer.Index)));
        Assert.Equal([-1, -1, -1, -1], new[] { -1, 1, 39, int.MaxValue }.Select(owners.ShardOf));
        Assert.All(peers, peer => Assert.Equal(0, PeerOwners.Of(new OverlayModel { Peers = peers }, 1).ShardOf(peer.Index)));
    }

    [Fact]
    public void Health_is_known_of_any_peer_and_down_where_nobody_said_it()
    {
        var health = new PeerHealth();

        health.Set(3, isUp: true);
        health.Set(5_000, isUp: true);
        health.Set(3, isUp: false);

        Assert.Equal([false, true, false, false], new[] { 3, 5_000, 5_001, -1 }.Select(health.IsUp));
    }

    [Fact]
    public void One_report_has_the_peers_of_the_shard_that_reports_and_the_counts_of_all()
    {
        var merger = new ReportMerger(2);

        OverlayReport first = merger.Merge(0, Report(version: 7, peer: 1, count: 10));
        OverlayReport second = merger.Merge(1, Report(version: 6, peer: 2, count: 100));

        Assert.Equal((0L, 10L), (first.ModelVersion, first.Drops[0]));
        Assert.Equal((6L, 110L, 110L, 110, 110L), (second.ModelVersion, second.Drops[0], second.RuleMatches[0], second.Flows, second.Handshakes));
        Assert.Equal((110L, 110L), (second.FailedHandshakes, second.Retries));
        Assert.Equal(2, Assert.Single(second.Peers).Index);
        Assert.Equal([1, 2], second.Shards.Select(shard => shard.Index));
    }

    [Fact]
    public void Counts_of_other_rules_are_not_added()
    {
        var merger = new ReportMerger(2);
        merger.Merge(0, Report(version: 1, peer: 1, count: 10));

        OverlayReport merged = merger.Merge(1, new OverlayReport { ModelVersion = 2, Drops = [1], RuleMatches = [3, 4] });

        Assert.Equal([3, 4], merged.RuleMatches);
    }

    [Fact]
    public void Memory_is_given_back_a_second_after_a_burst_when_it_is_quiet_and_once_more_later()
    {
        var trimmer = new BurstTrimmer();
        for (int count = 0; count < 40; count++)
        {
            trimmer.CountReleased(10 * Second);
        }

        Assert.False(trimmer.IsDue(10 * Second, sent: 0));
        Assert.False(trimmer.IsDue(12 * Second, sent: 10_000));
        Assert.True(trimmer.IsDue(12 * Second, sent: 10_001));
        Assert.False(trimmer.IsDue(13 * Second, sent: 10_001));
        Assert.True(trimmer.IsDue(20 * Second, sent: 10_001));
        Assert.False(trimmer.IsDue(40 * Second, sent: 10_001));
    }

    [Fact]
    public void A_shard_that_sleeps_is_woken_once_and_one_that_is_awake_never()
    {
        using var mailbox = new ShardMailbox();
        var poller = new Poller(1);
        poller.Set(0, mailbox.WakeupHandle, wantRead: true);

        mailbox.WakeIfAsleep();
        Assert.Equal(0, poller.Wait(0));
        mailbox.FallAsleep();
        mailbox.WakeIfAsleep();
        Assert.Equal(1, poller.Wait(0));
        mailbox.Clear();
        mailbox.WakeIfAsleep();
        Assert.Equal(0, poller.Wait(0));
    }

    [Fact]
    public void A_sleeping_reader_misses_no_packet_of_another_thread()
    {
        const int packets = 50_000;
        using var mailbox = new ShardMailbox();
        using var ring = new HandoverRing(1 << 14);
        var writer = new Thread(() =>
        {
            for (int number = 0; number < packets; number++)
            {
                while (!ring.TryWrite(new Handover(HandoverKind.Own, number, 0, 0, default), []))
                {
                    mailbox.WakeIfAsleep();
                    Thread.Yield();
                }

                mailbox.WakeIfAsleep();
            }
        });
        writer.Start();
        var poller = new Poller(1);
        poller.Set(0, mailbox.WakeupHandle, wantRead: true);
        for (int number = 0; number < packets;)
        {
            if (ring.TryRead(out Handover header, out _))
            {
                Assert.Equal(number++, header.From);
                ring.Release();
                continue;
            }

            mailbox.FallAsleep();
            if (ring.IsEmpty)
            {
                Assert.True(poller.Wait((long)Bounds.Wait.TotalNanoseconds) > 0, $"nobody woke the reader for packet {number}");
                mailbox.Clear();
            }

            mailbox.StayAwake();
        }

        Assert.True(writer.Join(Bounds.Wait));
    }

    private static OverlayReport Report(long version, int peer, int count) => new()
    {
        ModelVersion = version,
        Peers = [new PeerReport { Index = peer, State = "up", Reason = "because" }],
        Drops = [count],
        RuleMatches = [count],
        Flows = count,
        Handshakes = count,
        FailedHandshakes = count,
        Retries = count,
        Shards = [new ShardReport { Index = peer, Reason = "because" }],
    };
}
