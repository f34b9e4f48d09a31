using System.Collections.Immutable;
using System.Net;

namespace Net.Firewall.Tests.Flows;

/// <summary>Explanations say in words what kept rules from matching.</summary>
public sealed class FlowExplanationTests
{
    private static readonly FlowPacket s_packet = new FlowPacket
    {
        Protocol = 6,
        SourcePort = 40_000,
        DestinationPort = 443,
        InputInterface = "eth0",
        TcpFlags = 2,
        Length = 60,
    }.Between(IPAddress.Parse("192.0.2.1"), IPAddress.Parse("198.51.100.1"));

    [Fact]
    public void Each_rule_says_the_first_condition_that_does_not_hold()
    {
        Rule rule = Rules.Block(1);
        (Rule Rule, string Reason)[] cases =
        [
            (Rules.BlockPort(1, 80), "destination port 443 is not 80"),
            (rule with { Protocol = RuleProtocol.Udp }, "protocol tcp is not udp"),
            (rule with { AddressFamily = RuleAddressFamily.IPv6 }, "IPv4 packet, the rule is for IPv6 only"),
            (rule with { SourceAddresses = [Rules.Address("10.0.0.0/8"), Rules.Address("192.0.2.2")] }, "source address 192.0.2.1 is not in 10.0.0.0/8, 192.0.2.2"),
            (rule with { DestinationAddresses = [Rules.Address("fd00::/8")] }, "IPv4 packet, the rule has addresses of the other IP version only"),
            (rule with { InputInterfaces = ["wan*"] }, "input interface eth0 is not wan*"),
            (rule with { Protocol = RuleProtocol.Tcp, SourcePorts = [.. Enumerable.Range(1, 7).Select(port => new PortRange((ushort)port))] }, "source port 40000 is not in 1, 2, 3, 4, 5, ... (7 values)"),
            (rule with { Conditions = new() { ConnectionStates = ConnectionStates.Established | ConnectionStates.Related } }, "connection state New is not Established, Related"),
            (rule with { Protocol = RuleProtocol.Tcp, Conditions = new() { TcpFlags = new(0x12, 0x10) } }, "TCP flags syn are not ack of syn,ack"),
            (rule with { Conditions = new() { Dscp = [46] } }, "code point 0 is not 46"),
            (rule with { Conditions = new() { PacketLengths = [new(100, 200)] } }, "packet length 60 is not 100-200"),
            (rule with { Conditions = new() { Mark = new(1, 0xff) } }, "mark 0x0 is not 0x1/0xff"),
            (rule with { Conditions = new() { SourceMacs = [new(0x02005e100001)] } }, "sender's MAC address not known is not 02:00:5e:10:00:01"),
            (rule with { Conditions = new() { IsReversePathMissing = true } }, "a route is taken to lead back to the source"),
            (rule with { Conditions = new() { Rate = new(5, RatePeriod.Second) { Above = true } } }, "the rate is taken to be within the limit, and the rule is for what is over it"),
            (rule with { Conditions = new() { SourceLists = [9] } }, "source address 192.0.2.1 is not in list 9"),
        ];
        foreach ((Rule asked, string reason) in cases)
        {
            var model = Rules.Model(asked) with { AddressLists = [new AddressList { Id = 9, Name = "list", Addresses = [Rules.Address("192.0.2.9")] }] };

            FlowExplanation explanation = new FlowEvaluator(model).Explain(s_packet);

            FlowStep step = Assert.Single(explanation.Steps);
            Assert.Equal(reason, step.Reason);
            Assert.False(step.Matched);
            Assert.True(explanation.Verdict.IsAllowed);
        }
    }

    [Fact]
    public void A_rule_that_matches_says_what_it_does_and_later_ones_are_not_told()
    {
        FirewallModel model = Rules.Model(
            Rules.Block(1) with { Action = RuleAction.Continue, Effects = new() { Log = true, SetMark = new(7) } },
            Rules.Block(2) with { Conditions = new() { Mark = new(7) } },
            Rules.Block(3));

        FlowExplanation explanation = new FlowEvaluator(model).Explain(s_packet);

        Assert.Equal(["logs, sets mark 0x7, leaves the decision to later rules", "blocks the packet"], explanation.Steps.Select(step => step.Reason));
        Assert.Equal(2, explanation.Verdict.Rule!.Id);
        Assert.Equal([1, 2], explanation.Verdict.Matched.Select(rule => rule.Id));
        Assert.Equal([1], explanation.Verdict.Logged.Select(rule => rule.Id));
        Assert.Equal(7u, explanation.Verdict.Mark);
    }

