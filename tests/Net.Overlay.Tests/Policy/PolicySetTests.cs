using System.Net;
using Net.Overlay.Flows;
using Net.Overlay.Policy;
using Net.Overlay.Routing;

namespace Net.Overlay.Tests.Policy;

public sealed class PolicySetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly PolicyPeer[] Peers =
    [
        new(RoutingTable.LocalNode, "home", ["Admins"], [OverlayPrefix.Parse("100.64.0.1")]),
        new(0, "berlin", ["servers"], [OverlayPrefix.Parse("100.64.0.2"), OverlayPrefix.Parse("fd00::2")]),
        new(70, "paris", ["servers", "admins"], [OverlayPrefix.Parse("100.64.0.3")]),
    ];

    [Fact]
    public void What_a_peer_opens_and_no_rule_allows_is_denied_and_logged()
    {
        PolicySet policy = PolicySet.Compile([], Peers, Now);
        var denied = new PolicyDecision(false, PolicyDecision.DefaultRule, true);

        Assert.Equal(denied, Ask(policy, "100.64.0.2", "100.64.0.1", 6, 22, 0, -1));
        Assert.Equal(denied, Ask(policy, "100.64.0.2", "100.64.0.3", 6, 22, 0, 70));
        Assert.Equal(denied, Ask(PolicySet.NoRules, "100.64.0.2", "100.64.0.1", 6, 22, 0, -1));
    }

    [Fact]
    public void What_this_node_opens_is_allowed_and_logged_unless_a_rule_denies_it()
    {
        PolicySet policy = PolicySet.Compile([new() { Id = "no telnet", Allow = false, DestinationPorts = PortSet.OfPorts(23) }], Peers, Now);

        Assert.Equal(new PolicyDecision(true, PolicyDecision.DefaultRule, true), Ask(policy, "100.64.0.1", "100.64.0.2", 6, 22, -1, 0));
        Assert.Equal(new PolicyDecision(true, PolicyDecision.DefaultRule, true), Ask(policy, "192.168.1.7", "100.64.0.2", 6, 22, -1, 0));
        Assert.Equal(new PolicyDecision(false, 0, false), Ask(policy, "100.64.0.1", "100.64.0.2", 6, 23, -1, 0));
    }

    [Fact]
    public void The_first_rule_that_matches_decides()
    {
        PolicySet policy = PolicySet.Compile(
            [new() { Id = "no telnet", Allow = false, DestinationPorts = PortSet.OfPorts(23) }, new() { Id = "rest", Allow = true, Log = true }, new() { Id = "never", Allow = false }],
            Peers,
            Now);

        Assert.Equal(new PolicyDecision(false, 0, false), Ask(policy, "100.64.0.1", "100.64.0.2", 6, 23, -1, 0));
        Assert.Equal(new PolicyDecision(true, 1, true), Ask(policy, "100.64.0.1", "100.64.0.2", 6, 22, -1, 0));
    }

    [Fact]
    public void A_rule_about_a_peer_is_not_about_the_subnet_behind_it()
    {
        PolicySet policy = PolicySet.Compile([new() { Id = "to berlin", Allow = true, To = new PolicyEndpoints { Peers = [0] } }], Peers, Now);

        Assert.True(Ask(policy, "100.64.0.3", "100.64.0.2", 6, 22, 70, 0).IsAllowed);
        Assert.False(Ask(policy, "100.64.0.3", "10.0.0.5", 6, 22, 70, 0).IsAllowed);
        Assert.False(Ask(policy, "100.64.0.3", "100.64.0.2", 6, 22, 70, -1).IsAllowed);
    }

    [Fact]
    public void Groups_stand_for_their_peers_without_case()
    {
        PolicySet policy = PolicySet.Compile([new() { Id = "admins", Allow = true, From = new PolicyEndpoints { Groups = ["ADMINS"] } }], Peers, Now);

        Assert.Equal(new PolicyDecision(true, 0, false), Ask(policy, "100.64.0.1", "100.64.0.2", 6, 22, -1, 0));
        Assert.True(Ask(policy, "100.64.0.3", "100.64.0.2", 6, 22, 70, 0).IsAllowed);
        Assert.False(Ask(policy, "100.64.0.2", "100.64.0.3", 6, 22, 0, 70).IsAllowed);
    }

    [Fact]
    public void Prefixes_match_wherever_they_are_and_only_in_their_family()
    {
        PolicySet policy = PolicySet.Compile([new() { Id = "lan", Allow = true, To = new PolicyEndpoints { Prefixes = [OverlayPrefix.Parse("10.0.0.0/8")] } }], Peers, Now);

        Assert.True(Ask(policy, "100.64.0.2", "10.0.0.5", 6, 22, 0, -1).IsAllowed);
        Assert.True(Ask(policy, "100.64.0.2", "10.0.0.5", 6, 22, 0, 70).IsAllowed);
        Assert.False(Ask(policy, "100.64.0.2", "11.0.0.5", 6, 22, 0, -1).IsAllowed);
        Assert.False(Ask(policy, "fd00::2", "a00::5", 6, 22, 0, -1).IsAllowed);
    }

    [Fact]
    public void Endpoints_without_anything_match_nothing()
    {
        PolicySet policy = PolicySet.Compile([new() { Id = "nobody", Allow = true, From = new PolicyEndpoints() }], Peers, Now);

        Assert.False(Ask(policy, "100.64.0.2", "100.64.0.1", 6, 22, 0, -1).IsAllowed);
        Assert.Equal(PolicyDecision.DefaultRule, Ask(policy, "100.64.0.1", "100.64.0.2", 6, 22, -1, 0).RuleIndex);
    }

    [Theory]
    [InlineData(6, 8080, true)]
    [InlineData(6, 8081, false)]
    [InlineData(6, 22, true)]
    [InlineData(17, 22, false)]
    [InlineData(1, 22, false)]
    public void Protocol_and_port_both_count(byte protocol, ushort port, bool expected)
    {
        PolicySet policy = PolicySet.Compile(
            [new() { Id = "web", Allow = true, Protocols = IpProtocolSet.Of(6, 1, 255), DestinationPorts = PortSet.Of(new(8000, 8080), new(22, 22)) }], Peers, Now);

        Assert.Equal(expected, Ask(policy, "100.64.0.2", "100.64.0.1", protocol, port, 0, -1).IsAllowed);
    }

    [Fact]
    public void Sets_are_written_as_they_are_compared()
    {
        Assert.Equal("1,6,255", IpProtocolSet.Of(6, 1, 255).ToString());
        Assert.Equal("all", IpProtocolSet.All.ToString());
        Assert.True(default(IpProtocolSet).IsEmpty);
        Assert.True(IpProtocolSet.Of(6) != IpProtocolSet.Of(17));
        Assert.Equal("22,8000-8090", PortSet.Of(new(8000, 8080), new(22, 22), new(8081, 8090)).ToString());
        Assert.Equal(PortSet.Of(new PortRange(1, 2)), PortSet.OfPorts(1, 2));
        Assert.Equal(PortSet.All, PortSet.Of(new(0, 65535), new(5, 6)));
        Assert.Throws<ArgumentException>(() => PortSet.Of(new PortRange(2, 1)));
    }

    [Fact]
    public void A_window_is_open_at_its_hours_and_days_of_its_place()
    {
        var window = new TimeWindow(PolicyDays.Weekdays, new TimeOnly(8, 0), new TimeOnly(17, 30), "Europe/Berlin");

        Assert.True(window.IsOpen(new(2026, 11, 26, 7, 0, 0, TimeSpan.Zero)));
        Assert.False(window.IsOpen(new(2026, 11, 26, 6, 59, 59, TimeSpan.Zero)));
        Assert.False(window.IsOpen(new(2026, 11, 26, 16, 30, 0, TimeSpan.Zero)));
        Assert.False(window.IsOpen(new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void A_window_over_midnight_belongs_to_the_day_it_opens()
    {
        var window = new TimeWindow(PolicyDays.Friday, new TimeOnly(22, 0), new TimeOnly(2, 0), "UTC");

        Assert.True(window.IsOpen(new(2026, 11, 27, 23, 0, 0, TimeSpan.Zero)));
        Assert.True(window.IsOpen(new(2026, 11, 28, 1, 59, 0, TimeSpan.Zero)));
        Assert.False(window.IsOpen(new(2026, 11, 28, 2, 0, 0, TimeSpan.Zero)));
        Assert.False(window.IsOpen(new(2026, 11, 27, 1, 0, 0, TimeSpan.Zero)));
        Assert.True(new TimeWindow(PolicyDays.All, default, default, "UTC").IsOpen(Now));
    }

    [Fact]
    public void Windows_need_whole_minutes_and_a_known_place()
    {
        Assert.Throws<ArgumentException>(() => new TimeWindow(PolicyDays.All, new TimeOnly(8, 0, 1), default, "UTC"));
        Assert.Contains("Mars/Olympus", Assert.Throws<ArgumentException>(() => new TimeWindow(PolicyDays.All, default, default, "Mars/Olympus")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_counts_only_at_its_time_and_the_next_change_is_known()
    {
        PolicyRule[] rules = [new() { Id = "office hours", Allow = true, When = new TimeWindow(PolicyDays.All, new TimeOnly(8, 0), new TimeOnly(17, 30), "Europe/Berlin") }];

        PolicySet open = PolicySet.Compile(rules, Peers, Now);
        PolicySet shut = PolicySet.Compile(rules, Peers, open.NextChange!.Value);

        Assert.True(Ask(open, "100.64.0.2", "100.64.0.1", 6, 22, 0, -1).IsAllowed);
        Assert.Equal(new DateTimeOffset(2026, 11, 26, 16, 30, 0, TimeSpan.Zero), open.NextChange);
        Assert.False(Ask(shut, "100.64.0.2", "100.64.0.1", 6, 22, 0, -1).IsAllowed);
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 7, 0, 0, TimeSpan.Zero), shut.NextChange);
        Assert.Equal(open.Hash, shut.Hash);
        Assert.NotEqual(open.Generation, shut.Generation);
    }

    [Fact]
    public void A_window_that_opens_in_the_hour_daylight_saving_skips_opens_at_its_end()
    {
        PolicyRule[] rules = [new() { Id = "night", Allow = true, When = new TimeWindow(PolicyDays.All, new TimeOnly(2, 30), new TimeOnly(4, 0), "Europe/Berlin") }];

        PolicySet policy = PolicySet.Compile(rules, Peers, new DateTimeOffset(2026, 3, 29, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero), policy.NextChange);
    }

    [Fact]
    public void Without_windows_nothing_changes_and_one_that_never_opens_is_looked_at_again()
    {
        Assert.Null(PolicySet.Compile([new() { Id = "always", Allow = true }], Peers, Now).NextChange);
        Assert.Equal(
            Now.AddDays(8),
            PolicySet.Compile([new() { Id = "never", Allow = true, When = new TimeWindow(PolicyDays.None, default, default, "UTC") }], Peers, Now).NextChange);
    }

    [Fact]
    public void The_hash_is_the_same_on_every_node_and_another_for_another_policy()
    {
        PolicyRule rule = new() { Id = "r", Allow = true, To = new PolicyEndpoints { Peers = [0], Groups = ["servers"] }, Description = "one" };
        PolicyPeer[] elsewhere = [Peers[2] with { Index = 3 }, Peers[1] with { Index = RoutingTable.LocalNode }, Peers[0] with { Index = 1 }];
        ulong hash = PolicySet.Compile([rule], Peers, Now).Hash;

        Assert.Equal(hash, PolicySet.Compile([rule with { To = rule.To with { Peers = [RoutingTable.LocalNode] }, Description = "two" }], elsewhere, Now.AddDays(1)).Hash);
        Assert.NotEqual(hash, PolicySet.Compile([rule with { Allow = false }], Peers, Now).Hash);
        Assert.NotEqual(hash, PolicySet.Compile([rule], [Peers[0] with { Groups = ["servers"] }, Peers[1], Peers[2]], Now).Hash);
    }

    [Fact]
    public void Two_rules_with_one_id_and_peers_without_index_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PolicySet.Compile([new() { Id = "a", Allow = true }, new() { Id = "A", Allow = true }], Peers, Now));
        Assert.Throws<ArgumentException>(() => PolicySet.Compile([], [Peers[0] with { Index = -2 }], Now));
    }

    private static PolicyDecision Ask(PolicySet policy, string from, string to, byte protocol, ushort port, int fromPeer, int toPeer)
    {
        var key = new FlowKey(IPAddress.Parse(from).GetAddressBytes(), IPAddress.Parse(to).GetAddressBytes(), protocol, 50000, port);
        return policy.Evaluate(in key, fromPeer, toPeer);
    }
}
