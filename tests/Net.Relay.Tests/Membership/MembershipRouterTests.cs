using System.Net;
using System.Net.Sockets;
using Net.Relay.Membership;

namespace Net.Relay.Tests.Membership;

public sealed class MembershipRouterTests
{
    private static readonly IPAddress Own = IPAddress.Parse("10.0.0.5");
    private static readonly IPAddress Host = IPAddress.Parse("10.0.0.7");
    private static readonly IPAddress Group = IPAddress.Parse("239.1.1.1");
    private readonly List<(TimeSpan At, MembershipPacket Packet)> _sent = [];
    private TimeSpan _now = TimeSpan.Zero;

    [Fact]
    public void A_host_that_joins_answers_and_leaves_is_followed_throughout()
    {
        MembershipRouter router = Make(new QuerierOptions());
        Pass(router, 0);

        Hear(router, 3, Record(GroupRecordKind.ChangeToExclude));
        Pass(router, 31.25);
        Hear(router, 3, Record(GroupRecordKind.ModeIsExclude));
        Pass(router, 100);
        bool there = router.Table.HasReceivers(Group);
        Hear(router, 3, Record(GroupRecordKind.ChangeToInclude));
        Pass(router, 102);

        Assert.True(there);
        Assert.False(router.Table.HasReceivers(Group));
        Assert.Equal([0, 31.25, 100, 101], _sent.Select(one => one.At.TotalSeconds));
        Assert.Equal([null, null, Group, Group], _sent.Select(one => one.Packet.Message.Query!.Group));
    }

    [Fact]
    public void In_version_2_sources_are_not_asked_for_and_run_out_by_themselves()
    {
        MembershipRouter router = Make(new QuerierOptions { IgmpVersion = 2 });
        Pass(router, 0);
        IPAddress source = IPAddress.Parse("10.9.0.1");

        Hear(router, 3, new GroupRecord(GroupRecordKind.AllowNewSources, Group, [source]));
        Hear(router, 3, new GroupRecord(GroupRecordKind.BlockOldSources, Group, [source]));
        Pass(router, 3);

        Assert.False(router.Table.HasReceivers(Group));
        Assert.All(_sent, one => Assert.Equal((2, null), (one.Packet.Message.Version, one.Packet.Message.Query!.Group)));
    }

    [Fact]
    public void What_is_known_is_complete_after_twice_the_time_to_answer()
    {
        MembershipRouter router = Make(new QuerierOptions());
        bool before = router.IsSettled(_now);
        Pass(router, 0);

        Assert.False(before);
        Assert.False(router.IsSettled(TimeSpan.FromSeconds(19.9)));
        Assert.True(router.IsSettled(TimeSpan.FromSeconds(20)));
        Assert.True(router.IsAsked(TimeSpan.FromSeconds(20)));
        Assert.False(router.IsAsked(TimeSpan.FromSeconds(260)));
    }

    [Fact]
    public void Its_own_words_brought_back_are_not_another_routers()
    {
        MembershipRouter router = Make(new QuerierOptions());
        Pass(router, 0);
        (byte[] packet, _) = MembershipPacket.Write(MembershipMessage.Ask(3, new MembershipQuery { Group = Group }), Own);
        Hear(router, 3, Record(GroupRecordKind.ChangeToExclude));

        router.Receive(packet, _now);
        Pass(router, 10);

        Assert.Equal(QuerierRole.Querier, router.Querier.Role);
        Assert.True(router.Table.HasReceivers(Group));
    }

    [Fact]
    public void A_leave_on_a_link_where_another_router_asks_ends_by_that_routers_query()
    {
        MembershipRouter router = Make(new QuerierOptions());
        IPAddress other = IPAddress.Parse("10.0.0.1");
        Pass(router, 0);
        router.Receive(MembershipPacket.Write(MembershipMessage.Ask(3, new MembershipQuery { MaxResponseTime = TimeSpan.FromSeconds(10), Robustness = 2, QueryInterval = TimeSpan.FromSeconds(125) }), other).Packet, _now);
        Hear(router, 3, Record(GroupRecordKind.ChangeToExclude));
        _sent.Clear();

        Hear(router, 3, Record(GroupRecordKind.ChangeToInclude));
        Pass(router, 5);
        bool before = router.Table.HasReceivers(Group);
        router.Receive(MembershipPacket.Write(MembershipMessage.Ask(3, new MembershipQuery { Group = Group, MaxResponseTime = TimeSpan.FromSeconds(1) }), other).Packet, _now);
        Pass(router, 7);

        Assert.True(before);
        Assert.False(router.Table.HasReceivers(Group));
        Assert.Empty(_sent);
    }

    [Fact]
    public void Packets_of_the_other_family_and_nonsense_are_counted_and_ignored()
    {
        MembershipRouter router = Make(new QuerierOptions());

        bool first = router.Receive([1, 2, 3], _now);
        bool second = router.Receive(Corpus.Read("mldv2-report"), _now);
        bool third = router.Receive(Corpus.Read("igmpv3-report"), _now);

        Assert.Equal((false, false, true, 2), (first, second, third, router.Ignored));
    }

    [Fact]
    public void After_a_restart_nothing_is_certain_and_it_asks_at_once()
    {
        MembershipRouter router = Make(new QuerierOptions());
        Pass(router, 50);
        _sent.Clear();

        router.Querier.Restart(_now);
        Pass(router, 50);

        Assert.Single(_sent);
        Assert.False(router.IsSettled(_now));
    }

    private static MembershipRouter Make(QuerierOptions options) => new(AddressFamily.InterNetwork, options, isEnabled: true, Own, TimeSpan.Zero);

    private static GroupRecord Record(GroupRecordKind kind) => new(kind, Group, []);

    private void Hear(MembershipRouter router, int version, GroupRecord record)
    {
        Assert.True(router.Receive(MembershipPacket.Write(MembershipMessage.Tell(version, record), Host).Packet, _now));
        Pass(router, _now.TotalSeconds);
    }

    // Moves from due time to due time, as the owner's timer does.
    private void Pass(MembershipRouter router, double until)
    {
        TimeSpan end = TimeSpan.FromSeconds(until);
        while (router.NextDue <= end)
        {
            _now = router.NextDue > _now ? router.NextDue : _now;
            router.Advance(_now, (packet, _) =>
            {
                Assert.True(MembershipPacket.TryRead(packet, out MembershipPacket? read));
                _sent.Add((_now, read));
            });
        }

        _now = end;
    }
}
