using System.Net;
using System.Net.Sockets;
using Net.Relay.Membership;

namespace Net.Relay.Tests.Membership;

public sealed class ReceiverTableTests
{
    private static readonly IPAddress Group = IPAddress.Parse("239.1.1.1");
    private static readonly IPAddress Host = IPAddress.Parse("10.0.0.7");
    private static readonly MembershipTimers Timers = new(Seconds(260), Seconds(1), 2, Seconds(260), 2, Seconds(125), 3);

    [Fact]
    public void A_report_makes_a_receiver_until_nobody_repeats_it()
    {
        ReceiverTable table = Make();

        Report(table, 0, GroupRecordKind.ChangeToExclude);
        Report(table, 100, GroupRecordKind.ModeIsExclude);
        Pass(table, 359.9);
        bool before = table.HasReceivers(Group);
        Pass(table, 360);

        Assert.True(before);
        Assert.False(table.HasReceivers(Group));
    }

    [Fact]
    public void A_leave_is_asked_about_twice_and_ends_it_within_the_last_member_query_time()
    {
        ReceiverTable table = Make();
        Report(table, 0, GroupRecordKind.ChangeToExclude);

        Report(table, 10, GroupRecordKind.ChangeToInclude);
        List<MembershipQuery> first = Pass(table, 10);
        List<MembershipQuery> second = Pass(table, 11);
        bool before = table.HasReceivers(Group);
        List<MembershipQuery> third = Pass(table, 12);

        Assert.Equal((Group, Seconds(1), false), (first.Single().Group, first.Single().MaxResponseTime, first.Single().SuppressRouterProcessing));
        Assert.Single(second);
        Assert.True(before);
        Assert.Empty(third);
        Assert.False(table.HasReceivers(Group));
    }

    [Fact]
    public void Another_host_that_answers_keeps_the_group()
    {
        ReceiverTable table = Make();
        Report(table, 0, GroupRecordKind.ChangeToExclude);
        Report(table, 10, GroupRecordKind.ChangeToInclude);
        Pass(table, 10);

        Report(table, 10.5, GroupRecordKind.ModeIsExclude);
        Pass(table, 11);
        Pass(table, 200);

        Assert.True(table.HasReceivers(Group));
    }

    [Fact]
    public void Only_the_router_that_asks_asks()
    {
        ReceiverTable table = Make();
        Report(table, 0, GroupRecordKind.ChangeToExclude, isQuerier: false);

        Report(table, 10, GroupRecordKind.ChangeToInclude, isQuerier: false);
        List<MembershipQuery> asked = Pass(table, 13, isQuerier: false);
        bool before = table.HasReceivers(Group);
        table.HeardQuery(new MembershipQuery { Group = Group, MaxResponseTime = Seconds(1) }, Timers, Seconds(20));
        Pass(table, 22, isQuerier: false);

        Assert.Empty(asked);
        Assert.True(before);
        Assert.False(table.HasReceivers(Group));
    }

    [Fact]
    public void A_query_with_the_s_flag_shortens_nothing()
    {
        ReceiverTable table = Make();
        Report(table, 0, GroupRecordKind.ChangeToExclude, isQuerier: false);

        table.HeardQuery(new MembershipQuery { Group = Group, SuppressRouterProcessing = true }, Timers, Seconds(20));
        Pass(table, 100, isQuerier: false);

        Assert.True(table.HasReceivers(Group));
    }

