using Net.Contracts;
using Net.PowerShell.Requests;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Requests;

public sealed class SelectionTests
{
    private static readonly FirewallRule[] All = [Sample.Rule("web", 1), Sample.Rule("web-admin", 2), Sample.Rule("Odd*Name", 3)];

    [Fact]
    public void A_name_is_found_without_regard_to_case() => Assert.Equal(["web"], Names(new Wanted("WEB")));

    [Fact]
    public void A_pattern_finds_every_rule_that_matches() => Assert.Equal(["web", "web-admin"], Names(new Wanted("w*")));

    [Fact]
    public void Brackets_in_a_pattern_are_plain_characters() => Assert.Empty(Names(new Wanted("[w]eb*")));

    [Fact]
    public void A_name_nothing_answers_to_is_missing_and_a_pattern_is_not()
    {
        Selection<FirewallRule> found = Selection<FirewallRule>.From(ItemKinds.FirewallRule, [new Wanted("none"), new Wanted("none*")], All);

        Assert.Equal(["none"], found.Missing);
        Assert.Empty(found.Items);
    }

    [Fact]
    public void A_rule_asked_for_twice_comes_once() => Assert.Equal(["web", "web-admin"], Names(new Wanted("web"), new Wanted("web*")));

    [Fact]
    public void A_rule_from_the_pipeline_is_itself_even_when_its_name_looks_like_a_pattern() =>
        Assert.Equal(["Odd*Name"], Names(ItemKinds.FirewallRule.Exactly(All[2])));

    [Fact]
    public void A_rule_whose_name_went_to_another_rule_is_missing()
    {
        Selection<FirewallRule> found = Selection<FirewallRule>.From(ItemKinds.FirewallRule, [new Wanted("web", Id: 99, IsExact: true)], All);

        Assert.Equal(["web"], found.Missing);
    }

    [Fact]
    public void A_path_answers_to_its_id_and_to_its_interface()
    {
        NetPath[] paths = [Sample.Path("eth0", "192.0.2.1"), Sample.Path("eth0", "2001:db8::1"), Sample.Path("eth1", "198.51.100.1")];

        Assert.Equal(2, Selection<NetPath>.From(ItemKinds.Path, [new Wanted("ETH0")], paths).Items.Count());
        Assert.Same(paths[1], Selection<NetPath>.From(ItemKinds.Path, [new Wanted("eth0/2001:db8::1")], paths).Items.Single());
    }

    [Fact]
    public async Task Few_names_are_asked_for_and_many_are_picked_from_the_whole_list()
    {
        FakeEngine engine = new FakeEngine().Answer(EngineApi.FirewallListRules, _ => All);
        Wanted[] many = [.. Enumerable.Range(0, 10_000).Select(number => new Wanted($"rule-{number}"))];

        await Selection<FirewallRule>.ReadAsync(ItemKinds.FirewallRule, [new Wanted("web"), new Wanted("Web")], engine, CancellationToken.None);
        Selection<FirewallRule> found = await Selection<FirewallRule>.ReadAsync(ItemKinds.FirewallRule, many, engine, CancellationToken.None);

        ListFirewallRules[] asked = [.. engine.RequestsOf<ListFirewallRules>()];
        Assert.Equal(["web"], asked[0].Names!);
        Assert.Null(asked[1].Names);
        Assert.Equal(10_000, found.Missing.Count);
    }

    [Fact]
    public async Task When_the_engine_refuses_a_name_the_others_are_found_all_the_same()
    {
        FakeEngine engine = new FakeEngine().Answer(
            EngineApi.FirewallListRules,
            request => request.Names is null ? All : throw Sample.Failure(ErrorCatalogue.FirewallRuleNotFound));

        Selection<FirewallRule> found = await Selection<FirewallRule>.ReadAsync(
            ItemKinds.FirewallRule, [new Wanted("none"), new Wanted("web")], engine, CancellationToken.None);
        Selection<FirewallRule> alone = await Selection<FirewallRule>.ReadAsync(
            ItemKinds.FirewallRule, [new Wanted("none")], engine, CancellationToken.None);

        Assert.Equal(["none"], found.Missing);
        Assert.Equal("web", found.Items.Single().Name);
        Assert.Equal(["none"], alone.Missing);
    }

    private static IEnumerable<string> Names(params Wanted[] wanted) =>
        Selection<FirewallRule>.From(ItemKinds.FirewallRule, wanted, All).Items.Select(rule => rule.Name);
}