    [Fact]
    public void Ten_thousand_rules_are_summed_up_but_for_those_that_could_match()
    {
        FirewallModel model = Rules.Model(Enumerable.Range(1, 10_000).Select(id => Rules.BlockPort(id, (ushort)(id == 6_000 || id == 9_000 ? 443 : 1000 + id))));
        model = model with { Rules = model.Rules.SetItem(5_999, model.Rules[5_999] with { Conditions = new() { Dscp = [1] } }) };

        FlowExplanation explanation = new FlowEvaluator(model).Explain(s_packet);

        Assert.Equal(
            [
                "5999 rules for other protocols, addresses, ports, interfaces or states", "code point 0 is not 1",
                "2999 rules for other protocols, addresses, ports, interfaces or states", "blocks the packet",
            ],
            explanation.Steps.Select(step => step.Reason));
        Assert.Equal(9_000, explanation.Steps.Sum(step => step.Count));
    }

    [Fact]
    public void Steps_are_bounded_and_what_matched_is_always_among_them()
    {
        FirewallModel model = Rules.Model(Enumerable.Range(1, 5_000).Select(id => Rules.Block(id) with { Conditions = new() { Dscp = [(byte)(id == 5_000 ? 0 : 1)] } }));

        FlowExplanation explanation = new FlowEvaluator(model).Explain(s_packet, maxSteps: 50);

        Assert.Equal(51, explanation.Steps.Length);
        Assert.Equal("4950 rules did not match", explanation.Steps[^2].Reason);
        Assert.True(explanation.Steps[^1].Matched);
    }

    [Fact]
    public void What_cannot_be_known_is_told_where_the_answer_hangs_on_it()
    {
        FirewallModel model = Rules.Model(
            Rules.BlockPort(1, 80) with { Conditions = new() { Rate = new(1, RatePeriod.Second) } },
            Rules.BlockPort(2, 443) with { Conditions = new() { Rate = new(1, RatePeriod.Second) { Above = true } } },
            Rules.Block(3) with { Conditions = new() { SourceLists = [9] } },
            Rules.Block(4) with { Action = RuleAction.Allow, Conditions = new() { Connections = new(10) } },
            Rules.Block(5)) with
        { AddressLists = [new AddressList { Id = 9, Name = "banned", IsDynamic = true }] };

        FlowVerdict verdict = new FlowEvaluator(model).Evaluate(s_packet);
        FlowVerdict banned = new FlowEvaluator(model, new Dictionary<long, ImmutableArray<AddressRange>> { [9] = [Rules.Address("192.0.2.0/24")] }).Evaluate(s_packet);

        Assert.Equal(4, verdict.Rule!.Id);
        Assert.Equal(
            [(FlowAssumptionKind.RateWithinLimit, 2, false), (FlowAssumptionKind.DynamicList, 3, false), (FlowAssumptionKind.ConnectionsWithinLimit, 4L, true)],
            verdict.Assumptions.Select(assumption => (assumption.Kind, assumption.Rule.Id, assumption.Matched)));
        Assert.Equal("the rate is within the limit, so rule 'rule-2' does not match", verdict.Assumptions[0].ToString());
        Assert.Equal(3, banned.Rule!.Id);
    }

    [Fact]
    public void A_list_holds_what_an_earlier_rule_put_into_it()
    {
        FirewallModel model = Rules.Model(
            Rules.BlockPort(1, 443) with { Action = RuleAction.Continue, Effects = new() { AddSourceTo = 9 } },
            Rules.Block(2) with { Conditions = new() { SourceLists = [9] } }) with
        { AddressLists = [new AddressList { Id = 9, Name = "banned", IsDynamic = true }] };

        FlowVerdict verdict = new FlowEvaluator(model).Evaluate(s_packet);

        Assert.Equal(2, verdict.Rule!.Id);
        Assert.Empty(verdict.Assumptions);
        Assert.Equal([9], verdict.AddedTo);
    }

    [Fact]
    public void The_segment_size_is_only_lowered_and_only_in_a_syn()
    {
        Rule clamp = Rules.BlockPort(1, 443) with { Action = RuleAction.Continue, Effects = new() { MaxSegmentSize = 1000 } };
        var evaluator = new FlowEvaluator(Rules.Model(clamp, clamp with { Id = 2, Effects = new() { MaxSegmentSize = 1400 } }));

        Assert.Equal((ushort)1000, evaluator.Evaluate(s_packet).MaxSegmentSize);
        Assert.Null(evaluator.Evaluate(s_packet with { TcpFlags = 16 }).MaxSegmentSize);
    }
}