    /// <summary>Every line of the tables of RFC 9776 sections 6.4.1 and 6.4.2. Sources are letters; "+" after the record says how the group stands afterwards, and what is asked.</summary>
    [Theory]
    [InlineData("I ab", GroupRecordKind.ModeIsInclude, "bc", "I abc", "")]
    [InlineData("I ab", GroupRecordKind.ModeIsExclude, "bc", "E b|c", "")]
    [InlineData("E ab|cd", GroupRecordKind.ModeIsInclude, "bce", "E abce|d", "")]
    [InlineData("E ab|cd", GroupRecordKind.ModeIsExclude, "bce", "E be|c", "")]
    [InlineData("I ab", GroupRecordKind.AllowNewSources, "bc", "I abc", "")]
    [InlineData("I ab", GroupRecordKind.BlockOldSources, "bc", "I ab", "G(b)")]
    [InlineData("I ab", GroupRecordKind.ChangeToExclude, "bc", "E b|c", "G(b)")]
    [InlineData("I ab", GroupRecordKind.ChangeToInclude, "bc", "I abc", "G(a)")]
    [InlineData("E ab|cd", GroupRecordKind.AllowNewSources, "bce", "E abce|d", "")]
    [InlineData("E ab|cd", GroupRecordKind.BlockOldSources, "bce", "E abe|cd", "G(be)")]
    [InlineData("E ab|cd", GroupRecordKind.ChangeToExclude, "bce", "E be|c", "G(be)")]
    [InlineData("E ab|cd", GroupRecordKind.ChangeToInclude, "bce", "E abce|d", "G G(a)")]
    public void A_group_changes_as_the_tables_of_the_rfc_say(string state, GroupRecordKind kind, string named, string expected, string asked)
    {
        ReceiverTable table = Make();
        Prepare(table, state);

        Report(table, 50, kind, named);
        List<MembershipQuery> queries = Pass(table, 50);

        ReceiverInfo info = table.List(Seconds(50)).Single();
        Assert.Equal(expected, (info.IsAnySource ? "E " : "I ") + Letters(info.Included) + (info.IsAnySource ? "|" + Letters(info.Excluded) : ""));
        Assert.Equal(asked, string.Join(' ', queries.Select(query => query.Sources.Count == 0 ? "G" : $"G({Letters(query.Sources)})")));
    }

    [Fact]
    public void A_source_that_is_no_longer_wanted_goes_and_the_others_stay()
    {
        ReceiverTable table = Make();
        Prepare(table, "I ab");

        Report(table, 50, GroupRecordKind.BlockOldSources, "b");
        Pass(table, 50);
        Pass(table, 51);
        Pass(table, 52);

        Assert.True(table.HasReceivers(Group, Source('a')));
        Assert.False(table.HasReceivers(Group, Source('b')));
        Assert.True(table.HasReceivers(Group));
    }

    [Fact]
    public void When_those_who_want_everything_go_those_who_want_one_source_stay()
    {
        ReceiverTable table = Make();
        Report(table, 0, GroupRecordKind.ModeIsExclude);
        Report(table, 200, GroupRecordKind.AllowNewSources, "a");

        Pass(table, 260);

        ReceiverInfo info = table.List(Seconds(260)).Single();
        Assert.False(info.IsAnySource);
        Assert.Equal("a", Letters(info.Included));
        Assert.False(table.HasReceivers(Group, Source('b')));
    }

    [Fact]
    public void In_exclude_mode_a_source_whose_timer_ends_is_excluded()
    {
        ReceiverTable table = Make();
        Report(table, 0, GroupRecordKind.ModeIsExclude);
        Report(table, 0, GroupRecordKind.AllowNewSources, "a");
        Report(table, 200, GroupRecordKind.ModeIsExclude, "a");

        Pass(table, 260);

        Assert.False(table.HasReceivers(Group, Source('a')));
        Assert.True(table.HasReceivers(Group, Source('b')));
    }

    [Fact]
    public void A_source_that_was_reported_again_is_asked_for_with_the_s_flag()
    {
        ReceiverTable table = Make();
        Prepare(table, "I ab");
        Report(table, 50, GroupRecordKind.BlockOldSources, "ab");
        Pass(table, 50);

        table.Apply(MembershipMessage.Tell(3, new GroupRecord(GroupRecordKind.ModeIsInclude, Group, [])), Host, Timers, isQuerier: true, Seconds(50.5));
        List<MembershipQuery> again = Pass(table, 51);

        Assert.False(again.Single().SuppressRouterProcessing);
        Assert.Equal("ab", Letters(again.Single().Sources));
    }

