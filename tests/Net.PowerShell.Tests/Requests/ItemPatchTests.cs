using System.Reflection;
using Net.Contracts;
using Net.PowerShell.Commands;
using Net.PowerShell.Requests;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Requests;

public sealed class ItemPatchTests
{
    // What the engine says of a thing, and what is part of another request.
    private static readonly string[] Told =
        ["Id", "Name", "Enabled", "Origin", "IsActive", "InactiveReason", "LastHit", "PacketsPerSecond", "Position", "PacketCount", "ByteCount", "EntryCount", "RefreshedAt", "Problem", "ConnectionCount", "Schedule"];

    [Fact]
    public void A_new_rule_has_what_was_given_and_the_contracts_defaults()
    {
        FirewallRule rule = new ItemPatch { ["Name"] = "web", ["Action"] = RuleAction.Reject, ["LocalPort"] = new PortRange[] { new(443) } }.ApplyTo(FirewallFamilies.Rule.New(string.Empty));

        Assert.Equal("web", rule.Name);
        Assert.Equal(RuleAction.Reject, rule.Action);
        Assert.Equal(RuleDirection.Inbound, rule.Direction);
        Assert.True(rule.Enabled);
        Assert.Equal([new PortRange(443)], rule.LocalPort);
    }

    [Fact]
    public void A_copy_forgets_what_is_so_now_and_leaves_the_original_alone()
    {
        FirewallRule rule = Sample.Rule("web", 4) with { IsActive = false, InactiveReason = "group", LastHit = DateTimeOffset.UnixEpoch, PacketsPerSecond = 3 };

        FirewallRule copy = new ItemPatch { ["Log"] = true }.ApplyTo(FirewallFamilies.Rule.Document(rule));

        Assert.Equal(rule with { Position = null, PacketCount = null, IsActive = null, InactiveReason = null, LastHit = null, PacketsPerSecond = null, Log = true }, copy);
        Assert.False(rule.Log);
    }

    [Fact]
    public void Empty_texts_zeros_and_null_take_away_what_may_be_absent()
    {
        FirewallRule rule = Sample.Rule("web") with { Description = "old", SetTtl = 64, RateBurst = 9, AddSourceFor = TimeSpan.FromHours(1), RateLimit = "1/second" };

        FirewallRule changed = new ItemPatch
        {
            ["LocalPort"] = Array.Empty<PortRange>(),
            ["RemotePort"] = null,
            ["Description"] = string.Empty,
            ["RateLimit"] = null,
            ["SetTtl"] = 0,
            ["RateBurst"] = 0L,
            ["AddSourceFor"] = TimeSpan.Zero,
            ["Action"] = null,
        }.ApplyTo(rule);

        Assert.True(changed is { LocalPort: [], RemotePort: [], Description: null, RateLimit: null, SetTtl: null, RateBurst: null, AddSourceFor: null, Action: RuleAction.Block });
    }

    [Fact]
    public void Texts_of_one_address_or_port_are_read()
    {
        PortForward forward = new ItemPatch { ["Port"] = "8000-8010", ["ToAddress"] = "192.168.1.10", ["ToPort"] = "80" }.ApplyTo(FirewallFamilies.Forward.New("web"));
        NatRule rule = new ItemPatch { ["ToAddress"] = string.Empty, ["ToPort"] = string.Empty }.ApplyTo(new NatRule { Name = "x", ToAddress = AddressRange.Parse("192.0.2.1"), ToPort = new PortRange(1) });

        Assert.True(forward is { Port.First: 8000, Port.Last: 8010, ToPort.First: 80 });
        Assert.Equal("192.168.1.10", forward.ToAddress.ToString());
        Assert.True(rule is { ToAddress: null, ToPort: null });
    }

    [Fact]
    public void Zero_stays_where_it_is_a_value()
    {
        FirewallDetection detection = new ItemPatch { ["ScanPorts"] = 0 }.ApplyTo(new FirewallDetection());

        Assert.Equal(0, detection.ScanPorts);
    }

    [Fact]
    public void A_schedule_changes_by_its_parts_and_goes_when_nothing_limits()
    {
        var before = new FirewallRule { Name = "x", Schedule = new FirewallSchedule { Day = [DayOfWeek.Monday], From = new TimeOnly(8, 0), TimeZone = "Europe/Berlin" } };

        FirewallRule later = new ItemPatch { ["Schedule"] = new SchedulePatch { Until = new TimeOnly(17, 0) } }.ApplyTo(before with { });
        FirewallRule anew = new ItemPatch { ["Schedule"] = new SchedulePatch { Always = true, Day = [DayOfWeek.Sunday] } }.ApplyTo(before with { });
        FirewallRule always = new ItemPatch { ["Schedule"] = new SchedulePatch { Always = true } }.ApplyTo(before with { });

        Assert.True(later.Schedule is { Day: [DayOfWeek.Monday], From.Hour: 8, Until.Hour: 17, TimeZone: "Europe/Berlin" });
        Assert.True(anew.Schedule is { Day: [DayOfWeek.Sunday], From: null, TimeZone: null });
        Assert.Null(always.Schedule);
        Assert.Null(before.Schedule!.Until);
        Assert.False(new SchedulePatch().IsGiven);
    }

