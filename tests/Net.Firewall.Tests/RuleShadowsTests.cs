namespace Net.Firewall.Tests;

public sealed class RuleShadowsTests
{
    [Fact]
    public void A_rule_behind_a_wider_one_is_found_with_what_shadows_it()
    {
        Rule wide = Rules.Block(1) with { SourceAddresses = [Rules.Address("10.0.0.0/8")] };
        Rule repeated = Rules.Block(2) with { SourceAddresses = [Rules.Address("10.1.0.0/16")], Protocol = RuleProtocol.Tcp, DestinationPorts = [new PortRange(80)] };
        Rule contrary = repeated with { Id = 3, Name = "contrary", Action = RuleAction.Allow };

        RuleShadow[] shadows = [.. RuleShadows.Find(Rules.Model(wide, repeated, contrary))];

        Assert.Equal([(2L, 1L, false), (3L, 1L, true)], shadows.Select(shadow => (shadow.Rule.Id, shadow.By.Id, shadow.VerdictDiffers)));
    }

    public static TheoryData<string, Rule, Rule> Harmless => new()
    {
        { "a rule that continues", Rules.Block(1) with { Action = RuleAction.Continue }, Rules.Block(2) },
        { "a rule that is disabled", Rules.Block(1) with { Enabled = false }, Rules.Block(2) },
        { "a rule of another direction", Rules.Block(1), Rules.Block(2, RuleDirection.Outbound) },
        { "a rate", Rules.Block(1) with { Conditions = new RuleConditions { Rate = new RateLimit(1, RatePeriod.Second) } }, Rules.Block(2) },
        { "a limit of connections", Rules.Block(1) with { Conditions = new RuleConditions { Connections = new ConnectionLimit(1) } }, Rules.Block(2) },
        { "one IP version of both", Rules.Block(1) with { AddressFamily = RuleAddressFamily.IPv4 }, Rules.Block(2) },
        { "another list", Rules.Block(1) with { Conditions = new RuleConditions { SourceLists = [1] } }, Rules.Block(2) with { Conditions = new RuleConditions { SourceLists = [2] } } },
        { "a list that rules fill", Rules.Block(1) with { Conditions = new RuleConditions { SourceLists = [3] } }, Rules.Block(2) with { Conditions = new RuleConditions { SourceLists = [3] } } },
        { "a list against addresses", Rules.Block(1) with { SourceAddresses = [Rules.Address("10.0.0.0/8")] }, Rules.Block(2) with { SourceAddresses = [Rules.Address("10.0.0.1")], Conditions = new RuleConditions { SourceLists = [1] } } },
        { "fewer states", Rules.Block(1) with { Conditions = new RuleConditions { ConnectionStates = ConnectionStates.New } }, Rules.Block(2) },
        { "a part of the ports", Rules.BlockPort(1, 80), Rules.BlockPort(2, 80) with { DestinationPorts = [new PortRange(80, 81)] } },
        { "one interface of several", Rules.Block(1) with { InputInterfaces = ["eth0"] }, Rules.Block(2) with { InputInterfaces = ["eth*"] } },
    };

    [Theory]
    [MemberData(nameof(Harmless))]
    public void What_may_let_a_packet_by_shadows_nothing(string what, Rule first, Rule second)
    {
        FirewallModel model = Rules.Model(first, second) with { AddressLists = [new() { Id = 1, Name = "one" }, new() { Id = 2, Name = "two" }, new() { Id = 3, Name = "three", IsDynamic = true }] };

        Assert.True(RuleShadows.Find(model).IsEmpty, what);
    }

    [Fact]
    public void The_same_list_shadows_unless_rules_fill_it()
    {
        Rule first = Rules.Block(1) with { Conditions = new RuleConditions { SourceLists = [1] } };
        FirewallModel model = Rules.Model(first, first with { Id = 2, Name = "again" }) with { AddressLists = [new() { Id = 1, Name = "one" }] };

        Assert.Single(RuleShadows.Find(model));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(24)]
    public void No_packet_matches_a_shadowed_rule_and_not_the_rule_before(int seed)
    {
        FirewallModel model = new RandomModels(seed) { HasSimilarRules = true }.Next(400);
        IReadOnlyDictionary<long, AddressList> lists = model.AddressLists.ToDictionary(list => list.Id);
        var random = new Random(seed);

        RuleShadow[] shadows = [.. RuleShadows.Find(model)];

        Assert.NotEmpty(shadows);
        foreach (RuleShadow shadow in shadows)
        {
            Assert.True(model.Rules.IndexOf(shadow.By) < model.Rules.IndexOf(shadow.Rule));
            for (int i = 0; i < 200; i++)
            {
                TestPacket packet = TestPacket.Near(shadow.Rule, random);
                Assert.True(!packet.Matches(shadow.Rule, lists) || packet.Matches(shadow.By, lists), $"{shadow.By} does not match {packet}, which {shadow.Rule} does");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_shadow_is_found_among_thousands_of_rules_that_are_none(bool isPrefixes)
    {
        FirewallModel model = Rules.Model(Enumerable.Range(1, 4_000).Select(n => Rules.BlockPort(n, (ushort)(n % 2_000)) with
        {
            SourceAddresses = [AddressRange.FromNumbers(RuleAddressFamily.IPv4, (uint)n << 12, ((uint)n << 12) + (isPrefixes ? 255u : 0u))],
        }).Append(Rules.BlockPort(20_000, 1) with { SourceAddresses = [Rules.Address("0.0.16.0")] }));

        Assert.Equal(20_000, Assert.Single(RuleShadows.Find(model)).Rule.Id);
    }
}
