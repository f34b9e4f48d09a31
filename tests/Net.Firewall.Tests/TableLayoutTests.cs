namespace Net.Firewall.Tests;

/// <summary>Pages and chunks: that no packet misses a rule, meets one twice or out of order, and that it meets few.</summary>
public sealed class TableLayoutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_packet_meets_every_rule_that_matches_it_once_and_in_order(int seed)
    {
        var models = new PagedModels(seed);
        FirewallModel model = models.Next(9);
        CompiledFirewall compiled = NftablesCompiler.CompileFull(model).Result;
        var random = new Random(seed);
        Check(compiled, random, 1_500);
        Assert.Contains(LayoutWalk.PartsOf(compiled.Layout.Of(RuleDirection.Forward)), part => part is PagedBlock);

        foreach (int edits in (ReadOnlySpan<int>)[1, 3, 1, 20, 40, 1, 200, 500, 5])
        {
            model = models.Edit(model, edits);
            compiled = NftablesCompiler.CompileChange(compiled, model).Result;
            Check(compiled, random, 400);
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Rules_with_every_feature_are_met_as_well(int seed)
    {
        var models = new RandomModels(seed) { HasSimilarRules = seed % 2 == 0 };
        FirewallModel model = models.Next(1_500);
        CompiledFirewall compiled = NftablesCompiler.CompileFull(model).Result;
        var random = new Random(seed);
        Check(compiled, random, 1_500);

        for (int step = 0; step < 4; step++)
        {
            model = models.Edit(model, 50);
            compiled = NftablesCompiler.CompileChange(compiled, model).Result;
            Check(compiled, random, 400);
        }
    }

    [Fact]
    public void Ten_thousand_rules_in_any_order_of_addresses_are_few_to_a_packet()
    {
        var random = new Random(5);
        Rule[] rules = [.. Enumerable.Range(1, 10_000).Select(n => Rules.BlockPort(n, (ushort)random.Next(65_536), RuleDirection.Forward) with { SourceAddresses = [Number((uint)random.NextInt64(1L << 32))] })];
        CompiledFirewall compiled = NftablesCompiler.CompileFull(Rules.Model(rules)).Result;

        int most = Enumerable.Range(0, 2_000).Max(n => LayoutWalk.RulesMet(compiled.Layout, RuleDirection.Forward, TestPacket.Near(rules[n * 5], random) with { Family = RuleAddressFamily.IPv4 }).Count);

        Assert.InRange(most, 1, LayoutPage.MaxLength);
        Assert.Single(compiled.Layout.Of(RuleDirection.Forward).Parts);
    }

    [Fact]
    public void Rules_of_few_sources_are_told_apart_by_what_else_they_ask()
    {
        var random = new Random(6);
        Rule[] rules = [.. Enumerable.Range(1, 3_000).Select(n => Rules.Block(n, RuleDirection.Forward) with
        {
            Protocol = RuleProtocol.Tcp,
            SourceAddresses = [Rules.Address($"10.{n % 12}.0.0/16")],
            DestinationAddresses = n % 2 == 0 ? [Rules.Address($"192.168.{n / 12 % 250}.{n % 7}")] : [],
            DestinationPorts = n % 2 == 1 ? [new PortRange((ushort)(n / 12 * 200))] : [],
        })];
        CompiledFirewall compiled = NftablesCompiler.CompileFull(Rules.Model(rules)).Result;

        double average = rules.Average(rule => LayoutWalk.RulesMet(compiled.Layout, RuleDirection.Forward, TestPacket.Near(rule, random)).Count);

        Assert.InRange(average, 1, 100);
        Check(compiled, random, 1_000);
    }

    [Fact]
    public void Rules_that_nothing_tells_apart_stay_in_guarded_chunks()
    {
        CompiledFirewall compiled = NftablesCompiler.CompileFull(Rules.Marks(1_000)).Result;

        Assert.All(LayoutWalk.PartsOf(compiled.Layout.Of(RuleDirection.Inbound)), part => Assert.IsType<RuleChunk>(part));
        Assert.NotEmpty(compiled.Layout.Of(RuleDirection.Inbound).Groups);
    }

    [Fact]
    public void A_rule_for_every_address_stands_between_two_blocks_and_leaves_pages_of_one_side_alone()
    {
        FirewallModel model = Rules.Model(Enumerable.Range(1, 2_000).Select(n => Rules.Block(n) with { SourceAddresses = [Number((uint)n * 1_000)] }));
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        FirewallCompilation change = NftablesCompiler.CompileChange(before, model with { Rules = model.Rules.Insert(1_204, Rules.Block(9_999) with { Protocol = RuleProtocol.Esp }) });

        Assert.Equal([typeof(PagedBlock), typeof(RuleChunk), typeof(PagedBlock)], change.Result.Layout.Of(RuleDirection.Inbound).Parts.Select(part => part.GetType()));
        Assert.InRange(change.Transaction.ChainsWritten, 1, 3);
        Check(change.Result, new Random(7), 500);
    }

    [Fact]
    public void Blocks_cut_too_often_are_arranged_anew()
    {
        FirewallModel model = Rules.Model(Enumerable.Range(1, 1_000).Select(n => Rules.Block(n) with { SourceAddresses = [Number((uint)n * 1_000)] }));
        CompiledFirewall compiled = NftablesCompiler.CompileFull(model).Result;
        for (int n = 0; n < 12; n++)
        {
            compiled = NftablesCompiler.CompileChange(compiled, compiled.Model with { Rules = compiled.Model.Rules.Insert(50 + (n * 70), Rules.Block(5_000 + n)) }).Result;
            compiled = NftablesCompiler.CompileChange(compiled, compiled.Model with { Rules = compiled.Model.Rules.RemoveAt(50 + (n * 70)) }).Result;
        }

        Assert.InRange(compiled.Layout.Of(RuleDirection.Inbound).Parts.Length, 1, 9);
    }

    private static AddressRange Number(uint address) => AddressRange.FromNumbers(RuleAddressFamily.IPv4, address, address);

    private static void Check(CompiledFirewall compiled, Random random, int packets)
    {
        FirewallModel model = compiled.Model;
        IReadOnlyDictionary<long, AddressList> lists = model.AddressLists.ToDictionary(list => list.Id);
        foreach (RuleDirection direction in TableLayout.Directions)
        {
            int[] numbers = [.. LayoutWalk.PartsOf(compiled.Layout.Of(direction)).Select(part => part.Number)];
            Assert.Distinct(numbers);
        }

        for (int i = 0; i < packets; i++)
        {
            Rule target = model.Rules[random.Next(model.Rules.Length)];
            TestPacket packet = TestPacket.Near(target, random);

            long[] met = [.. LayoutWalk.RulesMet(compiled.Layout, target.Direction, packet).Where(rule => packet.Matches(rule, lists)).Select(rule => rule.Id)];

            Assert.Equal(model.Rules.Where(rule => rule.Direction == target.Direction && packet.Matches(rule, lists)).Select(rule => rule.Id), met);
        }
    }
}
