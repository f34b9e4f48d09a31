using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Platform.Linux.Netfilter;

namespace Net.Platform.Tests.Linux.Netfilter;

public sealed class RuleTracerTests
{
    private const string Traced = """
        table inet netmod {
            counter r1 { }
            counter r2 { }
            counter r3 { }
            chain start { type filter hook prerouting priority -300; udp dport 5000 meta nftrace set 1; }
            chain sub { udp dport 4999 counter name r2 accept; udp dport 5000 counter name r3 drop; }
            chain input { type filter hook input priority 0; policy accept; udp dport 5000 counter name r1 jump sub; tcp dport 1 counter accept; }
        }
        """;

    [Theory]
    [InlineData("10.9.1.1", "10.9.1.2")]
    [InlineData("fd09::1", "fd09::2")]
    public async Task A_packet_is_followed_rule_by_rule_to_its_verdict(string from, string to)
    {
        using var space = new NetfilterSpace(Traced);
        using RuleTracer tracer = space.OnServer(() => new RuleTracer());
        Socket client = space.Udp(space.Client, IPAddress.Parse(from), 5001);
        using RouteNetlink links = space.Server.In(() => new RouteNetlink());
        int index = links.GetLinks().Single(item => item.Name == "vb").Index;
        client.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse(to), 5000));

        var steps = new List<TraceEvent>();
        await NetfilterSpace.ReadUntilAsync(tracer.Trace, step =>
        {
            steps.Add(step);
            return step.Verdict == TraceVerdict.Drop;
        });
        IReadOnlyList<(long Handle, string? Counter)> input = tracer.ReadRuleCounters(FirewallTable.NetModule, "input");
        IReadOnlyList<(long Handle, string? Counter)> sub = tracer.ReadRuleCounters(FirewallTable.NetModule, "sub");
        IReadOnlyList<(long Handle, string? Counter)> all = tracer.ReadRuleCounters(FirewallTable.NetModule);

        Assert.Equal(["r1", null], input.Select(rule => rule.Counter));
        Assert.Equal(["r2", "r3"], sub.Select(rule => rule.Counter));
        Assert.Equal(5, all.Count);
        Assert.Empty(tracer.ReadRuleCounters(FirewallTable.NetModule, "absent"));
        Assert.Empty(tracer.ReadRuleCounters(new FirewallTable(FirewallFamily.Inet, "absent")));
        TraceEvent jump = Assert.Single(steps, step => step.Verdict == TraceVerdict.Jump);
        TraceEvent drop = steps[^1];
        Assert.Equal(("input", "sub", TraceEventKind.Rule), (jump.Chain, jump.Target, jump.Kind));
        Assert.Equal(input[0].Handle, jump.RuleHandle);
        Assert.Equal(("sub", TraceEventKind.Rule), (drop.Chain, drop.Kind));
        Assert.Equal(sub[1].Handle, drop.RuleHandle);
        Assert.Contains(steps, step => step is { Chain: "start", Kind: TraceEventKind.Policy, Verdict: TraceVerdict.Accept, RuleHandle: null });
        Assert.Single(steps.Select(step => step.TraceId).Distinct());
        var packet = new PacketTuple(17, IPAddress.Parse(from), IPAddress.Parse(to), 5001, 5000, LengthBytes: from.Contains(':') ? 53 : 33);
        Assert.All(steps, step => Assert.Equal((packet, index, FirewallTable.NetModule), (step.Packet, step.InputInterface, step.Table)));
        Assert.True(jump.IsFirstAtHook);
        Assert.False(drop.IsFirstAtHook);
        Assert.Equal((0, 0), (tracer.Lost, tracer.Damaged));
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_steps()
    {
        const int capacity = 8;
        using var space = new NetfilterSpace(Traced);
        using RuleTracer tracer = space.OnServer(() => new RuleTracer(capacity));
        Socket client = space.Udp(space.Client, NetfilterSpace.ClientAddress, 5001);
        for (int i = 1; i <= 50; i++)
        {
            client.SendTo(new byte[i], new IPEndPoint(NetfilterSpace.ServerAddress, 5000));
        }

        await NetfilterSpace.ReadUntilAsync(tracer.Trace, step => step.Packet!.LengthBytes == 78 && step.Verdict == TraceVerdict.Drop);

        Assert.Equal(0, tracer.Damaged);
        tracer.Dispose();
        Assert.True(tracer.Trace.Completion.IsCompleted);
    }
}
