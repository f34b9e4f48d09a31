using System.Collections.Immutable;
using Net.Contracts;
using Net.Engine.Tests.Firewall;
using Net.Firewall;
using Net.Platform;
using AddressRange = Net.Contracts.AddressRange;
using PortRange = Net.Contracts.PortRange;
using RuleDirection = Net.Contracts.RuleDirection;

namespace Net.Engine.Tests;

public sealed class FirewallRuleTests
{
    [Theory]
    [InlineData(RuleDirection.Inbound, true)]
    [InlineData(RuleDirection.Outbound, false)]
    public void Local_and_remote_become_source_and_destination_by_direction(RuleDirection direction, bool isLocalDestination)
    {
        Rule rule = FirewallTranslation.ToRule(new FirewallRule
        {
            Name = "r",
            Id = 3,
            Direction = direction,
            Protocol = IpProtocol.Tcp,
            LocalPort = [new PortRange(1)],
            RemotePort = [new PortRange(2)],
            LocalAddress = [AddressRange.Parse("10.0.0.1")],
            RemoteAddress = [AddressRange.Parse("10.0.0.2")],
            InterfaceAlias = ["eth0"],
        });
        ImmutableArray<Net.Firewall.PortRange> local = isLocalDestination ? rule.DestinationPorts : rule.SourcePorts;
        ImmutableArray<Net.Firewall.PortRange> remote = isLocalDestination ? rule.SourcePorts : rule.DestinationPorts;
        Assert.Equal((1, 2), (local[0].First, remote[0].First));
        Assert.Equal("10.0.0.1", (isLocalDestination ? rule.DestinationAddresses : rule.SourceAddresses)[0].ToString());
        Assert.Equal(["eth0"], isLocalDestination ? rule.InputInterfaces : rule.OutputInterfaces);
        Assert.Empty(isLocalDestination ? rule.OutputInterfaces : rule.InputInterfaces);
    }

    [Fact]
    public void Forwarded_packets_have_source_and_destination_and_two_interfaces()
    {
        Rule rule = FirewallTranslation.ToRule(new FirewallRule
        {
            Name = "r",
            Direction = RuleDirection.Forward,
            SourceAddress = [AddressRange.Parse("10.0.0.0/24")],
            DestinationAddress = [AddressRange.Parse("::1")],
            InterfaceAlias = ["lan"],
            OutInterfaceAlias = ["wan"],
        });
        Assert.Equal(("lan", "wan"), (rule.InputInterfaces[0], rule.OutputInterfaces[0]));
        Assert.Equal("10.0.0.0/24", rule.SourceAddresses[0].ToString());
    }

    public static TheoryData<FirewallRule, string> Wrong() => new()
    {
        { new FirewallRule { Name = "r", Direction = RuleDirection.Forward, LocalPort = [new PortRange(1)], Protocol = IpProtocol.Tcp }, "firewall.rules[0].direction" },
        { new FirewallRule { Name = "r", SourceAddress = [AddressRange.Parse("::1")] }, "firewall.rules[0].direction" },
        { new FirewallRule { Name = "r", OutInterfaceAlias = ["eth0"] }, "firewall.rules[0].outInterfaceAlias" },
        { new FirewallRule { Name = "r*" }, "firewall.rules[0].name" },
        { new FirewallRule { Name = " " }, "firewall.rules[0].name" },
        { new FirewallRule { Name = new string('n', 129) }, "firewall.rules[0].name" },
        { new FirewallRule { Name = "r", Description = new string('d', 1025) }, "firewall.rules[0].description" },
        { new FirewallRule { Name = "r", LocalPort = [new PortRange(1)] }, "firewall.rules[0].localPort" },
        { new FirewallRule { Name = "r", Direction = RuleDirection.Outbound, LocalPort = [new PortRange(1)] }, "firewall.rules[0].localPort" },
        { new FirewallRule { Name = "r", RemotePort = [new PortRange(1)] }, "firewall.rules[0].remotePort" },
        { new FirewallRule { Name = "r", Family = IpFamily.IPv6, RemoteAddress = [AddressRange.Parse("10.0.0.1")] }, "firewall.rules[0].remoteAddress" },
        { new FirewallRule { Name = "r", InterfaceAlias = ["bad name"] }, "firewall.rules[0].interfaceAlias" },
        { new FirewallRule { Name = "r", Direction = RuleDirection.Forward, OutInterfaceAlias = [""] }, "firewall.rules[0].outInterfaceAlias" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task What_does_not_fit_together_is_refused_with_its_place(FirewallRule rule, string place)
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        EngineException exception = await Assert.ThrowsAsync<EngineException>(() => rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([rule]), EngineRig.Token));
        Assert.Equal((ErrorCatalogue.FirewallRuleInvalid.Id, place), (exception.ErrorId, exception.Target));
    }

