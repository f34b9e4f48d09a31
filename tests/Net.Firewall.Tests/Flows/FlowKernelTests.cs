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
        using var cgroups = KernelCgroups.TryCreate();
        FirewallCompileOptions options = FirewallCompileOptions.Default;
        if (cgroups is not null)
        {
            cgroups.In(cgroups.Paths[1], network.OpenSockets);
            options = new FirewallCompileOptions { CgroupRoot = cgroups.Root, Cgroups = cgroups.Paths.ToDictionary(path => path, _ => 1UL) };
        }

        SortedDictionary<string, int> features = new(StringComparer.Ordinal);
        SortedDictionary<string, int> verdicts = new(StringComparer.Ordinal);
        var differences = new StringBuilder();
        int differing = 0;
        for (int seed = 0; seed < RuleSets; seed++)
        {
            var random = new RandomFlows(1000 + seed) { HasAdds = seed % 2 == 0, Cgroups = [.. cgroups?.Paths ?? []], SocketCgroup = cgroups?.Paths[1] };
            FirewallModel model = random.Model(RulesEach);
            FlowPacket[] packets = [.. Enumerable.Range(1, PacketsEach).Select(number => random.Packet((RuleDirection)random.Next(3), random.HasAdds ? number : null))];

            if (seed % 3 == 0)
            {
                // Some of what will come belongs to connections that stood before.
                model = model with { KeptSessions = [.. packets.Where(packet => packet.Protocol == 6 && packet.Direction != RuleDirection.Forward && random.Chance(3)).Select(Kept).Distinct()] };
                features["kept sessions"] = features.GetValueOrDefault("kept sessions") + model.KeptSessions.Length;
            }

            network.Load(NftablesCompiler.CompileFull(model, options: options).Transaction, packets);
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
        string[] rare = ["kept", "answered by a TCP reset", "answered by ICMP 'destination unreachable' of code 13", "refused without an answer"];
        Assert.All(rare, name => Assert.True(verdicts.GetValueOrDefault(name) > 10, $"only {verdicts.GetValueOrDefault(name)} were {name}"));
    }

    [Fact]
    public void The_kernel_decides_as_the_model_says_where_rules_are_in_pages()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var network = new KernelNetwork();
        SortedDictionary<string, int> verdicts = new(StringComparer.Ordinal);
        var differences = new StringBuilder();
        int blocks = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new RandomFlows(3000 + seed) { HasAdds = seed % 2 == 0, Cgroups = [], HasRuns = true };
            FirewallModel model = random.Model(600);
            FlowPacket[] packets = [.. Enumerable.Range(1, PacketsEach).Select(number => random.Packet((RuleDirection)random.Next(3), random.HasAdds ? number : null))];
            FirewallCompilation compiled = NftablesCompiler.CompileFull(model);
            blocks += TableLayout.Directions.Sum(direction => compiled.Result.Layout.Of(direction).Parts.OfType<PagedBlock>().Count());

            network.Load(compiled.Transaction, packets);
            network.Send(packets);

            string difference = Compare(network, model, packets, verdicts);
            differences.Append(difference.Length > 0 && differences.Length < 20_000 ? $"seed {seed}:\n{difference}" : "");
        }

        output.WriteLine($"{blocks} blocks; {string.Join(", ", verdicts.Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(differences.Length == 0, differences.ToString());
        Assert.True(blocks > 12, "runs became blocks");
    }

    [Fact]
    public void A_model_that_is_not_what_was_loaded_is_noticed()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var network = new KernelNetwork();
        var random = new RandomFlows(1) { HasAdds = false, Cgroups = [] };
        FirewallModel model = random.Model(RulesEach);
        FlowPacket[] packets = [.. Enumerable.Range(1, PacketsEach).Select(_ => random.Packet((RuleDirection)random.Next(3)))];
        FirewallModel other = model with { Rules = [.. model.Rules.Select(rule => rule.Action == RuleAction.Block ? rule with { Action = RuleAction.Allow } : rule)] };
        FirewallModel unlike = model with { Rules = [.. model.Rules.Select(rule => rule.Conditions is null ? rule : rule with { Conditions = null })] };

        network.Load(NftablesCompiler.CompileFull(model).Transaction, packets);
        network.Send(packets);

        Assert.Empty(Compare(network, model, packets, []));
        Assert.NotEmpty(Compare(network, other, packets, []));
        Assert.NotEmpty(Compare(network, unlike, packets, []));
    }

    [Fact]
    public void Packets_of_known_connections_are_judged_alike()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var network = new KernelNetwork();
        SortedDictionary<string, int> verdicts = new(StringComparer.Ordinal);
        var differences = new StringBuilder();
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new RandomFlows(2000 + seed) { HasAdds = false, Cgroups = [] };
            FirewallModel model = random.Model(RulesEach);
            List<FlowPacket> packets = [];
            Dictionary<int, byte[]> inner = [];
            network.Load(NftablesCompiler.CompileFull(FirewallModel.Empty).Transaction, []);
            for (int flow = 0; flow < 40; flow++)
            {
                Connect(network, random, (ushort)(20_000 + (seed * 100) + flow), packets, inner);
            }

            network.Load(NftablesCompiler.CompileFull(model).Transaction, packets);
            network.Send(packets, inner);

            string difference = Compare(network, model, [.. packets], verdicts);
            differences.Append(difference.Length > 0 && differences.Length < 20_000 ? $"seed {seed}:\n{difference}" : "");
        }

        output.WriteLine(string.Join(", ", verdicts.Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.True(differences.Length == 0, differences.ToString());
    }

    private static KeptSession Kept(FlowPacket packet) => packet.Direction == RuleDirection.Inbound
        ? new KeptSession(packet.SourceAddress, packet.SourcePort, packet.DestinationPort)
        : new KeptSession(packet.DestinationAddress, packet.DestinationPort, packet.SourcePort);

    // Sends one packet each way past the rules, which makes a connection, and then has one more each way and an error about it ready for them.
    private static void Connect(KernelNetwork network, RandomFlows random, ushort port, List<FlowPacket> packets, Dictionary<int, byte[]> inner)
    {
        FlowPacket first = random.Packet((RuleDirection)random.Next(3));
        string? behind = LinkTo(first.SourceAddress);
        while (first.Protocol is not (6 or 17) || (behind is null && first.Direction != RuleDirection.Outbound))
        {
            first = random.Packet((RuleDirection)random.Next(3));
            behind = LinkTo(first.SourceAddress);
        }

        byte flags = first.Protocol == 6 ? random.Pick<byte>([16, 24]) : (byte)0;
        first = first with { SourcePort = port, State = ConnectionStates.Established, TcpFlags = flags, Mark = 0 };
        FlowPacket back = Back(first, behind);
        FlowPacket error = back with
        {
            Protocol = first.IsIPv6 ? (byte)58 : (byte)1,
            SourcePort = 0,
            DestinationPort = 0,
            TcpFlags = 0,
            IcmpType = first.IsIPv6 ? (byte)1 : (byte)3,
            IcmpCode = 1,
            State = ConnectionStates.Related,
            Length = (first.IsIPv6 ? 96 : 56) + 20,
        };
        network.SendOne(first, KernelNetwork.FirstThrough);
        network.SendOne(back, KernelNetwork.FirstThrough + 1);
        packets.Add(first);
        packets.Add(back);
        packets.Add(error);
        byte[] told = KernelPackets.Ip(first, KernelNetwork.FirstThrough);
        inner.Add(packets.Count, told[..Math.Min(told.Length, first.IsIPv6 ? 48 : 28)]);
    }

    private static FlowPacket Back(in FlowPacket first, string? behind)
    {
        RuleDirection direction = first.Direction switch { RuleDirection.Inbound => RuleDirection.Outbound, RuleDirection.Outbound => RuleDirection.Inbound, _ => RuleDirection.Forward };
        bool isOutbound = direction == RuleDirection.Outbound;
        string? input = isOutbound ? null : first.OutputInterface;
        return first with
        {
            Direction = direction,
            Source = first.Destination,
            Destination = first.Source,
            SourcePort = first.DestinationPort,
            DestinationPort = first.SourcePort,
            InputInterface = input,
            OutputInterface = direction == RuleDirection.Inbound ? null : behind,
            SourceMac = isOutbound ? null : RandomFlows.Macs[0],
            User = isOutbound ? 0u : null,
            Group = isOutbound ? 0u : null,
            IsReversePathMissing = false,
        };
    }

    private static string? LinkTo(System.Net.IPAddress address) =>
        RandomFlows.Networks.Where(network => Rules.Address(network.Prefix).Contains(address)).Select(network => network.Interface).FirstOrDefault();

    private static string Compare(KernelNetwork network, FirewallModel model, FlowPacket[] packets, SortedDictionary<string, int> verdicts)
    {
        var evaluator = new FlowEvaluator(model, new Dictionary<long, ImmutableArray<AddressRange>> { [RandomFlows.DynamicList] = [] });
        Dictionary<string, RuleCounter> counters = network.Counters(FirewallTable.Name);
        Dictionary<int, KernelSighting> seen = network.Seen();
        Dictionary<int, int> sizes = network.SegmentSizes();
        Dictionary<int, FlowAnswer> answers = network.Answers(packets.Length);
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

            string name = verdict.IsKeptSession ? "kept" : verdict.Rule is null ? "passed without a rule" : verdict.Action.ToString();
            verdicts[name] = verdicts.GetValueOrDefault(name) + 1;
            FlowAnswer? answer = verdict.Action == RuleAction.Reject && RandomFlows.IsRoutable(packets[i].SourceAddress) ? FlowAnswer.Of(verdict.Rule!, packets[i]) : null;
            FlowAnswer? answered = answers.TryGetValue(i + 1, out FlowAnswer told) ? told : null;
            if (verdict.Action == RuleAction.Reject)
            {
                string how = answer is null ? "refused without an answer" : $"answered by {answer}";
                verdicts[how] = verdicts.GetValueOrDefault(how) + 1;
            }

            bool arrived = seen.TryGetValue(i + 1, out KernelSighting sighting);
            byte ttl = verdict.Ttl ?? (byte)(KernelPackets.Ttl - (packets[i].Direction == RuleDirection.Forward && !packets[i].IsIPv6 ? 0 : 0));
            var wanted = new KernelSighting(verdict.Mark, verdict.Dscp, ttl);
            bool isAlike = arrived == verdict.IsAllowed && (!arrived || (sighting with { Ttl = ttl } == wanted && (sighting.Ttl == ttl || (verdict.Ttl is null && sighting.Ttl == ttl - 1))));
            isAlike &= !arrived || packets[i].Protocol != 6 || sizes.GetValueOrDefault(i + 1) == Math.Min(1460, verdict.MaxSegmentSize is > 0 ? verdict.MaxSegmentSize.Value : 1460);
            isAlike &= answer == answered;
            if (!isAlike)
            {
                text.AppendLine($"  packet {i + 1} {packets[i]}");
                text.AppendLine($"    model: {verdict.Action} by {verdict.Rule?.Id} after {string.Join(',', verdict.Continued.Select(rule => rule.Id))}, {wanted}, segment size {verdict.MaxSegmentSize}");
                text.AppendLine($"    kernel: {(arrived ? $"arrived as {sighting}, segment size {sizes.GetValueOrDefault(i + 1)}" : "did not arrive")}");
                text.AppendLine($"    answer of the model: {answer}; of the kernel: {answered}");
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
