using System.Net;
using Net.Contracts;
using Net.Platform;
using PortRange = Net.Contracts.PortRange;
using RuleAction = Net.Contracts.RuleAction;

namespace Net.Engine.Tests.RunningFirewall;

public sealed class FlowTests
{
    private const int Lan = 2;
    private const int Wan = 3;
    private const string Captured = "12:00:00.000001 wan   In  IP 203.0.113.9.50000 > 192.0.2.1.80: Flags [S], seq 1, win 64240, length 1";

    [Fact]
    public async Task A_packet_to_this_host_is_completed_by_routes_and_judged_by_its_rule()
    {
        await using EngineRig rig = await StartAsync(EngineRig.Rule("no-web", "80"));

        NetFlowVerdict verdict = Test(rig, new NetFlow { SourceAddress = "203.0.113.9", DestinationAddress = "192.0.2.1", DestinationPort = 80 });

        Assert.False(verdict.Allowed);
        Assert.Equal(("no-web", RuleAction.Block, "to this host"), (verdict.Rule, verdict.Action, verdict.Route));
        Assert.StartsWith("Rule 'no-web' drops it without an answer", verdict.Reason, StringComparison.Ordinal);
        Assert.Equal((RuleDirection.Inbound, "wan", 40, "syn"), (verdict.Flow.Direction, verdict.Flow.InterfaceAlias, verdict.Flow.Length, verdict.Flow.TcpFlags));
        NetFlowStep step = Assert.Single(verdict.Steps);
        Assert.Equal(("no-web", true), (step.Rule, step.Matched));
    }

    [Fact]
    public async Task A_packet_that_no_rule_decides_passes_and_chains_of_others_are_named()
    {
        await using EngineRig rig = await StartAsync(EngineRig.Rule("no-web", "80"));
        rig.Firewall.BaseChains.AddRange(
        [
            new BaseChainInfo(FirewallTable.NetModule, "input", "filter", FirewallHook.Input, 0, false, null),
            new BaseChainInfo(new FirewallTable(FirewallFamily.Ip, "filter"), "INPUT", "filter", FirewallHook.Input, 0, true, null),
            new BaseChainInfo(new FirewallTable(FirewallFamily.Ip6, "filter"), "INPUT", "filter", FirewallHook.Input, 0, true, null),
            new BaseChainInfo(new FirewallTable(FirewallFamily.Inet, "firewalld"), "filter_FORWARD", "filter", FirewallHook.Forward, 10, false, null),
            new BaseChainInfo(new FirewallTable(FirewallFamily.Netdev, "guard"), "in", "filter", FirewallHook.Ingress, 0, false, "wan"),
        ]);

        NetFlowVerdict verdict = Test(rig, new NetFlow { SourceAddress = "203.0.113.9", DestinationAddress = "192.0.2.1", DestinationPort = 443 });

        Assert.True(verdict.Allowed);
        Assert.Null(verdict.Rule);
        Assert.Equal(["ip filter INPUT (input, priority 0, drops what no rule of it accepts)", "netdev guard in (ingress, priority 0, accepts what no rule of it drops)"], verdict.ForeignChains);
        Assert.Equal("No rule decides about it, so it passes; 2 chains of other programs could still drop it.", verdict.Reason);
    }