    [Fact]
    public void While_a_host_of_version_2_is_there_sources_are_not_blocked()
    {
        ReceiverTable table = Make();
        table.Apply(MembershipMessage.Tell(2, GroupRecord.Joined(Group)), Host, Timers, isQuerier: true, Seconds(0));

        Report(table, 1, GroupRecordKind.BlockOldSources, "a");
        Report(table, 2, GroupRecordKind.ChangeToExclude, "ab");
        List<MembershipQuery> asked = Pass(table, 2);

        ReceiverInfo info = table.List(Seconds(2)).Single();
        Assert.Empty(asked);
        Assert.Equal((2, true, 0), (info.HostVersion, info.IsAnySource, info.Excluded.Count));
    }

    [Fact]
    public void While_a_host_of_version_1_is_there_a_leave_is_not_believed()
    {
        ReceiverTable table = Make();
        table.Apply(MembershipMessage.Tell(1, GroupRecord.Joined(Group)), Host, Timers, isQuerier: true, Seconds(0));

        table.Apply(new MembershipMessage { Kind = MembershipMessageKind.Leave, Version = 2, Records = [GroupRecord.Left(Group)] }, Host, Timers, isQuerier: true, Seconds(1));
        Report(table, 1, GroupRecordKind.ChangeToInclude);
        List<MembershipQuery> asked = Pass(table, 10);

        Assert.Empty(asked);
        Assert.Equal(1, table.List(Seconds(10)).Single().HostVersion);
    }

    [Fact]
    public void A_leave_of_version_2_ends_it()
    {
        ReceiverTable table = Make();
        table.Apply(MembershipMessage.Tell(2, GroupRecord.Joined(Group)), Host, Timers, isQuerier: true, Seconds(0));

        table.Apply(new MembershipMessage { Kind = MembershipMessageKind.Leave, Version = 2, Records = [GroupRecord.Left(Group)] }, Host, Timers, isQuerier: true, Seconds(1));
        Pass(table, 1);
        Pass(table, 2);
        Pass(table, 3);

        Assert.False(table.HasReceivers(Group));
    }

    [Fact]
    public void A_host_of_mldv1_is_an_older_one()
    {
        var table = new ReceiverTable(AddressFamily.InterNetworkV6);
        IPAddress group = IPAddress.Parse("ff0e::1");
        table.Apply(MembershipMessage.Tell(1, GroupRecord.Joined(group)), IPAddress.Parse("fe80::7"), Timers, isQuerier: true, Seconds(0));

        table.Apply(MembershipMessage.Tell(2, new GroupRecord(GroupRecordKind.BlockOldSources, group, [IPAddress.Parse("2001:db8::1")])), IPAddress.Parse("fe80::8"), Timers, isQuerier: true, Seconds(1));

        Assert.Empty(Pass(table, 1));
        Assert.Equal(1, table.List(Seconds(1)).Single().HostVersion);
    }

    [Fact]
    public void First_and_last_receivers_are_told()
    {
        ReceiverTable table = Make();
        List<IPAddress> changes = [];

        Report(table, 0, GroupRecordKind.ModeIsExclude);
        Report(table, 1, GroupRecordKind.ModeIsExclude);
        table.TakeChanges(changes);
        int first = changes.Count;
        Pass(table, 261);
        table.TakeChanges(changes);

        Assert.Equal((1, 2), (first, changes.Count));
    }

