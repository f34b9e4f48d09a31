using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>Two hosts with a router between, the engine on the router.</summary>
public sealed class ForwardVerdictLab() : VerdictLab(LabTopologies.Chain(), "router", "10.1.0.2", "2001:db8:1::2", "10.2.0.2", "2001:db8:2::2");

/// <summary>What becomes of real packets that pass through the engine's host.</summary>
public sealed class ForwardVerdictTests(ForwardVerdictLab lab) : IClassFixture<ForwardVerdictLab>
{
    public static TheoryData<RuleAction, string, bool> Cases => HostVerdictTests.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Packets_that_pass_through_are_treated_as_the_rule_says(RuleAction action, string protocol, bool isV6)
    {
        await lab.UseAsync(Forward("this", action, protocol), Forward("rest", RuleAction.Block, protocol));

        HostVerdictTests.AssertOutcome(action, protocol, await lab.TryAsync(fromLeft: true, protocol, isV6));

        Assert.True(await lab.CountAsync("this") > 0);
    }

    [Fact]
    public async Task Forward_rules_leave_the_routers_own_packets_alone_and_inbound_rules_those_that_pass()
    {
        await lab.UseAsync(new FirewallRule { Name = "in", Direction = RuleDirection.Inbound, Action = RuleAction.Block, Protocol = IpProtocol.Tcp });

        Assert.Equal("answered", await lab.TryAsync(fromLeft: true, "tcp", isV6: false));
        Assert.Equal(0, await lab.CountAsync("in"));
    }

    [Theory]
    [InlineData("eth0", "eth1", true)]
    [InlineData("eth1", "eth0", false)]
    [InlineData("eth0", "eth0", false)]
    [InlineData("eth0", null, true)]
    [InlineData(null, "eth1", true)]
    public async Task Both_interfaces_of_a_packet_that_passes_can_be_named(string? comesIn, string? leaves, bool matches)
    {
        await lab.UseAsync(Forward("by", RuleAction.Reject, "tcp") with
        {
            InterfaceAlias = comesIn is null ? [] : [comesIn],
            OutInterfaceAlias = leaves is null ? [] : [leaves],
        });

        Assert.Equal(matches ? "refused" : "answered", await lab.TryAsync(fromLeft: true, "tcp", isV6: false));
    }

    [Fact]
    public async Task Source_and_destination_are_told_apart()
    {
        await lab.UseAsync(Forward("there", RuleAction.Reject, "tcp") with
        {
            SourceAddress = [AddressRange.Parse("10.1.0.0/24", null)],
            DestinationAddress = [AddressRange.Parse("10.2.0.2", null)],
        });

        Assert.Equal("refused", await lab.TryAsync(fromLeft: true, "tcp", isV6: false));
        Assert.Equal("answered", await lab.TryAsync(fromLeft: false, "tcp", isV6: false));
    }

    private static FirewallRule Forward(string name, RuleAction action, string protocol) => new()
    {
        Name = name,
        Direction = RuleDirection.Forward,
        Action = action,
        Protocol = VerdictLab.ProtocolOf(protocol),
        DestinationPort = VerdictLab.PortsOf(protocol),
    };
}