    [Fact]
    public async Task A_packet_of_this_host_takes_the_source_of_its_route()
    {
        await using EngineRig rig = await StartAsync(new FirewallRule { Name = "no-mail", Direction = RuleDirection.Outbound, Protocol = IpProtocol.Tcp, Action = RuleAction.Reject, RemotePort = [new PortRange(25)] });

        NetFlowVerdict verdict = Test(rig, new NetFlow { DestinationAddress = "203.0.113.9", DestinationPort = 25 });

        Assert.Equal((RuleDirection.Outbound, "192.0.2.1", "wan"), (verdict.Flow.Direction, verdict.Flow.SourceAddress, verdict.Flow.OutInterfaceAlias));
        Assert.Equal("default via 192.0.2.254 by wan", verdict.Route);
        Assert.StartsWith("Rule 'no-mail' refuses it and tells the sender", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packet_through_this_host_goes_by_two_interfaces()
    {
        await using EngineRig rig = await StartAsync(new FirewallRule
        {
            Name = "lan-out",
            Direction = RuleDirection.Forward,
            Protocol = IpProtocol.Udp,
            Action = RuleAction.Allow,
            InterfaceAlias = ["lan"],
            OutInterfaceAlias = ["wan"],
        });

        NetFlowVerdict verdict = Test(rig, new NetFlow { SourceAddress = "10.0.0.7", DestinationAddress = "203.0.113.9", Protocol = IpProtocol.Udp, DestinationPort = 53 });

        Assert.True(verdict.Allowed);
        Assert.Equal(("lan-out", RuleDirection.Forward, "lan", "wan"), (verdict.Rule, verdict.Flow.Direction, verdict.Flow.InterfaceAlias, verdict.Flow.OutInterfaceAlias));
    }

    [Fact]
    public async Task A_packet_without_a_route_never_arrives_whatever_the_rules_say()
    {
        await using EngineRig rig = await StartAsync(EngineRig.Rule("no-web", "80"));

        NetFlowVerdict own = Test(rig, new NetFlow { DestinationAddress = "198.51.100.1", DestinationPort = 80 });
        NetFlowVerdict through = Test(rig, new NetFlow { SourceAddress = "10.0.0.7", DestinationAddress = "198.51.100.1", DestinationPort = 80 });

        Assert.Equal((false, false), (own.Allowed, through.Allowed));
        Assert.Equal("It is never sent: Network is unreachable.", own.Reason);
        Assert.Equal("It goes nowhere: Network is unreachable.", through.Reason);
        Assert.Equal("none: Network is unreachable", through.Route);
    }

    [Fact]
    public async Task What_this_host_sends_to_itself_comes_in_again_by_loopback()
    {
        await using EngineRig rig = await StartAsync(EngineRig.Rule("no-web", "80"));

        NetFlowVerdict verdict = Test(rig, new NetFlow { DestinationAddress = "192.0.2.1", DestinationPort = 80 });

        Assert.False(verdict.Allowed);
        Assert.Equal("no-web", verdict.Rule);
    }

    [Fact]
    public async Task A_document_that_is_not_in_force_can_be_asked()
    {
        await using EngineRig rig = await StartAsync(EngineRig.Rule("no-web", "80"));
        NetConfiguration other = rig.Manager.Document with { Firewall = new FirewallSection { Rules = [EngineRig.Rule("no-ssh", "22") with { Id = 9 }] } };
        var flow = new NetFlow { SourceAddress = "203.0.113.9", DestinationAddress = "192.0.2.1", DestinationPort = 22 };

        NetFlowVerdict now = Test(rig, flow);
        NetFlowVerdict then = Assert.Single(rig.Runtime.Flows.Test(new TestNetFlows([flow], Document: other)));

        Assert.True(now.Allowed);
        Assert.Equal("no-ssh", then.Rule);
        await EngineRig.Refused(ErrorCatalogue.ConfigurationInvalid, () => Task.FromResult(rig.Runtime.Flows.Test(new TestNetFlows([flow], Document: other with { SchemaVersion = 99 }))));
    }

    [Fact]
    public async Task A_captured_packet_is_asked_about_as_it_was_seen()
    {
        await using EngineRig rig = await StartAsync(EngineRig.Rule("no-web", "80"));

        NetFlowVerdict line = Test(rig, new NetFlow { Packet = Captured });
        NetFlowVerdict bytes = Test(rig, new NetFlow { Packet = "4500001c0000400040010000cb007109c00002010800000000000000", InterfaceAlias = "wan" });
        NetFlowVerdict odd = Test(rig, new NetFlow { Packet = "IP 203.0.113.9.50000 > 192.0.2.1.80: Flags [none], length 0", InterfaceAlias = "wan" });

        Assert.Equal(("no-web", false), (line.Rule, line.Allowed));
        Assert.Equal(("203.0.113.9", 50_000, "192.0.2.1", 80, "wan"), (line.Flow.SourceAddress, line.Flow.SourcePort, line.Flow.DestinationAddress, line.Flow.DestinationPort, line.Flow.InterfaceAlias));
        Assert.Equal(("syn", 41, Captured), (line.Flow.TcpFlags, line.Flow.Length, line.Flow.Packet));
        Assert.Equal((true, IpProtocol.Icmp, "8/0", 28), (bytes.Allowed, bytes.Flow.Protocol, bytes.Flow.IcmpType, bytes.Flow.Length));
        Assert.Equal(("no-web", "!syn"), (odd.Rule, odd.Flow.TcpFlags));
    }

    public static TheoryData<NetFlow, string> Wrong() => new()
    {
        { new NetFlow { DestinationAddress = "example.org", DestinationPort = 1 }, "flows[0].destinationAddress" },
        { new NetFlow { DestinationAddress = "10.0.0.0/8", DestinationPort = 1 }, "flows[0].destinationAddress" },
        { new NetFlow { DestinationAddress = "::1", SourceAddress = "10.0.0.1", DestinationPort = 1 }, "flows[0].sourceAddress" },
        { new NetFlow { DestinationAddress = "10.0.0.1" }, "flows[0].destinationPort" },
        { new NetFlow { DestinationAddress = "10.0.0.1", DestinationPort = 70_000 }, "flows[0].destinationPort" },
        { new NetFlow { DestinationAddress = "10.0.0.1", Protocol = IpProtocol.Icmp, DestinationPort = 1 }, "flows[0].destinationPort" },
        { new NetFlow { DestinationAddress = "10.0.0.1", Protocol = IpProtocol.Any }, "flows[0].protocol" },
        { new NetFlow { DestinationAddress = "10.0.0.1", Protocol = IpProtocol.Icmp, IcmpType = "echo" }, "flows[0].icmpType" },
        { new NetFlow { DestinationAddress = "10.0.0.1", DestinationPort = 1, TcpFlags = "sync" }, "flows[0].tcpFlags" },
        { new NetFlow { DestinationAddress = "10.0.0.1", DestinationPort = 1, Dscp = 64 }, "flows[0].dscp" },
        { new NetFlow { DestinationAddress = "10.0.0.1", DestinationPort = 1, SourceMac = "02:00" }, "flows[0].sourceMac" },
        { new NetFlow { DestinationAddress = "10.0.0.1", DestinationPort = 1, User = "nobody-here" }, "flows[0].user" },
        { new NetFlow { DestinationAddress = "10.0.0.1", DestinationPort = 1, Direction = RuleDirection.Inbound }, "flows[0].sourceAddress" },
        { new NetFlow(), "flows[0].destinationAddress" },
        { new NetFlow { Packet = "" }, "flows[0].packet" },
        { new NetFlow { Packet = "ARP, Request who-has 192.0.2.2 tell 192.0.2.1, length 28" }, "flows[0].packet" },
        { new NetFlow { Packet = "IP 192.0.2.1 > 192.0.2.2: ip-proto-103" }, "flows[0].packet" },
        { new NetFlow { Packet = Captured, DestinationAddress = "10.0.0.1" }, "flows[0].destinationAddress" },
        { new NetFlow { Packet = Captured, SourceAddress = "10.0.0.1" }, "flows[0].sourceAddress" },
        { new NetFlow { Packet = Captured, DestinationPort = 1 }, "flows[0].destinationPort" },
        { new NetFlow { Packet = Captured, SourcePort = 1 }, "flows[0].sourcePort" },
        { new NetFlow { Packet = Captured, IcmpType = "8" }, "flows[0].icmpType" },
        { new NetFlow { Packet = Captured, TcpFlags = "syn" }, "flows[0].tcpFlags" },
        { new NetFlow { Packet = Captured, Length = 100 }, "flows[0].length" },
        { new NetFlow { Packet = Captured, SourceMac = "02:00:00:00:00:01" }, "flows[0].sourceMac" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_makes_no_sense_is_refused_with_its_place(NetFlow flow, string place)
    {
        await using EngineRig rig = await StartAsync(EngineRig.Rule("no-web", "80"));

        EngineException refusal = await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => Task.FromResult(Test(rig, flow)));

        Assert.Equal(place, refusal.Target);
    }

    [Fact]
    public async Task Thousands_of_packets_are_answered_in_one_call_with_few_steps_each()
    {
        await using EngineRig rig = await StartAsync([.. Enumerable.Range(1, 300).Select(port => EngineRig.Rule($"r{port}", port.ToString(System.Globalization.CultureInfo.InvariantCulture)))]);
        NetFlow[] flows = [.. Enumerable.Range(0, 5000).Select(number => new NetFlow { SourceAddress = $"203.0.113.{number % 250}", DestinationAddress = "192.0.2.1", DestinationPort = 1 + (number % 600) })];

        NetFlowVerdict[] verdicts = rig.Runtime.Flows.Test(new TestNetFlows(flows));

        Assert.Equal(2600, verdicts.Count(verdict => !verdict.Allowed));
        Assert.All(verdicts, verdict => Assert.True(verdict.Steps.Length <= 1));
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => Task.FromResult(rig.Runtime.Flows.Test(new TestNetFlows([]))));
    }

    private static NetFlowVerdict Test(EngineRig rig, NetFlow flow) => Assert.Single(rig.Runtime.Flows.Test(new TestNetFlows([flow])));

    // A router: 10.0.0.1/24 inside, 192.0.2.1 outside, everything but 198.51.100.0/24 behind the default route.
    private static async Task<EngineRig> StartAsync(params FirewallRule[] rules)
    {
        EngineRig rig = await new EngineRig().LoadedAsync();
        rig.Network.AddLink(Lan, "lan");
        rig.Network.AddLink(Wan, "wan");
        rig.Network.Give(Lan, "10.0.0.1");
        rig.Network.Give(Wan, "192.0.2.1");
        rig.FirewallHost.Route = Route;
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules(rules), EngineRig.Token);
        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        return rig;
    }

    private static RouteAnswer Route(RouteQuery query)
    {
        string destination = query.Destination.ToString();
        return destination switch
        {
            "10.0.0.1" or "192.0.2.1" => new RouteAnswer { Type = RouteType.Local, OutputInterface = 1, PreferredSource = query.Destination, Table = RouteTables.Local },
            _ when destination.StartsWith("198.51.100.", StringComparison.Ordinal) => new RouteAnswer { Type = RouteType.Unspecified, Reason = "Network is unreachable" },
            _ when destination.StartsWith("10.0.0.", StringComparison.Ordinal) => new RouteAnswer
            {
                Type = RouteType.Unicast,
                OutputInterface = Lan,
                PreferredSource = IPAddress.Parse("10.0.0.1"),
                Table = RouteTables.Main,
                Prefix = IPNetwork.Parse("10.0.0.0/24"),
            },
            _ => new RouteAnswer
            {
                Type = RouteType.Unicast,
                OutputInterface = Wan,
                Gateway = IPAddress.Parse("192.0.2.254"),
                PreferredSource = IPAddress.Parse("192.0.2.1"),
                Table = RouteTables.Main,
                Prefix = IPNetwork.Parse("0.0.0.0/0"),
            },
        };
    }
}
