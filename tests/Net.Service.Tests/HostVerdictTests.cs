using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>Two hosts on one link, the engine on the left one.</summary>
public sealed class HostVerdictLab() : VerdictLab(LabTopologies.Pair(), "left", "10.1.0.1", "2001:db8:1::1", "10.1.0.2", "2001:db8:1::2");

/// <summary>What becomes of real packets to and from the engine's own host.</summary>
public sealed class HostVerdictTests(HostVerdictLab lab) : IClassFixture<HostVerdictLab>
{
    public static TheoryData<RuleAction, string, bool> Cases => Combine();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Packets_that_come_in_are_treated_as_the_rule_says(RuleAction action, string protocol, bool isV6)
    {
        await lab.UseAsync(Inbound("this", action, protocol), Inbound("rest", RuleAction.Block, protocol));

        AssertOutcome(action, protocol, await lab.TryAsync(fromLeft: false, protocol, isV6));

        Assert.True(await lab.CountAsync("this") > 0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Packets_that_go_out_are_treated_as_the_rule_says(RuleAction action, string protocol, bool isV6)
    {
        await lab.UseAsync(Outbound("this", action, protocol), Outbound("rest", RuleAction.Block, protocol));

        string outcome = await lab.TryAsync(fromLeft: true, protocol, isV6);

        // A local sender may be told at once that its packet was dropped.
        string[] expected = action == RuleAction.Block ? ["timeout", "unreachable"] : action == RuleAction.Reject ? ["refused", "unreachable"] : ["answered"];
        Assert.Contains(outcome, expected);
        Assert.True(await lab.CountAsync("this") > 0);
    }

    [Fact]
    public async Task The_first_rule_that_matches_decides()
    {
        await lab.UseAsync(Inbound("allow", RuleAction.Allow, "tcp"), Inbound("reject", RuleAction.Reject, "tcp"));
        Assert.Equal("answered", await lab.TryAsync(false, "tcp", false));
        Assert.Equal(0, await lab.CountAsync("reject"));

        await lab.UseAsync(Inbound("reject first", RuleAction.Reject, "tcp"), Inbound("allow second", RuleAction.Allow, "tcp"));
        Assert.Equal("refused", await lab.TryAsync(false, "tcp", false));
        Assert.Equal(0, await lab.CountAsync("allow second"));
    }

    [Fact]
    public async Task A_disabled_rule_has_no_effect()
    {
        await lab.UseAsync(Inbound("off", RuleAction.Reject, "tcp") with { Enabled = false });
        Assert.Equal("answered", await lab.TryAsync(false, "tcp", false));

        await lab.UseAsync(Inbound("off", RuleAction.Reject, "tcp"));
        Assert.Equal("refused", await lab.TryAsync(false, "tcp", false));
    }

    [Theory]
    [InlineData("7001,7003", "refused", "answered", "refused", "answered")]
    [InlineData("7001-7003", "refused", "refused", "refused", "answered")]
    [InlineData("7000-7001,7010", "refused", "answered", "answered", "refused")]
    public async Task Lists_and_ranges_of_ports_match_what_they_name(string ports, string first, string second, string third, string last)
    {
        await lab.UseAsync(Inbound("ports", RuleAction.Reject, "tcp") with { LocalPort = VerdictLab.PortsOf("tcp", ports) });

        string[] seen = await Task.WhenAll(new[] { 7001, 7002, 7003, 7010 }.Select(port => lab.TryAsync(false, "tcp", false, port)));
        Assert.Equal([first, second, third, last], seen);
    }

    [Theory]
    [InlineData("10.1.0.2", true, false)]
    [InlineData("10.1.0.0/24", true, false)]
    [InlineData("10.1.0.1-10.1.0.9", true, false)]
    [InlineData("10.1.0.3,2001:db8:1::2", false, true)]
    [InlineData("2001:db8:1::/64,10.1.0.2", true, true)]
    [InlineData("192.0.2.0/24", false, false)]
    public async Task Addresses_and_prefixes_match_the_hosts_they_name(string addresses, bool matchesV4, bool matchesV6)
    {
        await lab.UseAsync(Inbound("from", RuleAction.Reject, "tcp") with { RemoteAddress = [.. addresses.Split(',').Select(one => AddressRange.Parse(one, null))] });

        Assert.Equal(matchesV4 ? "refused" : "answered", await lab.TryAsync(false, "tcp", isV6: false));
        Assert.Equal(matchesV6 ? "refused" : "answered", await lab.TryAsync(false, "tcp", isV6: true));
    }

    [Theory]
    [InlineData("eth0", true)]
    [InlineData("eth*", true)]
    [InlineData("eth1", false)]
    [InlineData("lo", false)]
    public async Task An_interface_limits_a_rule_to_what_comes_in_by_it(string name, bool matches)
    {
        await lab.UseAsync(Inbound("by", RuleAction.Reject, "tcp") with { InterfaceAlias = [name] });

        Assert.Equal(matches ? "refused" : "answered", await lab.TryAsync(false, "tcp", isV6: false));
    }

    [Fact]
    public async Task A_family_limits_a_rule_to_its_packets()
    {
        await lab.UseAsync(Inbound("six", RuleAction.Reject, "tcp") with { Family = IpFamily.IPv6 });

        Assert.Equal("answered", await lab.TryAsync(false, "tcp", isV6: false));
        Assert.Equal("refused", await lab.TryAsync(false, "tcp", isV6: true));
    }

    [Fact]
    public async Task A_remote_port_matches_where_a_connection_comes_from()
    {
        await lab.UseAsync(Inbound("from", RuleAction.Reject, "tcp") with { LocalPort = [], RemotePort = VerdictLab.PortsOf("tcp", "40001") });

        Assert.Equal("refused", await lab.TryAsync(false, "tcp", false, source: "10.1.0.2:40001"));
        Assert.Equal("answered", await lab.TryAsync(false, "tcp", false, source: "10.1.0.2:40002"));
    }

    [Fact]
    public async Task A_rule_without_anything_blocks_everything_that_comes_in_but_not_the_engine_itself()
    {
        await lab.UseAsync(new FirewallRule { Name = "all", Direction = RuleDirection.Inbound, Action = RuleAction.Reject, InterfaceAlias = ["eth0"] });

        Assert.NotEqual("answered", await lab.TryAsync(false, "tcp", false));
        Assert.NotEqual("answered", await lab.TryAsync(false, "ping", false));
        Assert.True(await lab.CountAsync("all") > 0);
    }

    private static TheoryData<RuleAction, string, bool> Combine()
    {
        var cases = new TheoryData<RuleAction, string, bool>();
        foreach (RuleAction action in (RuleAction[])[RuleAction.Allow, RuleAction.Block, RuleAction.Reject])
        {
            foreach (string protocol in new[] { "tcp", "udp", "ping" })
            {
                cases.Add(action, protocol, false);
                cases.Add(action, protocol, true);
            }
        }

        return cases;
    }

    // A refused ping is told "administratively prohibited", which the runtime shows differently for each IP version.
    internal static void AssertOutcome(RuleAction action, string protocol, string outcome)
    {
        if (action == RuleAction.Reject && protocol == "ping")
        {
            Assert.DoesNotContain(outcome, (string[])["answered", "timeout"]);
            return;
        }

        Assert.Equal(Outcome(action), outcome);
    }

    private static string Outcome(RuleAction action) => action switch
    {
        RuleAction.Allow => "answered",
        RuleAction.Block => "timeout",
        // A TCP reset, or ICMP port unreachable.
        _ => "refused",
    };

    private static FirewallRule Inbound(string name, RuleAction action, string protocol) => new()
    {
        Name = name,
        Direction = RuleDirection.Inbound,
        Action = action,
        Protocol = VerdictLab.ProtocolOf(protocol),
        LocalPort = VerdictLab.PortsOf(protocol),
    };

    private static FirewallRule Outbound(string name, RuleAction action, string protocol) => new()
    {
        Name = name,
        Direction = RuleDirection.Outbound,
        Action = action,
        Protocol = VerdictLab.ProtocolOf(protocol),
        RemotePort = VerdictLab.PortsOf(protocol),
    };
}
