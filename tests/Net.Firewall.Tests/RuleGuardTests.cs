namespace Net.Firewall.Tests;

public sealed class RuleGuardTests
{
    [Theory]
    [InlineData(11, 200)]
    [InlineData(12, 200)]
    [InlineData(13, 2400)]
    [InlineData(14, 2400)]
    public void A_guard_keeps_no_packet_from_a_rule_that_matches_it(int seed, int count)
    {
        var models = new RandomModels(seed) { HasSimilarRules = seed % 2 == 0 };
        FirewallModel model = models.Next(count);
        IReadOnlyDictionary<long, AddressList> lists = model.AddressLists.ToDictionary(list => list.Id);
        TableLayout layout = NftablesCompiler.CompileFull(model).Result.Layout;
        var random = new Random(seed);
        int guarded = 0;
        int matched = 0;
        for (int i = 0; i < 3_000; i++)
        {
            Rule target = model.Rules[random.Next(model.Rules.Length)];
            TestPacket packet = TestPacket.Near(target, random);
            foreach (RuleChunk chunk in layout.Of(target.Direction).Parts.OfType<RuleChunk>())
            {
                bool matches = chunk.Rules.Any(rule => packet.Matches(rule, lists));
                guarded += chunk.Guard.Alternatives.IsEmpty ? 0 : 1;
                matched += matches ? 1 : 0;
                Check(chunk.Guard, packet, matches);
            }

            foreach (ChunkGroup group in layout.Of(target.Direction).Groups)
            {
                Check(group.Guard, packet, group.Chunks.Any(chunk => chunk.Rules.Any(rule => packet.Matches(rule, lists))));
            }
        }

        Assert.True(matched > 1_000, "the packets were made to match");
        Assert.True(guarded > 0 || seed % 2 == 1, "rules alike are guarded");

        static void Check(RuleGuard guard, TestPacket packet, bool matches)
        {
            int answers = guard.Alternatives.Count(packet.Answers);
            Assert.True(!matches || guard.Alternatives.IsEmpty || answers > 0, $"{packet} is kept from its rule");
            Assert.True(!guard.IsExclusive || answers <= 1, $"{packet} would go twice");
        }
    }

    [Fact]
    public void Neighbouring_addresses_are_asked_for_as_one_range()
    {
        RuleGuard guard = RuleGuard.For([.. Enumerable.Range(0, 64).Select(n => Rules.Block(n + 1) with { SourceAddresses = [Rules.Address($"10.0.0.{n * 2}")] })]);

        GuardAlternative question = Assert.Single(guard.Alternatives);
        Assert.Equal(GuardDimension.SourceIPv4, question.Dimension);
        Assert.False(question.IsSet);
    }

    [Fact]
    public void Scattered_addresses_are_a_set_and_both_versions_exclude_each_other()
    {
        RuleGuard guard = RuleGuard.For([.. Enumerable.Range(1, 64).Select(n => Rules.Block(n) with
        {
            DestinationAddresses = [Rules.Address($"10.{n * 3}.0.1"), Rules.Address($"2001:db8:{n}::1")],
        })]);

        Assert.Equal([GuardDimension.DestinationIPv4, GuardDimension.DestinationIPv6], guard.Alternatives.Select(question => question.Dimension).Order());
        Assert.All(guard.Alternatives, question => Assert.Equal(64, question.Ranges.Length));
        Assert.True(guard.IsExclusive);
    }

    [Fact]
    public void A_rule_that_every_packet_matches_leaves_no_guard()
    {
        RuleGuard guard = RuleGuard.For([.. Rules.Ports(60).Rules, Rules.Block(100)]);

        Assert.Empty(guard.Alternatives);
    }

    [Fact]
    public void Few_rules_are_not_guarded()
    {
        Assert.Empty(RuleGuard.For(Rules.Ports(8).Rules.AsSpan()).Alternatives);
        Assert.NotEmpty(RuleGuard.For(Rules.Ports(9).Rules.AsSpan()).Alternatives);
    }

    [Fact]
    public void Very_many_addresses_are_rounded_to_fewer()
    {
        RuleGuard guard = RuleGuard.For([.. Enumerable.Range(0, 20).Select(n => Rules.Block(n + 1) with
        {
            SourceAddresses = [.. Enumerable.Range(0, 500).Select(m => AddressRange.FromNumbers(RuleAddressFamily.IPv4, (uint)((n * 500) + m) * 1_000_003u % 4_000_000_000u, (uint)((n * 500) + m) * 1_000_003u % 4_000_000_000u))],
        })]);

        Assert.All(guard.Alternatives, question => Assert.InRange(question.Ranges.Length, 1, 1024));
    }
}
