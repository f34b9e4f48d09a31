using System.Net;
using Net.Contracts;
using Net.Engine.Firewall.Runtime.Tracing;
using Net.Platform;
using AddressRange = Net.Contracts.AddressRange;
using PortRange = Net.Contracts.PortRange;
using static Net.Engine.Tests.RunningFirewall.RuntimeKit;

namespace Net.Engine.Tests.RunningFirewall;

public sealed class TraceTests
{
    private static readonly FirewallTable s_docker = new(FirewallFamily.Ip, "filter");
    private static readonly PacketTuple s_packet = new(6, IPAddress.Parse("203.0.113.9"), IPAddress.Parse("192.0.2.1"), 50_000, 80, TcpFlags: 2, LengthBytes: 60);

    [Fact]
    public async Task Steps_name_our_rules_and_the_tables_of_others_and_the_table_that_marks_goes_at_the_end()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.Network.AddLink(2, "eth0");
        await rig.AddRuleAsync("web");
        long id = rig.Manager.Document.Firewall.Rules[0].Id;
        FakeFirewallHost.FakeTracer tracer = rig.FirewallHost.Tracer;
        tracer.Rules.Add((7, $"r{id}"));
        Task<List<NetFlowTraceEvent>> tracing = AllOf(rig.Runtime.Traces.TraceAsync(Request(), EngineRig.Token));
        Assert.Contains("chain prerouting", rig.Firewall.Trace, StringComparison.Ordinal);

        tracer.Tell(Step(1, TraceTable.Table, "prerouting", 1, TraceVerdict.Continue));
        tracer.Tell(Step(1, FirewallTable.NetModule, "input", 5, TraceVerdict.Jump, "in_1"));
        tracer.Tell(Step(1, FirewallTable.NetModule, "in_1", 7, TraceVerdict.Drop));
        tracer.Tell(Step(2, s_docker, "INPUT", null, TraceVerdict.Accept, kind: TraceEventKind.Policy));
        tracer.End();
        List<NetFlowTraceEvent> steps = await tracing;

