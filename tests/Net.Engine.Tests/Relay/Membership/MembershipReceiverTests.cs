using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Net.Engine.Relay.Membership;
using Net.Platform;
using Net.Relay.Membership;
using Net.Testing;

namespace Net.Engine.Tests.Relay.Membership;

public sealed class MembershipReceiverTests : IDisposable
{
    private const int Link = 3;
    private const string Host = "10.0.0.7";
    private static readonly IPAddress Group = IPAddress.Parse("239.1.1.1");
    private static readonly IPAddress GroupV6 = IPAddress.Parse("ff0e::1");
    private static readonly GroupKey All = new(Link, IPAddress.Any);
    private readonly FakeMulticastSockets _sockets = new();
    private readonly FakeLinks _links = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly MembershipManager _manager;
    private readonly List<GroupKey> _changes = [];

    public MembershipReceiverTests()
    {
        _links.Add(Link, "eth0");
        _links.AddAddress(Link, "10.0.0.5");
        _links.AddAddress(Link, "fe80::5");
        _manager = new MembershipManager(_sockets, _links, _clock, NullLogger.Instance);
        _manager.ReceiversChanged += changes =>
        {
            lock (_changes)
            {
                _changes.AddRange(changes);
            }
        };
    }

    private FakeListener V4 => _sockets.Listeners[(Link, AddressFamily.InterNetwork)];

    private FakeListener V6 => _sockets.Listeners[(Link, AddressFamily.InterNetworkV6)];

    public void Dispose() => _manager.Dispose();

    [Fact]
    public void Both_families_are_asked_at_once()
    {
        Watch();

        MembershipPacket igmp = Assert.Single(V4.Sent);
        MembershipPacket mld = Assert.Single(V6.Sent);
        Assert.Equal((IPAddress.Parse("10.0.0.5"), MulticastGroups.AllSystems, 3), (igmp.Source, igmp.Destination, igmp.Message.Version));
        Assert.Equal((IPAddress.Parse("fe80::5"), MulticastGroups.AllNodes, 2), (mld.Source, mld.Destination, mld.Message.Version));
        Assert.All(_manager.Queriers, querier => Assert.Equal((QuerierRole.Querier, false), (querier.Role, querier.IsSettled)));
    }

    [Fact]
    public void Ignorance_counts_as_a_receiver()
    {
        bool unwatched = _manager.HasReceivers(Link, Group);
        Watch();
        bool early = _manager.HasReceivers(Link, Group);
        _clock.Advance(TimeSpan.FromSeconds(19.9));
        bool stillEarly = _manager.HasReceivers(Link, Group);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.True(unwatched && early && stillEarly);
        Assert.False(_manager.HasReceivers(Link, Group));
        Assert.True(_manager.HasReceivers(Link, IPAddress.Parse("224.0.0.251")), "groups of the link are not asked for");
        Assert.Contains(All, _changes);
    }

