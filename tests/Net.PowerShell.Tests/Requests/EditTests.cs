using Net.Contracts;
using Net.PowerShell.Requests;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Requests;

public sealed class EditTests
{
    private readonly ItemPatch _patch = new() { ["Action"] = RuleAction.Allow };
    private long _generation = 10;
    private FirewallRule _rule = Sample.Rule("web", 1);
    private int _refusals;

    [Fact]
    public async Task The_change_is_made_to_what_the_engine_has_and_guarded_by_its_generation()
    {
        FakeEngine engine = Engine();

        await CommitAsync(engine, new ChangeOptions(Comment: "why"));

        SetFirewallRules sent = Assert.Single(engine.RequestsOf<SetFirewallRules>());
        Assert.Equal(new ChangeOptions(Comment: "why", ExpectedGeneration: 10), sent.Change);
        Assert.Equal(RuleAction.Allow, sent.Rules[0].Action);
        Assert.Equal(_rule.LocalPort, sent.Rules[0].LocalPort);
    }

    [Fact]
    public async Task A_change_by_somebody_else_meanwhile_is_kept()
    {
        _refusals = 1;
        FakeEngine engine = Engine();

        await CommitAsync(engine, new ChangeOptions());

        SetFirewallRules[] sent = [.. engine.RequestsOf<SetFirewallRules>()];
        Assert.Equal(2, sent.Length);
        Assert.Equal("theirs", sent[1].Rules[0].Description);
        Assert.Equal(RuleAction.Allow, sent[1].Rules[0].Action);
        Assert.Equal(11, sent[1].Change!.ExpectedGeneration);
    }

    [Fact]
    public async Task It_gives_up_when_it_loses_the_race_again_and_again()
    {
        _refusals = int.MaxValue;
        FakeEngine engine = Engine();

        EngineException failure = await Assert.ThrowsAsync<EngineException>(() => CommitAsync(engine, new ChangeOptions()));

        Assert.Equal(ErrorCatalogue.ConfigurationChanged.Id, failure.ErrorId);
        Assert.Equal(5, engine.RequestsOf<SetFirewallRules>().Count());
    }

    [Fact]
    public async Task A_generation_the_user_named_is_never_replaced()
    {
        _refusals = 1;
        FakeEngine engine = Engine();

        await Assert.ThrowsAsync<EngineException>(() => CommitAsync(engine, new ChangeOptions(ExpectedGeneration: 3)));

        Assert.Equal(3, Assert.Single(engine.RequestsOf<SetFirewallRules>()).Change!.ExpectedGeneration);
    }

    [Fact]
    public async Task A_rule_that_vanished_is_not_found()
    {
        FakeEngine engine = Engine().Answer(EngineApi.FirewallListRules, _ => []);

        EngineException failure = await Assert.ThrowsAsync<EngineException>(() => CommitAsync(engine, new ChangeOptions()));

        Assert.Equal(ErrorCatalogue.FirewallRuleNotFound.Id, failure.ErrorId);
        Assert.Equal("web", failure.Target);
    }

    [Fact]
    public async Task Several_parts_meant_for_one_rule_are_applied_in_turn()
    {
        FakeEngine engine = Engine();
        ItemPatch[] parts = [_patch, new() { ["Description"] = "second" }];

        await CommitAsync(engine, new ChangeOptions(), [new Wanted("web", Part: 0), new Wanted("web", Part: 1)], (rule, part) => parts[part].ApplyTo(rule with { }));

        FirewallRule sent = Assert.Single(Assert.Single(engine.RequestsOf<SetFirewallRules>()).Rules);
        Assert.Equal(RuleAction.Allow, sent.Action);
        Assert.Equal("second", sent.Description);
    }

    private Task<FirewallRulesChanged> CommitAsync(
        FakeEngine engine, ChangeOptions options, Wanted[]? wanted = null, Func<FirewallRule, int, FirewallRule>? change = null) => Edit.CommitAsync(
        ItemKinds.FirewallRuleToChange,
        wanted ?? [new Wanted("web")],
        change ?? ((rule, _) => _patch.ApplyTo(rule with { })),
        options,
        (rules, guarded, token) => engine.CallAsync(EngineApi.FirewallSetRules, new SetFirewallRules(rules, guarded), token),
        engine,
        CancellationToken.None);

    private FakeEngine Engine() => new FakeEngine()
        .Answer(EngineApi.EngineStatus, _ => Sample.Status(_generation))
        .Answer(EngineApi.FirewallListRules, _ => [_rule])
        .Answer(EngineApi.FirewallSetRules, request =>
        {
            if (_refusals-- > 0)
            {
                _generation++;
                _rule = _rule with { Description = "theirs" };
                throw Sample.Failure(ErrorCatalogue.ConfigurationChanged);
            }

            return new FirewallRulesChanged(request.Rules, Sample.Outcome());
        });
}