        Assert.Equal(["inet netmod input rule jump in_1", "inet netmod in_1 rule drop", "ip filter INPUT policy accept"], steps.Select(step => $"{step.Table} {step.Chain} {step.Kind} {step.Verdict}"));
        Assert.Equal([null, "web", null], steps.Select(step => step.Rule));
        Assert.Equal([null, (long?)id, null], steps.Select(step => step.RuleId));
        Assert.Equal("203.0.113.9:50000 -> 192.0.2.1:80 tcp syn, 60 bytes, in by eth0", steps[0].Summary);
        Assert.Null(steps[1].Summary);
        Assert.NotNull(steps[2].Summary);
        Assert.Null(rig.Firewall.Trace);
    }

    [Fact]
    public async Task Steps_in_the_chains_a_rule_has_of_its_own_and_in_that_of_refusals_are_the_rules()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        long id = rig.Manager.Document.Firewall.Rules[0].Id;
        FakeFirewallHost.FakeTracer tracer = rig.FirewallHost.Tracer;
        tracer.Rules.AddRange([(8, null), (9, null), (10, null)]);
        tracer.Tell(Step(1, FirewallTable.NetModule, $"e{id}", 8, TraceVerdict.Goto, FirewallTable.NetModule.Name));
        tracer.Tell(Step(1, FirewallTable.NetModule, "reject_any", 9, TraceVerdict.Drop));
        tracer.Tell(Step(1, FirewallTable.NetModule, "in_3", 10, TraceVerdict.Jump, "in_4"));
        tracer.End();

        List<NetFlowTraceEvent> steps = await AllOf(rig.Runtime.Traces.TraceAsync(Request(), EngineRig.Token));

        Assert.Equal(["web", "web", null], steps.Select(step => step.Rule));
        Assert.Equal(1, tracer.RuleReads);
    }

    [Fact]
    public async Task No_more_packets_are_told_than_asked_for_and_marking_ends_with_the_last()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FakeFirewallHost.FakeTracer tracer = rig.FirewallHost.Tracer;
        for (uint packet = 1; packet <= 5; packet++)
        {
            tracer.Tell(Step(packet, s_docker, "INPUT", 1, TraceVerdict.Accept));
        }

        Task<List<NetFlowTraceEvent>> tracing = AllOf(rig.Runtime.Traces.TraceAsync(Request() with { MaxPackets = 2 }, EngineRig.Token));
        Assert.Null(rig.Firewall.Trace);
        tracer.Tell(Step(2, s_docker, "INPUT", null, TraceVerdict.Accept, kind: TraceEventKind.Policy));
        tracer.End();

        Assert.Equal([1L, 2L, 2L], (await tracing).Select(step => step.Packet));
    }

    [Fact]
    public async Task A_trace_ends_by_its_time_and_by_whoever_listens()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        Task<List<NetFlowTraceEvent>> tracing = AllOf(rig.Runtime.Traces.TraceAsync(Request(), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.FirewallTraceRefused, () => AllOf(rig.Runtime.Traces.TraceAsync(Request(), EngineRig.Token)));
        rig.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Empty(await tracing);
        Assert.Null(rig.Firewall.Trace);

        using var cancelled = new CancellationTokenSource();
        Task<List<NetFlowTraceEvent>> second = AllOf(rig.Runtime.Traces.TraceAsync(Request(), cancelled.Token));
        Assert.NotNull(rig.Firewall.Trace);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Null(rig.Firewall.Trace);
    }

    [Fact]
    public async Task Lost_steps_are_told_where_they_are_missing()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FakeFirewallHost.FakeTracer tracer = rig.FirewallHost.Tracer;
        tracer.Lost = 3;
        tracer.Tell(Step(1, s_docker, "INPUT", 1, TraceVerdict.Accept));
        tracer.End();

        List<NetFlowTraceEvent> steps = await AllOf(rig.Runtime.Traces.TraceAsync(Request(), EngineRig.Token));

        Assert.Equal([("lost", "3 steps at least"), ("rule", "accept")], steps.Select(step => (step.Kind, step.Verdict)));
    }

    [Fact]
    public async Task A_table_that_a_crash_left_is_removed_at_the_start()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.Firewall.Trace = "left";

        await rig.Runtime.StartAsync(EngineRig.Token);

        Assert.Null(rig.Firewall.Trace);
    }

    [Fact]
    public void The_table_marks_what_the_pattern_says_and_nothing_else()
    {
        string text = TraceTable.Create(
            new NetFlowPattern
            {
                SourceAddress = AddressRange.Parse("2001:db8::/32"),
                DestinationAddress = AddressRange.Parse("2001:db8::1-2001:db8::9"),
                Protocol = IpProtocol.Tcp,
                DestinationPort = new PortRange(80, 90),
                InterfaceAlias = "eth0",
            },
            100);

        Assert.Equal(
            """
            add table inet netmod_trace
            delete table inet netmod_trace
            table inet netmod_trace {
                chain prerouting {
                    type filter hook prerouting priority -301; policy accept;
                    iifname "eth0" meta l4proto 6 ip6 saddr 2001:db8::/32 ip6 daddr 2001:db8::1-2001:db8::9 th dport 80-90 limit rate 100/second burst 100 packets meta nftrace set 1
                }
                chain output {
                    type filter hook output priority -301; policy accept;
                    oifname "eth0" meta l4proto 6 ip6 saddr 2001:db8::/32 ip6 daddr 2001:db8::1-2001:db8::9 th dport 80-90 limit rate 100/second burst 100 packets meta nftrace set 1
                }
            }

            """.ReplaceLineEndings("\n").Replace("    ", "\t", StringComparison.Ordinal),
            text);
    }

    public static TheoryData<NetFlowPattern> Wrong() =>
    [
        new NetFlowPattern { InterfaceAlias = "eth0\"; flush ruleset" },
        new NetFlowPattern { SourceAddress = AddressRange.Parse("10.0.0.1"), DestinationAddress = AddressRange.Parse("::1") },
        new NetFlowPattern { Protocol = IpProtocol.Icmp, DestinationPort = new PortRange(80) },
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_no_packet_can_be_or_no_name_is_is_refused(NetFlowPattern pattern)
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();

        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => AllOf(rig.Runtime.Traces.TraceAsync(Request() with { Flow = pattern }, EngineRig.Token)));
        Assert.Null(rig.Firewall.Trace);
    }

    private static TraceNetFlow Request() => new(new NetFlowPattern { Protocol = IpProtocol.Tcp }, TimeSpan.FromSeconds(10));

    private static TraceEvent Step(uint packet, FirewallTable table, string chain, long? rule, TraceVerdict verdict, string? target = null, TraceEventKind kind = TraceEventKind.Rule) => new()
    {
        Kind = kind,
        TraceId = packet,
        Table = table,
        Chain = chain,
        RuleHandle = rule,
        Verdict = verdict,
        Target = target,
        InputInterface = 2,
        Packet = s_packet,
        Time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };
}
