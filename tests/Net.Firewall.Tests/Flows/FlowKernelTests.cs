using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Text;

namespace Net.Firewall.Tests.Flows;

/// <summary>Verdicts of the model are those of the kernel: random rule sets are compiled and loaded, random packets are sent through them for real.</summary>
[SupportedOSPlatform("linux")]
public sealed class FlowKernelTests(ITestOutputHelper output)
{
    private const int RuleSets = 60;
    private const int RulesEach = 60;
    private const int PacketsEach = 120;

    [Fact]
    public void The_kernel_decides_as_the_model_says()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var network = new KernelNetwork();
        SortedDictionary<string, int> features = new(StringComparer.Ordinal);
        SortedDictionary<string, int> verdicts = new(StringComparer.Ordinal);
        var differences = new StringBuilder();
        int differing = 0;
        for (int seed = 0; seed < RuleSets; seed++)
        {
            var random = new RandomFlows(1000 + seed) { HasAdds = seed % 2 == 0, Cgroups = [] };
            FirewallModel model = random.Model(RulesEach);
            FlowPacket[] packets = [.. Enumerable.Range(1, PacketsEach).Select(number => random.Packet((RuleDirection)random.Next(3), random.HasAdds ? number : null))];

            network.Load(NftablesCompiler.CompileFull(model).Transaction, packets);
            network.Send(packets);

            string difference = Compare(network, model, packets, verdicts);
            if (difference.Length > 0)
            {
                differing++;
                differences.Append(differences.Length < 20_000 ? $"seed {seed}:\n{difference}" : "");
            }

            foreach ((string feature, int count) in random.Features)
            {
                features[feature] = features.GetValueOrDefault(feature) + count;
            }
        }

        output.WriteLine($"{RuleSets * PacketsEach} packets: {string.Join(", ", verdicts.Select(pair => $"{pair.Key} {pair.Value}"))}");
        output.WriteLine($"rules had: {string.Join(", ", features.Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(differing == 0, $"{differing} rule sets differ\n{differences}");
    }

    private static string Compare(KernelNetwork network, FirewallModel model, FlowPacket[] packets, SortedDictionary<string, int> verdicts)
    {
        var evaluator = new FlowEvaluator(model, new Dictionary<long, ImmutableArray<AddressRange>> { [RandomFlows.DynamicList] = [] });
        Dictionary<string, RuleCounter> counters = network.Counters(FirewallTable.Name);
        Dictionary<int, KernelSighting> seen = network.Seen();
        Dictionary<int, int> sizes = network.SegmentSizes();
        Dictionary<long, ulong> expected = [];
        Dictionary<long, List<int>> matched = [];
        HashSet<AddressRange> banned = [];
        var text = new StringBuilder();
        for (int i = 0; i < packets.Length; i++)
        {
            FlowVerdict verdict = evaluator.Evaluate(packets[i]);
            foreach (Rule rule in verdict.Matched)
            {
                expected[rule.Id] = expected.GetValueOrDefault(rule.Id) + 1;
                (matched.TryGetValue(rule.Id, out List<int>? of) ? of : matched[rule.Id] = []).Add(i + 1);
            }

            // Where packets share sources, what one left in a list is there for the next.
            if (!verdict.AddedTo.IsEmpty && banned.Add(new AddressRange(packets[i].SourceAddress)))
            {
                evaluator = new FlowEvaluator(model, new Dictionary<long, ImmutableArray<AddressRange>> { [RandomFlows.DynamicList] = [.. banned] });
            }

            string name = verdict.Rule is null ? "passed without a rule" : verdict.Action.ToString();
            verdicts[name] = verdicts.GetValueOrDefault(name) + 1;
            bool arrived = seen.TryGetValue(i + 1, out KernelSighting sighting);
            byte ttl = verdict.Ttl ?? (byte)(KernelPackets.Ttl - (packets[i].Direction == RuleDirection.Forward && !packets[i].IsIPv6 ? 0 : 0));
            var wanted = new KernelSighting(verdict.Mark, verdict.Dscp, ttl);
            bool isAlike = arrived == verdict.IsAllowed && (!arrived || (sighting with { Ttl = ttl } == wanted && (sighting.Ttl == ttl || (verdict.Ttl is null && sighting.Ttl == ttl - 1))));
            isAlike &= !arrived || packets[i].Protocol != 6 || sizes.GetValueOrDefault(i + 1) == Math.Min(1460, verdict.MaxSegmentSize is > 0 ? verdict.MaxSegmentSize.Value : 1460);
            if (!isAlike)
            {
                text.AppendLine($"  packet {i + 1} {packets[i]}");
                text.AppendLine($"    model: {verdict.Action} by {verdict.Rule?.Id} after {string.Join(',', verdict.Continued.Select(rule => rule.Id))}, {wanted}, segment size {verdict.MaxSegmentSize}");
                text.AppendLine($"    kernel: {(arrived ? $"arrived as {sighting}, segment size {sizes.GetValueOrDefault(i + 1)}" : "did not arrive")}");
            }
        }

        foreach (Rule rule in model.Rules)
        {
            ulong counted = counters.TryGetValue(FirewallTable.Counter(rule.Id), out RuleCounter counter) ? counter.Packets : 0;
            if (counted != expected.GetValueOrDefault(rule.Id))
            {
                text.AppendLine($"  rule {rule.Id} counted {counted}, not {expected.GetValueOrDefault(rule.Id)} (packets {string.Join(',', matched.GetValueOrDefault(rule.Id) ?? [])}): {rule} {rule.Conditions} {rule.Effects}");
            }
        }

        return text.ToString();
    }
}