    [Fact]
    public void Parts_are_equal_by_their_members_and_values()
    {
        var parts = new ItemPatch { ["Log"] = true, ["LocalPort"] = new PortRange[] { new(80) } };

        Assert.Equal(parts, new ItemPatch { ["LocalPort"] = new PortRange[] { new(80) }, ["Log"] = true });
        Assert.Equal(parts.GetHashCode(), new ItemPatch { ["LocalPort"] = new PortRange[] { new(80) }, ["Log"] = true }.GetHashCode());
        Assert.NotEqual(parts, new ItemPatch { ["LocalPort"] = new PortRange[] { new(81) }, ["Log"] = true });
        Assert.NotEqual(parts, new ItemPatch { ["Log"] = true });
    }

    [Theory]
    [InlineData(typeof(FirewallRule), typeof(SetFirewallRuleCommand))]
    [InlineData(typeof(FirewallAddressList), typeof(SetFirewallAddressListCommand))]
    [InlineData(typeof(FirewallPortList), typeof(SetFirewallPortListCommand))]
    [InlineData(typeof(FirewallZone), typeof(SetFirewallZoneCommand))]
    [InlineData(typeof(NatRule), typeof(SetNatRuleCommand))]
    [InlineData(typeof(PortForward), typeof(SetPortForwardCommand))]
    [InlineData(typeof(FirewallProfile), typeof(SetFirewallProfileCommand))]
    [InlineData(typeof(FirewallDetection), typeof(SetFirewallDetectionCommand))]
    public void Every_member_a_user_can_set_is_a_parameter_of_a_type_that_fits(Type record, Type cmdlet)
    {
        foreach (PropertyInfo member in record.GetProperties().Where(member => !Told.Contains(member.Name) && member.CanWrite))
        {
            PropertyInfo? parameter = cmdlet.GetProperty(member.Name);

            Assert.True(parameter is not null, $"{cmdlet.Name} has no -{member.Name}");
            Type given = Nullable.GetUnderlyingType(parameter.PropertyType) ?? parameter.PropertyType;
            Type kept = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
            bool isText = given == typeof(string) && (kept == typeof(AddressRange) || kept == typeof(PortRange));
            Assert.True(given == kept || isText || (kept == typeof(bool) && given.Name == "SwitchParameter"), $"-{member.Name} of {cmdlet.Name} is a {given.Name}");
        }
    }

    [Fact]
    public async Task Changing_sends_the_whole_again_by_its_id_and_the_generation_read()
    {
        var rule = new NatRule { Id = 7, Name = "internet", Kind = NatKind.Masquerade, Position = 2, ConnectionCount = 5 };
        FakeEngine engine = new FakeEngine()
            .Answer(EngineApi.EngineStatus, _ => Sample.Status(7))
            .Answer(EngineApi.FirewallListNatRules, _ => [rule])
            .Answer(EngineApi.FirewallSetNatRules, request => new NatRulesChanged(request.Rules, Sample.Outcome()));

        (NatRule[] items, _) = await FirewallFamilies.Nat.EditAsync([new Wanted("internet")], (item, _) => new ItemPatch { ["Name"] = "out" }.ApplyTo(item), new ChangeOptions(), engine, CancellationToken.None);

        SetNatRules sent = engine.RequestsOf<SetNatRules>().Single();
        Assert.True(sent is { Rules: [{ Id: 7, Name: "out", Position: null, ConnectionCount: null }], Change.ExpectedGeneration: 7 });
        Assert.Equal("internet", rule.Name);
        Assert.Single(items);
    }

    [Fact]
    public async Task Settings_are_read_changed_and_written_as_one_thing()
    {
        FakeEngine engine = new FakeEngine()
            .Answer(EngineApi.EngineStatus, _ => Sample.Status(3))
            .Answer(EngineApi.FirewallGetProfile, _ => new FirewallProfile { LogBlocked = true })
            .Answer(EngineApi.FirewallSetProfile, request => new FirewallProfileChanged(request.Profile, Sample.Outcome()))
            .Answer(EngineApi.FirewallGetDetection, _ => new FirewallDetection())
            .Answer(EngineApi.FirewallSetDetection, request => new FirewallDetectionChanged(request.Detection, Sample.Outcome()));

        await FirewallFamilies.Profile.EditAsync([new Wanted(FirewallFamilies.Profile.Kind.Noun)], (item, _) => new ItemPatch { ["Enabled"] = true }.ApplyTo(item), new ChangeOptions(), engine, CancellationToken.None);
        await FirewallFamilies.Detection.EditAsync([new Wanted(FirewallFamilies.Detection.Kind.Noun)], (item, _) => new ItemPatch { ["BanList"] = "banned" }.ApplyTo(item), new ChangeOptions(), engine, CancellationToken.None);

        Assert.True(engine.RequestsOf<SetFirewallProfile>().Single() is { Profile: { Enabled: true, LogBlocked: true }, Change.ExpectedGeneration: 3 });
        Assert.Equal("banned", engine.RequestsOf<SetFirewallDetection>().Single().Detection.BanList);
    }

    [Fact]
    public async Task Rules_the_engine_adds_are_told_apart_by_their_number()
    {
        FirewallRule[] rules = [Sample.Rule("established", 1L << 40) with { Origin = "profile" }, Sample.Rule("established", (1L << 40) + 1) with { Origin = "profile" }, Sample.Rule("web", 4)];
        FakeEngine engine = new FakeEngine().Answer(EngineApi.FirewallListRules, _ => rules);

        Selection<FirewallRule> found = await Selection<FirewallRule>.ReadAsync(ItemKinds.Rules(counters: true, generated: true, ["a*"]), [new Wanted("*")], engine, CancellationToken.None);

        Assert.Equal(3, found.Items.Count());
        Assert.True(engine.RequestsOf<ListFirewallRules>().Single() is { Counters: true, Generated: true, Groups: ["a*"], Names: null });
    }
}
