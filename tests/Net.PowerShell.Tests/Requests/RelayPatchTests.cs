using Net.Contracts;
using Net.PowerShell.Requests;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Requests;

public sealed class RelayPatchTests
{
    private static readonly string[] Now =
        ["State", "Reason", "EngineInUse", "EngineReason", "Worker", "Packets", "Bytes", "PacketsPerSecond", "BitsPerSecond", "LastSeen"];

    private static readonly RelayRule Rule = new()
    {
        Id = 7,
        Name = "news",
        Description = "of the day",
        Enabled = false,
        InterfaceAlias = "eth0",
        Group = AddressRange.Parse("239.1.1.1"),
        Source = AddressRange.Parse("192.0.2.1"),
        Port = new PortRange(5000),
        AllowedSources = [AddressRange.Parse("192.0.2.0/24")],
        Outputs = [new RelayOutput { InterfaceAlias = "br1" }],
        Engine = RelayEngine.Packet,
        AnalyzeSequence = true,
        Duplicates = RelayDuplicates.Standby,
        PreferredSource = "192.0.2.1",
        StandbyAfter = TimeSpan.FromMilliseconds(200),
    };

    [Fact]
    public void Every_part_of_a_rule_a_user_can_set_is_in_the_patch()
    {
        IEnumerable<string> settable = typeof(RelayRule).GetProperties().Select(property => property.Name).Except(["Id"]).Except(Now);

        Assert.Empty(settable.Except(typeof(RelayRulePatch).GetProperties().Select(property => property.Name)));
    }

    [Fact]
    public void Nothing_given_changes_nothing_but_forgets_what_is_so_now()
    {
        RelayRule seen = Rule with { State = RelayRuleState.Forwarding, Reason = "relays", EngineInUse = RelayEngine.Packet, Worker = 1, Packets = 5, LastSeen = DateTimeOffset.UnixEpoch };

        RelayRule changed = new RelayRulePatch().ApplyTo(seen);

        Assert.Equal(Rule, changed);
        Assert.All(Now, name => Assert.Null(typeof(RelayRule).GetProperty(name)!.GetValue(changed)));
    }

    [Fact]
    public void An_empty_text_takes_a_part_away_and_zero_goes_back_to_the_default()
    {
        RelayRule changed = new RelayRulePatch
        {
            Source = string.Empty,
            Port = string.Empty,
            PreferredSource = string.Empty,
            Description = string.Empty,
            StandbyAfter = TimeSpan.Zero,
        }.ApplyTo(Rule);

        Assert.True(changed is { Source: null, Port: null, PreferredSource: null, Description: null, StandbyAfter: null, Id: 7 });
    }

    [Fact]
    public void A_new_rule_has_the_parts_and_no_id()
    {
        RelayRule rule = new RelayRulePatch
        {
            Name = "tv",
            InterfaceAlias = "eth*",
            Group = AddressRange.Parse("239.1.0.0/16"),
            Port = "5000-5010",
            Source = "10.0.0.0/8",
            Outputs = [RelayOutput.Parse("br1,ttl=4")],
        }.ToRule();

        Assert.Equal(0, rule.Id);
        Assert.True(rule is { Name: "tv", Enabled: true, InterfaceAlias: "eth*", Outputs.Length: 1 });
        Assert.Equal("5000-5010", rule.Port.ToString());
        Assert.Equal("10.0.0.0/8", rule.Source!.ToString());
    }

    [Fact]
    public void Settings_change_one_by_one_and_queriers_lose_their_state()
    {
        var before = new RelaySettings { Workers = 2, AllowSiteScope = true, AllowVirtualXdp = true, Queriers = [new RelayQuerier { InterfaceAlias = "br1", IsElected = true, ElectedAddress = "192.0.2.1" }] };

        RelaySettings same = new RelaySettingsPatch { PinWorkers = false }.ApplyTo(before);
        RelaySettings without = new RelaySettingsPatch { Queriers = [] }.ApplyTo(before);

        Assert.True(same is { Workers: 2, PinWorkers: false, AllowSiteScope: true, AllowVirtualXdp: true });
        Assert.Equal(new RelayQuerier { InterfaceAlias = "br1" }, Assert.Single(same.Queriers));
        Assert.Empty(without.Queriers);
        Assert.Empty(typeof(RelaySettings).GetProperties().Select(property => property.Name).Except(typeof(RelaySettingsPatch).GetProperties().Select(property => property.Name)));
    }

    [Fact]
    public async Task Changing_a_rule_sends_the_whole_again_by_its_id_and_the_generation_read()
    {
        FakeEngine engine = new FakeEngine()
            .Answer(EngineApi.EngineStatus, _ => Sample.Status(7))
            .Answer(EngineApi.RelayListRules, _ => [Rule])
            .Answer(EngineApi.RelaySetRules, request => new RelayRulesChanged(request.Rules, Sample.Outcome()));
        var patches = new Patches<RelayRule, RelayRulePatch>(RelayKinds.RuleToChange, (parts, rule) => parts.ApplyTo(rule));
        patches.Add(new RelayRulePatch { Name = "renamed" }, null, [Rule]);

        await Commands.RelayRuleChanges.SetAsync(patches.Wanted, patches.Apply, new ChangeOptions(), engine, CancellationToken.None);

        SetRelayRules sent = engine.RequestsOf<SetRelayRules>().Single();
        Assert.Equal((7L, "renamed"), (Assert.Single(sent.Rules).Id, sent.Rules[0].Name));
        Assert.Equal(7, sent.Change!.ExpectedGeneration);
        Assert.All(engine.RequestsOf<ListRelayRules>(), request => Assert.False(request.Counters));
    }

    [Fact]
    public void Parts_that_stay_the_same_along_a_pipeline_are_kept_once()
    {
        var patches = new Patches<RelayRule, RelayRulePatch>(RelayKinds.RuleToChange, (parts, rule) => parts.ApplyTo(rule));

        patches.Add(new RelayRulePatch { Description = "a" }, ["one", "two"], null);
        patches.Add(new RelayRulePatch { Description = "a" }, ["three"], null);
        patches.Add(new RelayRulePatch { Description = "b" }, ["four"], null);

        Assert.Equal([0, 0, 0, 1], patches.Wanted.Select(one => one.Part));
        Assert.Equal("b", patches.Apply(Rule, 1).Description);
    }
}
