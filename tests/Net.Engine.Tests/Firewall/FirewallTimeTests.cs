using System.Net;
using Net.Contracts;
using Net.Firewall;
using RuleAction = Net.Contracts.RuleAction;

namespace Net.Engine.Tests.Firewall;

public sealed class FirewallTimeTests
{
    private static CancellationToken Token => EngineRig.Token;

    [Fact]
    public async Task A_rule_comes_into_force_and_goes_when_its_schedule_says_so()
    {
        await using EngineRig rig = await StartedAsync();
        FirewallRule night = EngineRig.Rule("night") with { Schedule = new FirewallSchedule { From = new TimeOnly(22, 0), Until = new TimeOnly(6, 0), TimeZone = "UTC" } };
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([night]), Token);
        Assert.True(Listed(rig, "night").IsActive);
        int applied = rig.Firewall.Applied.Count;
        long generation = rig.Manager.Info.Generation;

        rig.Clock.Advance(TimeSpan.FromHours(6) - TimeSpan.FromSeconds(1));
        Assert.Equal(applied, rig.Firewall.Applied.Count);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("not in force any more", (await rig.EventAsync("FirewallRulesSwitched")).Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(applied + 1, rig.Firewall.Applied.Count);
        Assert.False(Listed(rig, "night").IsActive);
        Assert.Equal("the schedule begins at 2026-01-01 22:00:00 UTC", Listed(rig, "night").InactiveReason);

        rig.Clock.Advance(TimeSpan.FromHours(16));
        Assert.Equal("In force by their schedule: night.", (await rig.EventAsync("FirewallRulesSwitched", 2)).Message);
        Assert.Equal(generation, rig.Manager.Info.Generation);
        await rig.Reconciler.CompareAllAsync(Token);
        Assert.Empty(rig.EventsOf("FirewallDrift*"));
    }

