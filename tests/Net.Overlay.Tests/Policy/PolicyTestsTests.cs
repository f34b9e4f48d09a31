using Net.Overlay.Policy;
using Net.Overlay.Routing;

namespace Net.Overlay.Tests.Policy;

public sealed class PolicyTestsTests
{
    private static readonly PolicyPeer[] Peers =
    [
        new(RoutingTable.LocalNode, "home", [], [OverlayPrefix.Parse("100.64.0.1"), OverlayPrefix.Parse("fd00::1")]),
        new(0, "berlin", [], [OverlayPrefix.Parse("100.64.0.2")]),
        new(1, "mute", [], []),
        new(2, "six", [], [OverlayPrefix.Parse("fd00::2")]),
    ];

    private static readonly PolicySet Policy = PolicySet.Compile(
        [
            new() { Id = "ssh", Allow = true, DestinationPorts = PortSet.OfPorts(22) },
            new() { Id = "ping", Allow = true, Protocols = IpProtocolSet.Of(1, 58) },
        ],
        Peers,
        DateTimeOffset.UnixEpoch);

    private static readonly RoutingTable Routes = RoutingTable.Build([new OverlayRoute(OverlayPrefix.Parse("10.0.0.0/8"), RouteOwner.Gateway, 0, 0, true, "", "")]);

    [Theory]
    [InlineData("home", "Berlin", "tcp", 22, true, "ssh", "rule 'ssh' allows it.")]
    [InlineData("berlin", "home", "tcp", 23, false, null, "no rule matches, and the default denies.")]
    [InlineData("10.0.0.5", "home", "tcp", 23, false, null, "no rule matches, and the default denies.")]
    [InlineData("home", "berlin", "tcp", 23, true, null, "no rule matches, and what this node opens is allowed then.")]
    [InlineData("home", "10.0.0.5", "TCP", 22, true, "ssh", "allows it.")]
    [InlineData("100.64.0.2", "home", "icmp", 0, true, "ping", "allows it.")]
    [InlineData("home", "six", "icmp", 0, true, "ping", "allows it.")]
    [InlineData("berlin", "home", "47", 0, false, null, "the default denies.")]
    public void A_test_that_holds_says_by_which_rule(string from, string to, string protocol, int port, bool expect, string? rule, string reason)
    {
        PolicyTestResult result = PolicyTests.Run(Policy, [new PolicyTest(from, to, protocol, port, expect)], Routes).Single();

        Assert.True(result.IsPassed, result.Reason);
        Assert.Equal((expect, rule), (result.IsAllowed, result.RuleId));
        Assert.EndsWith(reason, result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_that_does_not_hold_says_what_was_expected()
    {
        PolicyTestResult result = PolicyTests.Run(Policy, [new PolicyTest("berlin", "home", "udp", 53, true)]).Single();

        Assert.False(result.IsPassed);
        Assert.Equal("berlin to home udp port 53: no rule matches, and the default denies, but it is expected to be allowed.", result.Reason);
    }

    [Theory]
    [InlineData("nobody", "berlin", "tcp", 22, "'nobody' is neither a peer nor an address.")]
    [InlineData("home", "11.0.0.1", "tcp", 22, "No route leads to '11.0.0.1'.")]
    [InlineData("home", "10.0.0.0/8", "tcp", 22, "is neither a peer nor an address.")]
    [InlineData("home", "mute", "tcp", 22, "The peer 'mute' has no address.")]
    [InlineData("berlin", "six", "tcp", 22, "have no address family in common.")]
    [InlineData("home", "berlin", "smtp", 25, "'smtp' is not tcp, udp")]
    [InlineData("home", "berlin", "tcp", 0, "names a port.")]
    [InlineData("home", "berlin", "tcp", 70000, "70000 is no port.")]
    public void A_test_that_cannot_be_asked_fails_with_the_reason(string from, string to, string protocol, int port, string reason)
    {
        PolicyTestResult result = PolicyTests.Run(Policy, [new PolicyTest(from, to, protocol, port, false)], Routes).Single();

        Assert.False(result.IsPassed);
        Assert.Null(result.IsAllowed);
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
    }
}