    [Fact]
    public void A_host_that_reports_is_a_receiver_and_is_told()
    {
        Watch();
        Settle();
        _changes.Clear();

        V4.Hear(Report(GroupRecordKind.ChangeToExclude, Group), Host);

        Assert.True(_manager.HasReceivers(Link, Group));
        Assert.Equal([new GroupKey(Link, Group)], _changes);
        GroupStatus status = Assert.Single(_manager.Groups);
        Assert.Equal((GroupRole.Receiver, IPAddress.Parse(Host), _clock.GetUtcNow()), (status.Role, status.Reporter, status.Since));
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(260), status.Expires);
    }

    [Fact]
    public void A_host_that_leaves_is_asked_about_and_forgotten_after_two_seconds()
    {
        Watch();
        Settle();
        V4.Hear(Report(GroupRecordKind.ChangeToExclude, Group), Host);
        V4.Sent.Clear();
        _changes.Clear();

        V4.Hear(Report(GroupRecordKind.ChangeToInclude, Group), Host);
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        bool before = _manager.HasReceivers(Link, Group);
        _clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.True(before);
        Assert.False(_manager.HasReceivers(Link, Group));
        Assert.Equal([Group, Group], V4.Sent.Select(packet => packet.Message.Query!.Group!));
        Assert.All(V4.Sent, packet => Assert.Equal(Group, packet.Destination));
        Assert.Equal([new GroupKey(Link, Group)], _changes);
    }

    [Fact]
    public void Mld_is_the_same()
    {
        Watch();
        Settle();

        V6.Hear(MembershipMessage.Tell(1, GroupRecord.Joined(GroupV6)), "fe80::7");
        bool joined = _manager.HasReceivers(Link, GroupV6);
        V6.Hear(new MembershipMessage { Kind = MembershipMessageKind.Leave, Version = 1, Records = [GroupRecord.Left(GroupV6)] }, "fe80::7");
        _clock.Advance(TimeSpan.FromSeconds(2.1));

        Assert.True(joined);
        Assert.False(_manager.HasReceivers(Link, GroupV6));
    }

    [Fact]
    public void Where_nobody_asks_absence_says_nothing()
    {
        _manager.SetQueriers([new QuerierSettings { InterfaceIndex = Link, Enabled = false }]);
        Settle();
        bool nobody = _manager.HasReceivers(Link, Group);

        V4.Hear(MembershipMessage.Ask(3, new MembershipQuery { MaxResponseTime = TimeSpan.FromSeconds(10), Robustness = 2, QueryInterval = TimeSpan.FromSeconds(125) }), "10.0.0.9");
        Settle();
        bool somebody = _manager.HasReceivers(Link, Group);
        _clock.Advance(TimeSpan.FromSeconds(300));

        Assert.True(nobody);
        Assert.False(somebody);
        Assert.True(_manager.HasReceivers(Link, Group), "the other router has fallen silent");
        Assert.Empty(V4.Sent);
    }

    [Fact]
    public void Another_router_with_a_lower_address_is_followed()
    {
        Watch();
        V4.Sent.Clear();

        V4.Hear(MembershipMessage.Ask(3, new MembershipQuery { MaxResponseTime = TimeSpan.FromSeconds(10), Robustness = 2, QueryInterval = TimeSpan.FromSeconds(125) }), "10.0.0.2");
        _clock.Advance(TimeSpan.FromSeconds(200));
        QuerierStatus status = _manager.Queriers.Single(querier => querier.Family == AddressFamily.InterNetwork);
        bool silent = V4.Sent.Count == 0;
        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal((QuerierRole.NonQuerier, IPAddress.Parse("10.0.0.2")), (status.Role, status.Querier));
        Assert.True(silent);
        Assert.Single(V4.Sent);
    }

    [Fact]
    public async Task Without_a_link_local_address_mld_waits_for_one()
    {
        _links.Add(8, "eth1");
        _links.AddAddress(8, "fe80::8", AddressFlags.Tentative);
        _manager.SetQueriers([new QuerierSettings { InterfaceIndex = 8 }]);
        QuerierStatus before = _manager.Queriers.Single(querier => querier.Family == AddressFamily.InterNetworkV6);

        _links.AddAddress(8, "fe80::8");
        await Until.TrueAsync(() => _manager.Queriers.All(querier => querier.Family == AddressFamily.InterNetwork || querier.Role == QuerierRole.Querier));

        Assert.Equal(QuerierRole.NoAddress, before.Role);
        Assert.Contains("link-local", before.Reason, StringComparison.Ordinal);
        Assert.Single(_sockets.Listeners[(8, AddressFamily.InterNetworkV6)].Sent);
    }

    [Fact]
    public async Task After_the_interface_was_down_it_asks_anew()
    {
        Watch();
        Settle();
        V4.Hear(Report(GroupRecordKind.ChangeToExclude, Group), Host);
        bool settled = _manager.Queriers.All(querier => querier.IsSettled);

        _links.Add(Link, "eth0", isUp: false);
        V4.Sent.Clear();
        _links.Add(Link, "eth0");
        await Until.TrueAsync(() => _manager.Queriers.All(querier => !querier.IsSettled));

        Assert.True(settled);
        await Until.TrueAsync(() => V4.Sent.Count > 0);
        Assert.True(_manager.HasReceivers(Link, Group));
        Assert.Single(_manager.Groups);
    }

    [Fact]
    public async Task An_interface_that_goes_takes_its_receivers_with_it()
    {
        Watch();
        Settle();
        V4.Hear(Report(GroupRecordKind.ChangeToExclude, Group), Host);
        FakeListener old = V4;

        _links.Remove(Link);
        await Until.TrueAsync(() => _manager.Queriers.Count == 0);
        _links.Add(Link, "eth0");
        await Until.TrueAsync(() => _manager.Queriers.Count == 2);

        Assert.True(old.IsDisposed);
        Assert.NotSame(old, V4);
        Assert.Empty(_manager.Groups);
        Assert.True(_manager.HasReceivers(Link, Group));
    }

    [Fact]
    public void Settings_that_stay_keep_what_is_known()
    {
        Watch();
        Settle();
        V4.Hear(Report(GroupRecordKind.ChangeToExclude, Group), Host);
        FakeListener old = V4;

        Watch();
        bool kept = ReferenceEquals(old, V4) && _manager.Groups.Count == 1;
        _manager.SetQueriers([]);

        Assert.True(kept);
        Assert.True(old.IsDisposed);
        Assert.Empty(_manager.Groups);
    }

    [Fact]
    public void A_listener_that_cannot_be_opened_says_why_and_is_tried_again()
    {
        _sockets.ListenRefused = "needs CAP_NET_RAW";
        Watch();
        string? reason = _manager.Queriers[0].Reason;
        bool ignorant = _manager.HasReceivers(Link, Group);

        _sockets.ListenRefused = null;
        _clock.Advance(MembershipManager.VerifyInterval);

        Assert.Equal("needs CAP_NET_RAW", reason);
        Assert.True(ignorant);
        Assert.Single(V4.Sent);
    }

    [Fact]
    public void Options_that_cannot_be_used_leave_the_interface_unwatched()
    {
        _manager.SetQueriers([new QuerierSettings { InterfaceIndex = Link, Options = new QuerierOptions { Robustness = 100 } }]);

        Assert.Empty(_manager.Queriers);
    }

    [Fact]
    public void Malformed_packets_change_nothing()
    {
        Watch();
        Settle();

        V4.Hear(Report(GroupRecordKind.ChangeToExclude, GroupV6), "fe80::7");

        Assert.Empty(_manager.Groups);
    }

    private static MembershipMessage Report(GroupRecordKind kind, IPAddress group) =>
        MembershipMessage.Tell(group.AddressFamily == AddressFamily.InterNetwork ? 3 : 2, new GroupRecord(kind, group, []));

    private void Watch() => _manager.SetQueriers([new QuerierSettings { InterfaceIndex = Link }]);

    private void Settle() => _clock.Advance(TimeSpan.FromSeconds(21));
}
