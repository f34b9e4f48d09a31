using Net.Contracts;
using Net.Engine.State;

namespace Net.Engine.Tests;

public sealed class ConfigurationChangeTests
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_change_is_applied_kept_and_said()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        ChangeOutcome outcome = await rig.AddRuleAsync("web", new ChangeOptions(Comment: "because"));
        Assert.True(outcome.Applied);
        Assert.Equal(1, outcome.Generation);
        Assert.Equal("+ firewall: rule 'web': Block Inbound TCP local port 80", Assert.Single(outcome.Plan.Changes).ToString());
        Assert.True(rig.Firewall.HasTable);
        GenerationInfo info = Assert.Single(rig.Manager.ListGenerations());
        Assert.Equal(("root", "because", true, 1L), (info.Author, info.Comment, info.IsCurrent, info.Generation));
        EngineEvent said = Assert.Single(rig.EventsOf("ConfigurationApplied"));
        Assert.Equal((1L, "root"), (said.Generation, said.Actor));
    }

    [Fact]
    public async Task A_change_that_changes_nothing_makes_no_generation()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        ChangeOutcome outcome = await rig.ChangeAsync(document => document with { });
        Assert.False(outcome.Applied);
        Assert.Equal(1, outcome.Generation);
        Assert.Single(rig.Manager.ListGenerations());
    }

    [Fact]
    public async Task WhatIf_gives_the_plan_and_writes_nothing()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        ChangeOutcome outcome = await rig.AddRuleAsync("web", new ChangeOptions(WhatIf: true));
        Assert.False(outcome.Applied);
        Assert.Single(outcome.Plan.Changes);
        Assert.False(rig.Firewall.HasTable);
        Assert.Empty(Directory.GetFiles(rig.Generations));
        Assert.Empty(rig.RuleNames());
    }

    [Fact]
    public async Task A_change_of_a_document_that_moved_on_is_refused()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        await EngineRig.Refused(ErrorCatalogue.ConfigurationChanged, () => rig.AddRuleAsync("mail", new ChangeOptions(ExpectedGeneration: 0)));
        Assert.True((await rig.AddRuleAsync("mail", new ChangeOptions(ExpectedGeneration: 1))).Applied);
    }

    [Fact]
    public async Task Options_out_of_bounds_are_refused()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        Assert.Equal("comment", (await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.AddRuleAsync("web", new ChangeOptions(Comment: new string('x', 1025))))).Target);
        foreach (TimeSpan time in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromHours(25) })
        {
            Assert.Equal("confirmWithin", (await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.AddRuleAsync("web", new ChangeOptions(ConfirmWithin: time)))).Target);
        }

        Assert.Equal(0, rig.Manager.Info.Generation);
    }

    [Fact]
    public async Task A_change_confirmed_in_time_stays()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        ChangeOutcome outcome = await rig.AddRuleAsync("web", new ChangeOptions(ConfirmWithin: TwoMinutes));
        Assert.Equal(rig.Clock.GetUtcNow() + TwoMinutes, outcome.ConfirmBy);
        Assert.Null((await rig.Manager.ConfirmAsync(EngineRig.Admin, 1, EngineRig.Token)).ConfirmBy);
        rig.Clock.Advance(TwoMinutes * 2);
        await rig.RestartAsync();
        Assert.Equal(["web"], rig.RuleNames());
        Assert.Null(rig.Manager.Info.ConfirmBy);
    }

    [Fact]
    public async Task A_change_not_confirmed_is_rolled_back_by_the_clock_as_a_new_generation()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        await rig.AddRuleAsync("lockout", new ChangeOptions(ConfirmWithin: TwoMinutes));
        rig.Clock.Advance(TwoMinutes);
        EngineEvent rolledBack = await rig.EventAsync("ConfigurationRolledBack");
        Assert.Contains("Generation 2 was rolled back", rolledBack.Message, StringComparison.Ordinal);
        Assert.Equal(3, rig.Manager.Info.Generation);
        Assert.Equal(["web"], rig.RuleNames());
        await rig.RestartAsync();
        Assert.Equal((3L, "web"), (rig.Manager.Info.Generation, Assert.Single(rig.RuleNames())));

        await rig.AddRuleAsync("later");
        Assert.Equal([1L, 3L], rig.Manager.Document.Firewall.Rules.Select(rule => rule.Id));
    }

    [Fact]
    public async Task Nothing_to_confirm_is_said()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await EngineRig.Refused(ErrorCatalogue.NothingToConfirm, () => rig.Manager.ConfirmAsync(EngineRig.Admin, null, EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.NothingToConfirm, () => rig.Manager.RestoreAsync(EngineRig.Admin, null, null, EngineRig.Token));
        await rig.AddRuleAsync("web", new ChangeOptions(ConfirmWithin: TwoMinutes));
        await EngineRig.Refused(ErrorCatalogue.NothingToConfirm, () => rig.Manager.ConfirmAsync(EngineRig.Admin, 7, EngineRig.Token));
    }

    [Fact]
    public async Task A_pending_change_refuses_others_until_it_is_taken_back()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web", new ChangeOptions(ConfirmWithin: TwoMinutes));
        await EngineRig.Refused(ErrorCatalogue.ConfirmationPending, () => rig.AddRuleAsync("mail"));
        Assert.False((await rig.Manager.RestoreAsync(EngineRig.Admin, null, new ChangeOptions(WhatIf: true), EngineRig.Token)).Applied);
        ChangeOutcome outcome = await rig.Manager.RestoreAsync(EngineRig.Admin, null, null, EngineRig.Token);
        Assert.True(outcome.Applied);
        Assert.Equal("- firewall: rule 'web': Block Inbound TCP local port 80", Assert.Single(outcome.Plan.Changes).ToString());
        Assert.Empty(rig.RuleNames());
        Assert.False(rig.Firewall.HasTable);
        rig.Clock.Advance(TwoMinutes);
        Assert.True((await rig.AddRuleAsync("mail")).Applied);
    }

    [Fact]
    public async Task A_rollback_happens_even_when_the_kernel_refuses_and_is_repaired_later()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.Network.AddLink(2, "eth0");
        await rig.ChangeAsync(document => document with { Paths = document.Paths with { Routes = [EngineRig.Route("lab", "10.9.0.0/16")] } });
        await rig.ChangeAsync(
            document => document with { Paths = document.Paths with { Routes = [] }, Firewall = document.Firewall with { Rules = [EngineRig.Rule("web")] } },
            new ChangeOptions(ConfirmWithin: TwoMinutes));
        rig.Network.Unreachable.Add("10.0.0.1");
        rig.Firewall.Refusal = "Operation not permitted";
        rig.Clock.Advance(TwoMinutes);
        await rig.EventAsync("ConfigurationRolledBack");
        Assert.Empty(rig.RuleNames());
        Assert.Equal("lab", Assert.Single(rig.Manager.Document.Paths.Routes).Name);
        Assert.True(rig.Firewall.HasTable);
        Assert.False(rig.FirewallSection.Status.InDesiredState);
        Assert.NotEmpty(rig.EventsOf("ConfigurationNotInForce"));

        rig.Firewall.Refusal = null;
        rig.Network.Unreachable.Clear();
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.False(rig.Firewall.HasTable);
        Assert.Single(rig.Network.Ours);
    }

    [Fact]
    public async Task One_can_go_back_behind_the_first_change()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("one");
        Assert.Equal(["+ firewall: rule 'one': Block Inbound TCP local port 80"], rig.Service.Compare(new CompareConfiguration(0, 1)).Changes.Select(change => change.ToString()));
        Assert.True((await rig.Manager.RestoreAsync(EngineRig.Admin, 0, null, EngineRig.Token)).Applied);
        Assert.Empty(rig.RuleNames());
        Assert.Equal(2, rig.Manager.Info.Generation);
        await rig.AddRuleAsync("two");
        Assert.Equal([2L], rig.Manager.Document.Firewall.Rules.Select(rule => rule.Id));
    }

    [Fact]
    public async Task A_generation_is_restored_and_no_id_is_given_twice()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("one");
        await rig.AddRuleAsync("two");
        Assert.True((await rig.Manager.RestoreAsync(EngineRig.Admin, 1, null, EngineRig.Token)).Applied);
        Assert.Equal(["one"], rig.RuleNames());
        Assert.Equal("restored from generation 1", rig.Manager.Info.Comment);
        await rig.AddRuleAsync("three");
        Assert.Equal([1L, 3L], rig.Manager.Document.Firewall.Rules.Select(rule => rule.Id));
        await EngineRig.Refused(ErrorCatalogue.GenerationNotFound, () => rig.Manager.RestoreAsync(EngineRig.Admin, 77, null, EngineRig.Token));
        Assert.Equal(["+ firewall: rule 'two': Block Inbound TCP local port 80"], rig.Service.Compare(new CompareConfiguration(1, 2)).Changes.Select(change => change.ToString()));
    }

    [Fact]
    public async Task Only_admins_change_who_may_do_what()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        Func<NetConfiguration, NetConfiguration> edit = document => document with { Access = document.Access with { Admins = ["user:olga"] } };
        await EngineRig.Refused(ErrorCatalogue.RoleRequired, () => rig.ChangeAsync(edit, actor: EngineRig.Operator));
        Assert.True((await rig.ChangeAsync(edit)).Applied);
        await rig.AddRuleAsync("web");
        await EngineRig.Refused(ErrorCatalogue.RoleRequired, () => rig.ChangeAsync(document => document with { Access = new AccessSection() }, actor: EngineRig.Operator));
        Assert.True((await rig.ChangeAsync(document => document with { Firewall = new FirewallSection() }, actor: EngineRig.Operator)).Applied);
        await rig.ChangeAsync(document => document with { Access = new AccessSection() });
        await EngineRig.Refused(ErrorCatalogue.RoleRequired, () => rig.Manager.RestoreAsync(EngineRig.Operator, 1, null, EngineRig.Token));
    }

    [Fact]
    public async Task Concurrent_changes_are_made_one_after_the_other()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        ChangeOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(1, 20).Select(number => Task.Run(() => rig.AddRuleAsync($"rule{number}"), EngineRig.Token)));
        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), outcomes.Select(outcome => outcome.Generation).Order());
        Assert.Equal(20, rig.Manager.Document.Firewall.Rules.Select(rule => rule.Id).Distinct().Count());
        Assert.Equal(20, rig.Manager.Info.Generation);
    }

    [Fact]
    public async Task Fifty_generations_are_kept_and_never_the_wrong_ones_removed()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        for (int number = 1; number <= 53; number++)
        {
            await rig.AddRuleAsync($"rule{number}");
        }

        Assert.Equal(Enumerable.Range(4, 50).Reverse().Select(number => (long)number), rig.Manager.ListGenerations().Select(info => info.Generation));
    }

    [Fact]
    public async Task The_generation_to_go_back_to_outlives_the_limit()
    {
        await using var rig = new EngineRig();
        rig.Options = rig.Options with { KeptGenerations = 1 };
        await rig.RestartAsync();
        await rig.AddRuleAsync("one");
        await rig.AddRuleAsync("two", new ChangeOptions(ConfirmWithin: TwoMinutes));
        Assert.Equal([2L, 1L], rig.Manager.ListGenerations().Select(info => info.Generation));
        await rig.RestartAsync();
        rig.Clock.Advance(TwoMinutes);
        await rig.EventAsync("ConfigurationRolledBack");
        Assert.Equal(["one"], rig.RuleNames());
    }

    [Fact]
    public async Task Every_step_of_a_transaction_is_told_in_order()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        List<TransactionStep> steps = [];
        rig.Host.Step = steps.Add;
        await rig.AddRuleAsync("web");
        Assert.Equal(Enum.GetValues<TransactionStep>(), steps);
    }
}