    [Fact]
    public void Groups_of_the_link_are_not_kept()
    {
        ReceiverTable table = Make();

        table.Apply(MembershipMessage.Tell(3, GroupRecord.Joined(IPAddress.Parse("224.0.0.251")), GroupRecord.Joined(IPAddress.Parse("10.1.1.1"))), Host, Timers, isQuerier: true, Seconds(0));

        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void A_leave_from_an_unknown_group_makes_none()
    {
        ReceiverTable table = Make();

        Report(table, 0, GroupRecordKind.ChangeToInclude);
        Report(table, 0, GroupRecordKind.BlockOldSources, "a");

        Assert.Equal(0, table.Count);
        Assert.Equal(TimeSpan.MaxValue, table.NextDue);
    }

    [Fact]
    public void Strangers_cannot_fill_the_memory()
    {
        var table = new ReceiverTable(AddressFamily.InterNetwork, maximumGroups: 100, maximumSources: 10);
        for (int i = 0; i < 1000; i++)
        {
            var group = new IPAddress([239, 2, (byte)(i >> 8), (byte)i]);
            IPAddress[] sources = [.. Enumerable.Range(0, 1 + (i % 40)).Select(number => new IPAddress([10, 1, 0, (byte)number]))];
            table.Apply(MembershipMessage.Tell(3, new GroupRecord(GroupRecordKind.AllowNewSources, group, sources)), Host, Timers, isQuerier: true, Seconds(0));
        }

        IReadOnlyList<ReceiverInfo> groups = table.List(Seconds(0));
        Assert.Equal((100, 900), (table.Count, table.Refused));
        Assert.All(groups, group => Assert.InRange(group.Included.Count + group.Excluded.Count, 0, 10));

        // Whoever names too many is taken to want everything: too many packets are better than none.
        Assert.Contains(groups, group => group.IsAnySource);
    }

    [Fact]
    public void Random_reports_and_times_keep_the_table_consistent()
    {
        var random = new Random(9776);
        var table = new ReceiverTable(AddressFamily.InterNetwork, maximumGroups: 8, maximumSources: 6);
        double now = 0;
        List<MembershipQuery> queries = [];
        for (int i = 0; i < 50_000; i++)
        {
            now += random.NextDouble() * 30;
            var group = new IPAddress([239, 0, 0, (byte)random.Next(10)]);
            string letters = string.Concat("abcdefgh".Where(_ => random.Next(3) == 0));
            table.Apply(
                MembershipMessage.Tell(random.Next(1, 4), new GroupRecord((GroupRecordKind)random.Next(1, 7), group, [.. letters.Select(Source)])),
                Host,
                Timers,
                isQuerier: random.Next(5) > 0,
                Seconds(now));
            table.Advance(Timers, isQuerier: random.Next(5) > 0, Seconds(now), queries);

            Assert.All(table.List(Seconds(now)), info => Assert.True(info.Expires > Seconds(now) && (info.IsAnySource || info.Included.Count > 0)));
            Assert.True(table.NextDue > Seconds(now));
        }

        // When nobody speaks any more, everything ends.
        while (table.NextDue != TimeSpan.MaxValue)
        {
            table.Advance(Timers, isQuerier: true, table.NextDue, queries);
        }

        Assert.Equal(0, table.Count);
        Assert.NotEmpty(queries);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static ReceiverTable Make() => new(AddressFamily.InterNetwork);

    private static IPAddress Source(char letter) => new([10, 0, 1, (byte)letter]);

    private static string Letters(IEnumerable<IPAddress> sources) => string.Concat(sources.Select(source => (char)source.GetAddressBytes()[3]).Order());

    private static void Report(ReceiverTable table, double at, GroupRecordKind kind, string sources = "", bool isQuerier = true) =>
        table.Apply(MembershipMessage.Tell(3, new GroupRecord(kind, Group, [.. sources.Select(Source)])), Host, Timers, isQuerier, Seconds(at));

    private static List<MembershipQuery> Pass(ReceiverTable table, double to, bool isQuerier = true)
    {
        List<MembershipQuery> queries = [];
        table.Advance(Timers, isQuerier, Seconds(to), queries);
        return queries;
    }

    // "I ab" includes a and b. "E ab|cd" wants everything but c and d, and a and b by name.
    private static void Prepare(ReceiverTable table, string state)
    {
        if (state.StartsWith('I'))
        {
            Report(table, 0, GroupRecordKind.ModeIsInclude, state[2..]);
            return;
        }

        string[] parts = state[2..].Split('|');
        Report(table, 0, GroupRecordKind.ModeIsExclude, parts[1]);
        Report(table, 0, GroupRecordKind.AllowNewSources, parts[0]);
    }
}
