using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Net.Engine.Relay.Membership;
using Net.Testing;

namespace Net.Engine.Tests.Relay.Membership;

public sealed class MembershipJoinTests : IDisposable
{
    private static readonly IPAddress Group = IPAddress.Parse("239.1.1.1");
    private static readonly IPAddress Other = IPAddress.Parse("239.1.1.2");
    private readonly FakeMulticastSockets _sockets = new();
    private readonly FakeLinks _links = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly MembershipManager _manager;

    public MembershipJoinTests()
    {
        _links.Add(3, "eth0");
        _manager = new MembershipManager(_sockets, _links, _clock, NullLogger.Instance);
    }

    public void Dispose() => _manager.Dispose();

    [Fact]
    public void What_the_rules_want_is_joined_and_the_rest_left()
    {
        _manager.SetJoins([new GroupJoin(3, Group), new GroupJoin(3, Group), new GroupJoin(3, Other)]);
        _manager.SetJoins([new GroupJoin(3, Other)]);

        Assert.Equal(["join 3 239.1.1.1", "join 3 239.1.1.2", "leave 3 239.1.1.1"], _sockets.Calls);
        GroupStatus status = Assert.Single(_manager.Groups);
        Assert.Equal((3, Other, GroupRole.Joined, null), (status.InterfaceIndex, status.Group, status.Role, status.Reason));
        Assert.Equal(_clock.GetUtcNow(), status.Since);
        Assert.Null(status.Expires);
    }

    [Fact]
    public void Sources_of_a_group_are_one_line()
    {
        _manager.SetJoins([new GroupJoin(3, Group, IPAddress.Parse("10.0.0.2")), new GroupJoin(3, Group, IPAddress.Parse("10.0.0.1"))]);

        GroupStatus status = Assert.Single(_manager.Groups);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], status.Sources.Select(source => source.ToString()));
        Assert.Equal(2, _sockets.Joined.Count);
    }

    [Fact]
    public void Who_wants_every_source_needs_no_single_one()
    {
        _manager.SetJoins([new GroupJoin(3, Group, IPAddress.Parse("10.0.0.1"))]);
        _manager.SetJoins([new GroupJoin(3, Group, IPAddress.Parse("10.0.0.1")), new GroupJoin(3, Group)]);

        // All are joined before the one is left: the group is never without a membership.
        Assert.Equal(["join 3 239.1.1.1 10.0.0.1", "join 3 239.1.1.1", "leave 3 239.1.1.1 10.0.0.1"], _sockets.Calls);
    }

    [Fact]
    public void A_join_that_fails_says_why_and_is_tried_again()
    {
        _sockets.Refused[Group] = "No file descriptor is left.";
        _manager.SetJoins([new GroupJoin(3, Group)]);
        GroupStatus failed = Assert.Single(_manager.Groups);

        _sockets.Refused.Clear();
        _clock.Advance(MembershipManager.RetryInterval);

        Assert.Equal("No file descriptor is left.", failed.Reason);
        GroupStatus status = Assert.Single(_manager.Groups);
        Assert.Null(status.Reason);
        Assert.Equal(_clock.GetUtcNow(), status.Since);
    }

    [Fact]
    public void Nothing_is_tried_again_while_nothing_has_failed()
    {
        _manager.SetJoins([new GroupJoin(3, Group), new GroupJoin(8, Group)]);
        int calls = _sockets.Calls.Count;

        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal((1, 1), (calls, _sockets.Calls.Count));
    }

    [Fact]
    public async Task A_group_of_an_interface_that_comes_late_is_joined_when_it_comes()
    {
        _manager.SetJoins([new GroupJoin(8, Group)]);
        string? waiting = Assert.Single(_manager.Groups).Reason;

        _links.Add(8, "eth1");
        await Until.TrueAsync(() => _sockets.Joined.Count == 1);

        Assert.Equal("The interface does not exist.", waiting);
        await Until.TrueAsync(() => _manager.Groups.Single().Reason is null);
    }

    [Fact]
    public async Task An_interface_that_comes_back_with_its_old_index_is_joined_anew()
    {
        _manager.SetJoins([new GroupJoin(3, Group)]);

        _links.Remove(3);
        await Until.TrueAsync(() => _manager.Groups.Single().Reason is not null);
        _links.Add(3, "eth0");
        await Until.TrueAsync(() => _manager.Groups.Single().Reason is null);

        Assert.Equal(["join 3 239.1.1.1", "leave 3 239.1.1.1", "join 3 239.1.1.1"], _sockets.Calls);
    }

    [Fact]
    public async Task An_interface_that_comes_back_with_another_index_is_joined_when_the_rules_say_so()
    {
        _manager.SetJoins([new GroupJoin(3, Group)]);
        _links.Remove(3);
        _links.Add(9, "eth0");

        _manager.SetJoins([new GroupJoin(9, Group)]);

        await Until.TrueAsync(() => _sockets.Joined.SequenceEqual([new GroupJoin(9, Group)]));
        Assert.Null(Assert.Single(_manager.Groups).Reason);
    }

    [Fact]
    public void What_the_kernel_lost_is_joined_again_within_half_a_minute()
    {
        _manager.SetJoins([new GroupJoin(3, Group), new GroupJoin(3, Other)]);

        _sockets.Lose(new GroupKey(3, Other));
        _clock.Advance(MembershipManager.VerifyInterval);

        Assert.Equal(["join 3 239.1.1.1", "join 3 239.1.1.2", "leave 3 239.1.1.2", "join 3 239.1.1.2"], _sockets.Calls);
    }

    [Fact]
    public async Task What_the_kernel_lost_while_its_interface_changed_is_joined_again_at_once()
    {
        _manager.SetJoins([new GroupJoin(3, Group)]);

        _sockets.Lose(new GroupKey(3, Group));
        _links.Add(3, "eth0", isUp: false);

        await Until.TrueAsync(() => _sockets.Calls.Count == 3);
        Assert.Equal("join 3 239.1.1.1", _sockets.Calls[^1]);
    }

    [Fact]
    public void Ten_thousand_joins_are_set_and_changed_in_one_go()
    {
        GroupJoin[] joins = [.. Enumerable.Range(0, 10_000).Select(number => new GroupJoin(3, new IPAddress([239, 3, (byte)(number >> 8), (byte)number])))];

        _manager.SetJoins(joins);
        _manager.SetJoins([.. joins.Skip(1)]);

        Assert.Equal((9_999, 10_001), (_manager.Groups.Count, _sockets.Calls.Count));
    }

    [Fact]
    public void After_its_end_nothing_is_joined()
    {
        _manager.Dispose();
        _manager.SetJoins([new GroupJoin(3, Group)]);

        Assert.True(_sockets.IsDisposed);
        Assert.Empty(_sockets.Calls);
    }
}
