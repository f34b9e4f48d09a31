using Net.Contracts;

namespace Net.Engine.Tests;

public sealed class PolicyTests
{
    [Fact]
    public async Task A_locked_setting_cannot_be_changed_and_shows_with_its_file()
    {
        await using EngineRig rig = await WithPolicy("""{ "paths": { "probe": { "interval": "00:00:05" } } }""");
        Assert.Equal(TimeSpan.FromSeconds(5), rig.Manager.Document.Paths.Probe.Interval);
        LockedSetting locked = Assert.Single(rig.Manager.GetSnapshot(null).Locked);
        Assert.Equal(("paths.probe.interval", "\"00:00:05\""), (locked.Setting, locked.Value));
        Assert.EndsWith("10-test.json", locked.Source, StringComparison.Ordinal);
        EngineException exception = await EngineRig.Refused(ErrorCatalogue.SettingLocked, () => rig.ChangeAsync(document => document with
        {
            Paths = document.Paths with { Probe = document.Paths.Probe with { Interval = TimeSpan.FromSeconds(1) } },
        }));
        Assert.Contains("10-test.json", exception.Message, StringComparison.Ordinal);
        Assert.True((await rig.ChangeAsync(document => document with { Paths = document.Paths with { Probe = document.Paths.Probe with { MaxLost = 5 } } })).Applied);
    }

    [Fact]
    public async Task A_lock_set_later_wins_at_the_next_start_and_in_a_rollback()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.ChangeAsync(document => document with { Paths = document.Paths with { Probe = document.Paths.Probe with { MaxLost = 9 } } });
        await rig.AddRuleAsync("lockout", new ChangeOptions(ConfirmWithin: TimeSpan.FromMinutes(2)));
        rig.WritePolicy("10-test.json", """{ "paths": { "probe": { "maxLost": 4 } } }""");
        await rig.RestartAsync();
        Assert.Equal(4, rig.Manager.Document.Paths.Probe.MaxLost);
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        await rig.EventAsync("ConfigurationRolledBack");
        Assert.Equal(4, rig.Manager.Document.Paths.Probe.MaxLost);
    }

    [Fact]
    public async Task Locked_rules_get_ids_and_stay_as_they_are()
    {
        await using EngineRig rig = await WithPolicy("""{ "firewall": { "rules": [ { "name": "no-telnet", "action": "block", "protocol": "tcp", "localPort": ["23"] } ] } }""");
        Assert.Equal(("no-telnet", 1L), (rig.RuleNames()[0], rig.Manager.Document.Firewall.Rules[0].Id));
        Assert.Contains("dport 23", rig.Firewall.Content, StringComparison.Ordinal);
        await EngineRig.Refused(ErrorCatalogue.SettingLocked, () => rig.AddRuleAsync("mine"));
        Assert.True((await rig.ChangeAsync(document => document with { Paths = document.Paths with { Probe = document.Paths.Probe with { MaxLost = 5 } } })).Applied);
        Assert.Equal(1, Assert.Single(rig.Manager.Document.Firewall.Rules).Id);
        ConfigurationText text = rig.Service.Export(new ExportConfiguration(ConfigurationFormat.Yaml));
        Assert.False((await rig.Service.ImportAsync(EngineRig.Admin, new ImportConfiguration(text.Text), EngineRig.Token)).Applied);
    }

    [Fact]
    public async Task Later_policies_win_over_earlier_ones_by_the_order_of_their_names()
    {
        await using var rig = new EngineRig();
        rig.WritePolicy("20-later.json", """{ "paths": { "probe": { "maxLost": 7 } } }""");
        rig.WritePolicy("10-earlier.json", """{ "paths": { "probe": { "maxLost": 3, "recoverAfter": 6 } } }""");
        await rig.RestartAsync();
        Assert.Equal((7, 6), (rig.Manager.Document.Paths.Probe.MaxLost, rig.Manager.Document.Paths.Probe.RecoverAfter));
        Assert.Equal(2, rig.Manager.Locked.Length);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "paths": { "prob": {} } }""")]
    [InlineData("""{ "paths": { "probe": { "maxLost": "three" } } }""")]
    [InlineData("""{ "paths": { "probe": { "maxLost": 3, "maxLost": 4 } } }""")]
    [InlineData("""{ "access": { "admins": [null] } }""")]
    [InlineData("""{ "access": { "admins": ["root"] } }""")]
    [InlineData("""{ "paths": { "probe": { "maxLost": 99 } } }""")]
    [InlineData("""{ "metrics": { "listen": "everywhere" } }""")]
    public async Task A_policy_that_is_not_usable_refuses_the_start(string policy)
    {
        await using var rig = new EngineRig();
        rig.WritePolicy("10-test.json", policy);
        EngineException exception = await Assert.ThrowsAsync<EngineException>(rig.RestartAsync);
        Assert.Contains("10-test.json", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<EngineRig> WithPolicy(string json)
    {
        var rig = new EngineRig();
        rig.WritePolicy("10-test.json", json);
        await rig.RestartAsync();
        return rig;
    }
}
