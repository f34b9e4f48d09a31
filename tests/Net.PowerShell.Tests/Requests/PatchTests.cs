using Net.Contracts;
using Net.PowerShell.Requests;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Requests;

public sealed class PatchTests
{
    [Fact]
    public void A_new_rule_has_what_was_given_and_the_contracts_defaults()
    {
        FirewallRule rule = new FirewallRulePatch { Name = "web", Action = RuleAction.Reject, LocalPort = [new PortRange(443)] }.ToRule();

        Assert.Equal("web", rule.Name);
        Assert.Equal(RuleAction.Reject, rule.Action);
        Assert.Equal(RuleDirection.Inbound, rule.Direction);
        Assert.Equal(IpProtocol.Any, rule.Protocol);
        Assert.True(rule.Enabled);
        Assert.Equal([new PortRange(443)], rule.LocalPort);
    }

    [Fact]
    public void Nothing_given_changes_nothing_but_forgets_place_and_counters()
    {
        FirewallRule rule = Sample.Rule("web", 4);

        Assert.Equal(rule with { Position = null, PacketCount = null }, new FirewallRulePatch().ApplyTo(rule));
    }

    [Fact]
    public void An_empty_list_lifts_a_limit_and_an_empty_text_takes_a_text_away()
    {
        FirewallRule rule = Sample.Rule("web") with { Description = "old" };

        FirewallRule changed = new FirewallRulePatch { LocalPort = [], Description = string.Empty }.ApplyTo(rule);

        Assert.Empty(changed.LocalPort);
        Assert.Null(changed.Description);
    }

    [Fact]
    public void Every_part_of_a_rule_a_user_can_set_is_in_the_patch()
    {
        string[] kept = ["Id", "Name", "Position", "PacketCount", "ByteCount"];
        IEnumerable<string> settable = typeof(FirewallRule).GetProperties().Select(property => property.Name).Except(kept);

        Assert.Empty(settable.Except(typeof(FirewallRulePatch).GetProperties().Select(property => property.Name)));
    }

    [Fact]
    public void A_route_keeps_what_was_not_given_and_loses_its_state()
    {
        var route = new NetPathRoute
        {
            Name = "lab",
            DestinationPrefix = AddressRange.Parse("10.0.0.0/8"),
            NextHop = "192.0.2.1",
            RouteMetric = 5,
            State = RouteState.Installed,
        };

        NetPathRoute changed = new NetPathRoutePatch { NextHop = string.Empty, InterfaceAlias = "eth0" }.ApplyTo(route);

        Assert.Equal(route with { NextHop = null, InterfaceAlias = "eth0", State = null }, changed);
    }
}