    [Fact]
    public async Task A_comparison_that_comes_before_the_timer_finds_no_drift()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FirewallRule day = EngineRig.Rule("day") with { Schedule = new FirewallSchedule { From = new TimeOnly(8, 0), TimeZone = "UTC" } };
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([day]), Token);
        int applied = rig.Firewall.Applied.Count;
        rig.Clock.Advance(TimeSpan.FromHours(9));
        await rig.Reconciler.CompareAllAsync(Token);
        Assert.Equal(applied + 1, rig.Firewall.Applied.Count);
        Assert.Empty(rig.EventsOf("FirewallDrift*"));
    }

    [Fact]
    public async Task An_expired_rule_is_taken_out_of_the_document()
    {
        await using EngineRig rig = await StartedAsync();
        await rig.AddRuleAsync("stays");
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([EngineRig.Rule("goes") with { ExpiresAt = rig.Clock.GetUtcNow().AddHours(2) }]), Token);
        rig.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Contains("goes", (await rig.EventAsync("FirewallRulesExpired")).Message, StringComparison.Ordinal);
        Assert.Equal(["stays"], rig.RuleNames());
        Assert.Equal("engine", rig.Manager.Info.Author);
        Assert.Equal("rules that expired", rig.Manager.Info.Comment);
    }

    [Fact]
    public async Task An_expired_rule_is_not_in_force_while_a_change_waits_for_its_confirmation_and_goes_afterwards()
    {
        await using EngineRig rig = await StartedAsync();
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([EngineRig.Rule("goes") with { ExpiresAt = rig.Clock.GetUtcNow().AddMinutes(2) }]), Token);
        await rig.AddRuleAsync("unconfirmed", new ChangeOptions { ConfirmWithin = TimeSpan.FromHours(1) });
        rig.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal("expired", Listed(rig, "goes").InactiveReason);
        await rig.Manager.ConfirmAsync(EngineRig.Admin, null, Token);
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        await rig.EventAsync("FirewallRulesExpired");
        Assert.Equal(["unconfirmed"], rig.RuleNames());
    }

    [Fact]
    public async Task A_refused_switch_is_told_and_tried_again()
    {
        await using EngineRig rig = await StartedAsync();
        FirewallRule day = EngineRig.Rule("day") with { Schedule = new FirewallSchedule { From = new TimeOnly(8, 0), TimeZone = "UTC" } };
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([day]), Token);
        rig.Firewall.Refusal = "busy";
        rig.Clock.Advance(TimeSpan.FromHours(8));
        await rig.EventAsync("FirewallRefreshFailed");
        rig.Firewall.Refusal = null;
        int applied = rig.Firewall.Applied.Count;
        await rig.Reconciler.CompareAllAsync(Token);
        Assert.Equal(applied + 1, rig.Firewall.Applied.Count);
    }

    [Fact]
    public async Task Sessions_that_stand_are_kept_when_inbound_begins_to_be_blocked_and_forgotten_when_they_end()
    {
        await using EngineRig rig = await StartedAsync();
        rig.Sessions.Established.Add(FakeSessions.Of("192.0.2.9", 50_000, 22));
        rig.Sessions.Established.Add(FakeSessions.Of("127.0.0.1", 50_001, 80));
        await rig.AddRuleAsync("a");
        Assert.Empty(rig.FirewallSection.InKernel!.KeptSessions);
        await rig.Items.SetAsync(EngineRig.Admin, new SetFirewallProfile(new FirewallProfile { Enabled = true }), Token);
        Assert.Equal(new KeptSession(IPAddress.Parse("192.0.2.9"), 50_000, 22), Assert.Single(rig.FirewallSection.InKernel!.KeptSessions));
        Assert.Single(rig.EventsOf("FirewallSessionsKept"));

        // One that began under the rules is no business of this.
        rig.Sessions.Established.Add(FakeSessions.Of("192.0.2.10", 50_000, 22));
        await rig.AddRuleAsync("b");
        Assert.Single(rig.FirewallSection.InKernel!.KeptSessions);
        rig.Sessions.Established.RemoveAt(0);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(rig.FirewallSection.InKernel!.KeptSessions);
    }

    [Theory]
    [InlineData(true, RuleAction.Allow, true)]
    [InlineData(true, RuleAction.Block, false)]
    [InlineData(false, RuleAction.Block, true)]
    public async Task Sessions_are_not_kept_where_nothing_would_cut_them_or_nobody_wants_it(bool isEnabled, RuleAction inbound, bool keep)
    {
        await using EngineRig rig = await StartedAsync();
        rig.Sessions.Established.Add(FakeSessions.Of("192.0.2.9", 50_000, 22));
        await rig.AddRuleAsync("a");
        await rig.Items.SetAsync(EngineRig.Admin, new SetFirewallProfile(new FirewallProfile { Enabled = isEnabled, Inbound = inbound, KeepSessions = keep, SynFloodLimit = 5 }), Token);
        Assert.Empty(rig.FirewallSection.InKernel!.KeptSessions);
    }

    // Stop and crash leave the table; a start writes the last confirmed generation before the engine serves; a reboot begins with no table and does the same.
    [Fact]
    public async Task The_table_outlives_the_engine_and_a_start_writes_the_last_confirmed_generation()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.Items.SetAsync(EngineRig.Admin, new SetFirewallProfile(new FirewallProfile { Enabled = true }), Token);
        string confirmed = rig.Firewall.Content;
        await rig.AddRuleAsync("lockout", new ChangeOptions { ConfirmWithin = TimeSpan.FromMinutes(2) });

        // The engine dies; what stands is the unconfirmed change, until the start takes it back because its time is over.
        rig.Clock.Advance(TimeSpan.Zero);
        Assert.Contains("add counter inet netmod r1\n", rig.Firewall.Content, StringComparison.Ordinal);
        await rig.Manager.DisposeAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(3));
        await rig.RestartAsync();
        Assert.DoesNotContain("counter r1 ", rig.Firewall.Content, StringComparison.Ordinal);
        Assert.True(rig.Manager.Document.Firewall.Profile.Enabled);

        // After a reboot there is no table; the start brings it.
        rig.Firewall.Flush();
        await rig.RestartAsync();
        Assert.Equal(confirmed.Split('\n').Count(line => line.Contains("counter r", StringComparison.Ordinal)), rig.Firewall.Content.Split('\n').Count(line => line.Contains("counter r", StringComparison.Ordinal)));
    }

    private static async Task<EngineRig> StartedAsync()
    {
        EngineRig rig = await new EngineRig().LoadedAsync();
        rig.FirewallParts.Scheduler.Start();
        return rig;
    }

    private static FirewallRule Listed(EngineRig rig, string name) => rig.Rules.List(new ListFirewallRules([name]))[0];
}