    [Fact]
    public async Task Rules_are_created_where_they_shall_be_and_listed_with_position_and_counters()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("last");
        FirewallRulesChanged created = await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([EngineRig.Rule("first") with { Id = 55, PacketCount = 9 }, EngineRig.Rule("second")], 1), EngineRig.Token);
        Assert.Equal([(2L, 1), (3L, 2)], created.Rules.Select(rule => (rule.Id, rule.Position!.Value)));
        rig.Firewall.Counters["r2"] = new CounterValue(7, 420);
        FirewallRule[] listed = rig.Rules.List(new ListFirewallRules());
        Assert.Equal([("first", 1, 7L), ("second", 2, null), ("last", 3, (long?)null)], listed.Select(rule => (rule.Name, rule.Position!.Value, rule.PacketCount)));
        Assert.Equal(420, listed[0].ByteCount);
        Assert.Null(rig.Rules.List(new ListFirewallRules(Counters: false))[0].PacketCount);
        Assert.Equal(["second"], rig.Rules.List(new ListFirewallRules(["SEC*"])).Select(rule => rule.Name));
        Assert.Empty(rig.Rules.List(new ListFirewallRules(["x*"])));
        Assert.Equal("nobody", (await EngineRig.Refused(ErrorCatalogue.FirewallRuleNotFound, () => Task.FromResult(rig.Rules.List(new ListFirewallRules(["nobody"]))))).Target);
        Assert.All(rig.Manager.Document.Firewall.Rules, rule => Assert.Null(rule.PacketCount));
        foreach (int position in new[] { 0, -1, 5 })
        {
            await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([EngineRig.Rule("x")], position), EngineRig.Token));
        }

        await EngineRig.Refused(ErrorCatalogue.FirewallRuleExists, () => rig.AddRuleAsync("FIRST"));
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([]), EngineRig.Token));
    }

    [Fact]
    public async Task Rules_are_changed_by_id_or_name_and_moved_by_position()
    {
        await using EngineRig rig = await Letters("a", "b", "c", "d");
        FirewallRule c = rig.Rules.List(new ListFirewallRules(["c"]))[0];
        FirewallRulesChanged renamed = await rig.Rules.SetAsync(EngineRig.Admin, new SetFirewallRules([c with { Name = "see", Enabled = false }]), EngineRig.Token);
        Assert.Equal(("see", false, 3L), (renamed.Rules[0].Name, renamed.Rules[0].Enabled, renamed.Rules[0].Id));
        Assert.Equal(2, renamed.Outcome.Plan.Changes.Length);
        FirewallRulesChanged moved = await rig.Rules.SetAsync(EngineRig.Admin, new SetFirewallRules([EngineRig.Rule("d") with { Position = 1 }]), EngineRig.Token);
        Assert.Equal("~ firewall: rule 'd': position 4 -> position 1", Assert.Single(moved.Outcome.Plan.Changes).ToString());
        Assert.Equal(["d", "a", "b", "see"], rig.RuleNames());
        FirewallRulesChanged many = await rig.Rules.SetAsync(
            EngineRig.Admin, new SetFirewallRules([EngineRig.Rule("b") with { Position = 1 }, EngineRig.Rule("d") with { Position = 4 }]), EngineRig.Token);
        Assert.Equal(["b", "a", "see", "d"], rig.RuleNames());
        Assert.Equal(ConfigurationChangeKind.Moved, Assert.Single(many.Outcome.Plan.Changes).Kind);
        foreach (int position in new[] { 0, 5 })
        {
            await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Rules.SetAsync(EngineRig.Admin, new SetFirewallRules([EngineRig.Rule("d") with { Position = position }]), EngineRig.Token));
        }

        await EngineRig.Refused(ErrorCatalogue.FirewallRuleNotFound, () => rig.Rules.SetAsync(EngineRig.Admin, new SetFirewallRules([EngineRig.Rule("nobody")]), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.FirewallRuleNotFound, () => rig.Rules.SetAsync(EngineRig.Admin, new SetFirewallRules([EngineRig.Rule("a") with { Id = 77 }]), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.FirewallRuleExists, () => rig.Rules.SetAsync(EngineRig.Admin, new SetFirewallRules([EngineRig.Rule("b") with { Id = 1 }]), EngineRig.Token));
    }

    [Fact]
    public async Task A_listed_rule_set_back_unchanged_changes_nothing()
    {
        await using EngineRig rig = await Letters("a", "b");
        Assert.False((await rig.Rules.SetAsync(EngineRig.Admin, new SetFirewallRules(rig.Rules.List(new ListFirewallRules())), EngineRig.Token)).Outcome.Applied);
    }

    [Fact]
    public async Task Rules_are_removed_all_or_none()
    {
        await using EngineRig rig = await Letters("a", "b", "c");
        Assert.Equal("nobody", (await EngineRig.Refused(ErrorCatalogue.FirewallRuleNotFound, () => rig.Rules.RemoveAsync(EngineRig.Admin, new RemoveFirewallRules(["a", "nobody"]), EngineRig.Token))).Target);
        FirewallRulesChanged removed = await rig.Rules.RemoveAsync(EngineRig.Admin, new RemoveFirewallRules(["A", "a", "c"]), EngineRig.Token);
        Assert.Equal(["a", "c"], removed.Rules.Select(rule => rule.Name));
        Assert.Equal(["b"], rig.RuleNames());
        await rig.Rules.RemoveAsync(EngineRig.Admin, new RemoveFirewallRules(["b"]), EngineRig.Token);
        Assert.False(rig.Firewall.HasTable);
        await rig.AddRuleAsync("again");
        Assert.Equal(4, rig.Manager.Document.Firewall.Rules[0].Id);
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Rules.RemoveAsync(EngineRig.Admin, new RemoveFirewallRules([]), EngineRig.Token));
    }

    [Fact]
    public async Task Ids_a_document_brings_along_are_only_kept_when_they_are_ours()
    {
        await using EngineRig rig = await Letters("a", "b");
        await rig.ChangeAsync(document => document with
        {
            Firewall = new FirewallSection { NextRuleId = long.MaxValue, Rules = [EngineRig.Rule("b"), EngineRig.Rule("foreign") with { Id = 500 }, EngineRig.Rule("other") with { Id = 1 }] },
        });
        Assert.Equal([("b", 2L), ("foreign", 3L), ("other", 1L)], rig.Manager.Document.Firewall.Rules.Select(rule => (rule.Name, rule.Id)));
        Assert.Equal(4, rig.Manager.Document.Firewall.NextRuleId);
    }

    private static async Task<EngineRig> Letters(params string[] names)
    {
        EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([.. names.Select(name => EngineRig.Rule(name))]), EngineRig.Token);
        return rig;
    }
}
