using System.Collections.Immutable;

namespace Net.Firewall.Tests.Flows;

/// <summary>The index finds what going through every rule finds.</summary>
public sealed class FlowEvaluatorPropertyTests(ITestOutputHelper output)
{
    [Fact]
    public void Verdicts_are_those_of_the_plainest_reading()
    {
        int matched = 0;
        int continued = 0;
        SortedDictionary<string, int> features = new(StringComparer.Ordinal);
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new RandomFlows(seed);
            FirewallModel model = random.Model(random.Pick<int>([1, 5, 30, 63, 64, 65, 200]));
            model = model with { KeptSessions = [Session(random), Session(random)] };
            Dictionary<long, ImmutableArray<AddressRange>> lists = new() { [RandomFlows.DynamicList] = [Rules.Address("10.8.0.2"), Rules.Address("fd07::/126")] };
            var evaluator = new FlowEvaluator(model, lists);
            for (int i = 0; i < 150; i++)
            {
                FlowPacket packet = random.Packet((RuleDirection)random.Next(3));

                FlowVerdict verdict = evaluator.Evaluate(packet);

                var expected = LinearEvaluator.Evaluate(model, packet, lists);
                Assert.True(expected.ToString() == LinearVerdict.Of(verdict).ToString(), $"seed {seed}, packet {i}: {packet}\nexpected {expected}\nactual   {LinearVerdict.Of(verdict)}");
                Assert.Equal(LinearVerdict.Of(verdict).ToString(), LinearVerdict.Of(evaluator.Explain(packet).Verdict).ToString());
                matched += verdict.Rule is null ? 0 : 1;
                continued += verdict.Continued.Length;
            }

            foreach ((string feature, int count) in random.Features)
            {
                features[feature] = features.GetValueOrDefault(feature) + count;
            }
        }

        output.WriteLine($"60,000 packets: {matched} decided by a rule, {continued} times a rule that continues");
        output.WriteLine(string.Join(", ", features.Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.True(matched > 20_000 && continued > 5_000, $"{matched} decided, {continued} continued: the draws meet too seldom to tell anything");
    }

    [Fact]
    public void More_rules_than_lie_on_the_stack_are_asked_alike()
    {
        var random = new RandomFlows(7);
        FirewallModel model = random.Model(60_000);
        Dictionary<long, ImmutableArray<AddressRange>> lists = new() { [RandomFlows.DynamicList] = [] };
        var evaluator = new FlowEvaluator(model, lists);

        for (int i = 0; i < 30; i++)
        {
            FlowPacket packet = random.Packet((RuleDirection)random.Next(3));
            Assert.Equal(LinearEvaluator.Evaluate(model, packet, lists).ToString(), LinearVerdict.Of(evaluator.Evaluate(packet)).ToString());
        }
    }

    [Fact]
    public void The_edges_of_ranges_are_asked_alike()
    {
        FirewallModel model = Rules.Model(Enumerable.Range(0, 40).Select(i => new RandomModels(i).Next(60)).SelectMany(part => part.Rules).Select((rule, place) => rule with { Id = place + 1, Name = $"rule-{place}" }));
        var evaluator = new FlowEvaluator(model);
        var random = new RandomFlows(3);
        AddressRange[] ranges = [.. model.Rules.SelectMany(rule => rule.SourceAddresses.Concat(rule.DestinationAddresses))];
        PortRange[] ports = [.. model.Rules.SelectMany(rule => rule.SourcePorts.Concat(rule.DestinationPorts))];
        for (int i = 0; i < 3000; i++)
        {
            AddressRange range = random.Pick<AddressRange>(ranges);
            FlowPacket packet = random.Packet((RuleDirection)random.Next(3)) with
            {
                IsIPv6 = range.Family == RuleAddressFamily.IPv6,
                Source = Edge(range, random),
                Destination = Edge(random.Pick<AddressRange>([.. ranges.Where(other => other.Family == range.Family)]), random),
                SourcePort = (ushort)(random.Pick<PortRange>(ports).First + random.Next(2)),
                DestinationPort = (ushort)(random.Pick<PortRange>(ports).Last + random.Next(2)),
                InputInterface = random.Pick<string?>(["eth0", "eth1", "eth", "e", "lo", "wan0", "a;b{}#$", "fourteen-chars1", null]),
            };

            Assert.Equal(LinearEvaluator.Evaluate(model, packet, ImmutableDictionary<long, ImmutableArray<AddressRange>>.Empty).ToString(), LinearVerdict.Of(evaluator.Evaluate(packet)).ToString());
        }
    }

    private static UInt128 Edge(AddressRange range, RandomFlows random)
    {
        UInt128 max = range.Family == RuleAddressFamily.IPv6 ? UInt128.MaxValue : uint.MaxValue;
        return (random.Next(4) switch { 0 => range.First, 1 => range.Last, 2 => range.First - 1, _ => range.Last + 1 }) & max;
    }

    private static KeptSession Session(RandomFlows random)
    {
        FlowPacket packet = random.Packet(RuleDirection.Inbound);
        return new KeptSession(packet.SourceAddress, packet.SourcePort, packet.DestinationPort);
    }
}
