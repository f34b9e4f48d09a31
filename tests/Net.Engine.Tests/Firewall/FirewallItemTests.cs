using Net.Contracts;
using Net.Platform;

namespace Net.Engine.Tests.Firewall;

public sealed class FirewallItemTests
{
    private static CancellationToken Token => EngineRig.Token;

    [Fact]
    public async Task Zones_are_created_changed_listed_and_removed()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FirewallZonesChanged created = await rig.Items.CreateAsync(EngineRig.Operator, new CreateFirewallZones([Zone("lan", "eth1"), Zone("wan", "eth0")]), Token);
        Assert.True(created.Outcome.Applied);
        Assert.Equal(["lan", "wan"], rig.Items.List(new ListFirewallZones()).Select(zone => zone.Name));
        Assert.Equal(["wan"], rig.Items.List(new ListFirewallZones(["W*"])).Select(zone => zone.Name));
        Assert.Equal("dmz", (await EngineRig.Refused(ErrorCatalogue.FirewallItemNotFound, () => Task.FromResult(rig.Items.List(new ListFirewallZones(["dmz"]))))).Target);
        await EngineRig.Refused(ErrorCatalogue.FirewallItemExists, () => rig.Items.CreateAsync(EngineRig.Operator, new CreateFirewallZones([Zone("LAN", "eth5")]), Token));
        await EngineRig.Refused(ErrorCatalogue.FirewallItemInvalid, () => rig.Items.CreateAsync(EngineRig.Operator, new CreateFirewallZones([Zone("dmz", "eth1")]), Token));

        FirewallZonesChanged set = await rig.Items.SetAsync(EngineRig.Operator, new SetFirewallZones([Zone("lan", "eth1") with { ForwardTo = ["wan"] }]), Token);
        Assert.Equal("~ firewall: zone 'lan': forwardTo none -> forwardTo wan", Assert.Single(set.Outcome.Plan.Changes).ToString());
        EngineException used = await EngineRig.Refused(ErrorCatalogue.FirewallItemInUse, () => rig.Items.RemoveAsync(EngineRig.Operator, new RemoveFirewallZones(["wan"]), Token));
        Assert.Contains("zone 'lan'", used.Message, StringComparison.Ordinal);
        Assert.Equal(["lan", "wan"], (await rig.Items.RemoveAsync(EngineRig.Operator, new RemoveFirewallZones(["wan", "LAN"]), Token)).Zones.Select(zone => zone.Name));
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Items.RemoveAsync(EngineRig.Operator, new RemoveFirewallZones([]), Token));
    }

    [Fact]
    public async Task A_plan_alone_changes_nothing()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FirewallZonesChanged planned = await rig.Items.CreateAsync(EngineRig.Operator, new CreateFirewallZones([Zone("lan", "eth1")], new ChangeOptions { WhatIf = true }), Token);
        Assert.Equal((false, 1, "lan"), (planned.Outcome.Applied, planned.Outcome.Plan.Changes.Length, planned.Zones[0].Name));
        Assert.Empty(rig.Items.List(new ListFirewallZones()));
    }

    [Fact]
    public async Task Lists_rules_nat_and_forwards_share_one_row_of_numbers()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("a");
        Assert.Equal(2, (await rig.Items.CreateAsync(EngineRig.Operator, new CreateFirewallAddressLists([new FirewallAddressList { Name = "l", Id = 77 }]), Token)).Lists[0].Id);
        Assert.Equal(3, (await rig.Items.CreateAsync(EngineRig.Operator, new CreateNatRules([Masquerade("n")]), Token)).Rules[0].Id);
        Assert.Equal(4, (await rig.Items.CreateAsync(EngineRig.Operator, new CreatePortForwards([Forward("f")]), Token)).Forwards[0].Id);
        await rig.Items.RemoveAsync(EngineRig.Operator, new RemovePortForwards(["f"]), Token);
        await rig.AddRuleAsync("b");
        Assert.Equal(5, rig.Manager.Document.Firewall.Rules[1].Id);

        // A renamed list keeps its number, and with it its sets in the kernel.
        Assert.Equal(2, (await rig.Items.SetAsync(EngineRig.Operator, new SetFirewallAddressLists([new FirewallAddressList { Id = 2, Name = "m" }]), Token)).Lists[0].Id);
    }

    [Fact]
    public async Task Who_uses_a_list_is_said_when_it_is_removed()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.ChangeAsync(document => document with
        {
            Firewall = document.Firewall with
            {
                AddressLists = [new FirewallAddressList { Name = "bad", Dynamic = true }, new FirewallAddressList { Name = "inner" }, new FirewallAddressList { Name = "outer", List = ["inner"] }],
                PortLists = [new FirewallPortList { Name = "web", Port = [new PortRange(80)] }],
                Detection = new FirewallDetection { BanList = "bad" },
                Rules = [EngineRig.Rule("r") with { RemoteAddressList = ["bad", "outer"], LocalPortList = ["WEB"] }],
            },
        });
        Assert.Contains("rule 'r', detection", (await Remove(() => rig.Items.RemoveAsync(EngineRig.Operator, new RemoveFirewallAddressLists(["bad"]), Token))).Message, StringComparison.Ordinal);
        Assert.Contains("address list 'outer'", (await Remove(() => rig.Items.RemoveAsync(EngineRig.Operator, new RemoveFirewallAddressLists(["inner"]), Token))).Message, StringComparison.Ordinal);
        Assert.Contains("rule 'r'", (await Remove(() => rig.Items.RemoveAsync(EngineRig.Operator, new RemoveFirewallPortLists(["web"]), Token))).Message, StringComparison.Ordinal);

        static Task<EngineException> Remove(Func<Task> remove) => EngineRig.Refused(ErrorCatalogue.FirewallItemInUse, remove);
    }

    [Fact]
    public async Task Nat_rules_have_places_and_counters()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.Items.CreateAsync(EngineRig.Operator, new CreateNatRules([Masquerade("a"), Masquerade("b"), Masquerade("first") with { Position = 1 }]), Token);
        rig.Firewall.Counters["n3"] = new CounterValue(7, 420);
        Assert.Equal([("first", 1, 0L), ("a", 2, 0L), ("b", 3, 7L)], rig.Items.List(new ListNatRules()).Select(rule => (rule.Name, rule.Position!.Value, rule.ConnectionCount!.Value)));
        await rig.Items.SetAsync(EngineRig.Operator, new SetNatRules([Masquerade("b") with { Position = 1 }]), Token);
        Assert.Equal(["b", "first", "a"], rig.Manager.Document.Firewall.NatRules.Select(rule => rule.Name));
        Assert.All(rig.Manager.Document.Firewall.NatRules, rule => Assert.Null(rule.Position));
        await EngineRig.Refused(ErrorCatalogue.FirewallItemExists, () => rig.Items.CreateAsync(EngineRig.Operator, new CreatePortForwards([Forward("A")]), Token));
    }

    [Fact]
    public async Task Profile_and_detection_are_read_and_replaced()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FirewallProfileChanged profile = await rig.Items.SetAsync(EngineRig.Operator, new SetFirewallProfile(rig.Items.GetProfile() with { Enabled = true }), Token);
        Assert.Equal("~ firewall: profile: enabled false -> enabled true", Assert.Single(profile.Outcome.Plan.Changes).ToString());
        Assert.True(rig.Items.GetProfile().Enabled);
        Assert.True(rig.Firewall.HasTable);
        FirewallDetectionChanged detection = await rig.Items.SetAsync(EngineRig.Operator, new SetFirewallDetection(new FirewallDetection { Enabled = true, ScanPorts = 3 }), Token);
        Assert.Equal(3, detection.Detection.ScanPorts);
        Assert.Equal(2, detection.Outcome.Plan.Changes.Length);
    }

    [Fact]
    public async Task Rules_of_the_profile_are_listed_on_request_in_the_order_they_are_asked()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("mine");
        await rig.Items.SetAsync(EngineRig.Operator, new SetFirewallProfile(new FirewallProfile { Enabled = true }), Token);
        Assert.Equal("mine", Assert.Single(rig.Rules.List(new ListFirewallRules())).Name);
        FirewallRule[] all = rig.Rules.List(new ListFirewallRules(Generated: true));
        Assert.Equal(["established and related connections (inbound)", "default (forward)"], [all[0].Name, all[^1].Name]);
        Assert.Equal((1, "profile", true), (all.Single(rule => rule.Name == "mine").Position!.Value, all[0].Origin, all[0].IsActive!.Value));
        Assert.Null(all[0].Position);
        Assert.Single(rig.Rules.List(new ListFirewallRules(["default (inbound)"], Generated: true)));
        await EngineRig.Refused(ErrorCatalogue.FirewallRuleNotFound, () => Task.FromResult(rig.Rules.List(new ListFirewallRules(["default (inbound)"]))));
    }

    [Fact]
    public async Task Groups_are_switched_together_and_listed_by_name()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([EngineRig.Rule("a") with { Group = "games" }, EngineRig.Rule("b"), EngineRig.Rule("c") with { Group = "games", Enabled = false }]), Token);
        FirewallRulesChanged off = await rig.Items.SetAsync(EngineRig.Operator, new SetFirewallGroups(["Games"], false), Token);
        Assert.Equal([("a", false), ("c", false)], off.Rules.Select(rule => (rule.Name, rule.IsActive!.Value)));
        Assert.Equal("the group games is disabled", off.Rules[0].InactiveReason);
        Assert.True(rig.Manager.Document.Firewall.Rules[0].Enabled);
        Assert.Equal(["a", "c"], rig.Rules.List(new ListFirewallRules(Groups: ["g*"])).Select(rule => rule.Name));
        FirewallRulesChanged on = await rig.Items.SetAsync(EngineRig.Operator, new SetFirewallGroups(["games"], true), Token);
        Assert.Equal([true, false], on.Rules.Select(rule => rule.IsActive!.Value));
        await EngineRig.Refused(ErrorCatalogue.FirewallItemNotFound, () => rig.Items.SetAsync(EngineRig.Operator, new SetFirewallGroups(["work"], false), Token));
    }

    [Fact]
    public async Task Rules_go_before_and_behind_others()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([EngineRig.Rule("a"), EngineRig.Rule("b")]), Token);
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([EngineRig.Rule("x"), EngineRig.Rule("y")], Before: "B"), Token);
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([EngineRig.Rule("z")], After: "a"), Token);
        Assert.Equal(["a", "z", "x", "y", "b"], rig.RuleNames());
        await EngineRig.Refused(ErrorCatalogue.FirewallRuleNotFound, () => rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([EngineRig.Rule("q")], After: "nobody"), Token));
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([EngineRig.Rule("q")], 1, After: "a"), Token));
    }

    [Fact]
    public async Task Addresses_of_a_dynamic_list_go_to_the_kernel_at_once_and_make_no_generation()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.Items.CreateAsync(EngineRig.Operator, new CreateFirewallAddressLists([new FirewallAddressList { Name = "ban", Dynamic = true, Timeout = TimeSpan.FromMinutes(10) }]), Token);
        long generation = rig.Manager.Info.Generation;
        await rig.Entries.AddAsync(EngineRig.Operator, new AddFirewallAddresses("BAN", [AddressRange.Parse("192.0.2.1"), AddressRange.Parse("2001:db8::1")]), Token);
        FirewallAddressListsChanged added = await rig.Entries.AddAsync(EngineRig.Operator, new AddFirewallAddresses("ban", [AddressRange.Parse("192.0.2.1")], TimeSpan.FromHours(1)), Token);
        Assert.Equal(2, added.Lists[0].EntryCount);
        Assert.Equal(
            [("192.0.2.1", TimeSpan.FromHours(1)), ("2001:db8::1", TimeSpan.FromMinutes(10))],
            rig.Entries.List(new ListFirewallAddressEntries("ban")).Select(entry => (entry.Address.ToString(), entry.ExpiresIn!.Value)));
        await rig.Entries.RemoveAsync(EngineRig.Operator, new RemoveFirewallAddresses("ban", [AddressRange.Parse("192.0.2.1"), AddressRange.Parse("192.0.2.9")]), Token);
        Assert.Equal("2001:db8::1", Assert.Single(rig.Entries.List(new ListFirewallAddressEntries("ban"))).Address.ToString());
        Assert.Equal(generation, rig.Manager.Info.Generation);
        Assert.Equal((2, 1), (rig.EventsOf("FirewallAddressesAdded").Length, rig.EventsOf("FirewallAddressesRemoved").Length));
        Assert.Equal("olga", rig.EventsOf("FirewallAddressesAdded")[0].Actor);

        // Nor is it somebody else's change of our table.
        await rig.Reconciler.CompareAllAsync(Token);
        Assert.Empty(rig.EventsOf("FirewallDrift*"));
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Entries.AddAsync(EngineRig.Operator, new AddFirewallAddresses("ban", [AddressRange.Parse("10.0.0.0/8")]), Token));
        await EngineRig.Refused(ErrorCatalogue.FirewallItemNotFound, () => rig.Entries.AddAsync(EngineRig.Operator, new AddFirewallAddresses("nobody", [AddressRange.Parse("10.0.0.1")]), Token));
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Entries.AddAsync(EngineRig.Operator, new AddFirewallAddresses("ban", []), Token));
    }

    [Fact]
    public async Task Addresses_of_another_list_are_a_change_of_the_document()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.Items.CreateAsync(EngineRig.Operator, new CreateFirewallAddressLists([new FirewallAddressList { Name = "l", Address = [AddressRange.Parse("10.0.0.1")] }, new FirewallAddressList { Name = "all", List = ["l"] }]), Token);
        FirewallAddressListsChanged added = await rig.Entries.AddAsync(EngineRig.Operator, new AddFirewallAddresses("l", [AddressRange.Parse("10.0.0.0/8"), AddressRange.Parse("10.0.0.1")]), Token);
        Assert.True(added.Outcome.Applied);
        Assert.Equal([("10.0.0.1", "list l"), ("10.0.0.0/8", "list l")], rig.Entries.List(new ListFirewallAddressEntries("all")).Select(entry => (entry.Address.ToString(), entry.Origin)));
        await rig.Entries.RemoveAsync(EngineRig.Operator, new RemoveFirewallAddresses("l", [AddressRange.Parse("10.0.0.1")]), Token);
        Assert.Equal("10.0.0.0/8", Assert.Single(rig.Manager.Document.Firewall.AddressLists[0].Address).ToString());
        Assert.Equal("10.9.9.9", (await EngineRig.Refused(ErrorCatalogue.FirewallItemNotFound, () => rig.Entries.RemoveAsync(EngineRig.Operator, new RemoveFirewallAddresses("l", [AddressRange.Parse("10.9.9.9")]), Token))).Target);
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Entries.AddAsync(EngineRig.Operator, new AddFirewallAddresses("l", [AddressRange.Parse("10.0.0.2")], TimeSpan.FromHours(1)), Token));
    }

    [Fact]
    public async Task Everything_is_served_over_the_socket()
    {
        await using RunningEngine engine = await RunningEngine.StartAsync();
        await using Net.Client.EngineClient client = await engine.ConnectAsync();
        await client.CallAsync(EngineApi.FirewallCreateZones, new CreateFirewallZones([Zone("lan", "eth1")]), Token);
        await client.CallAsync(EngineApi.FirewallCreatePortLists, new CreateFirewallPortLists([new FirewallPortList { Name = "web", Port = [new PortRange(80)] }]), Token);
        await client.CallAsync(EngineApi.FirewallCreateAddressLists, new CreateFirewallAddressLists([new FirewallAddressList { Name = "ban", Dynamic = true }]), Token);
        await client.CallAsync(EngineApi.FirewallAddAddresses, new AddFirewallAddresses("ban", [AddressRange.Parse("192.0.2.1")], TimeSpan.FromMinutes(1)), Token);
        Assert.Single(await client.CallAsync(EngineApi.FirewallListAddressEntries, new ListFirewallAddressEntries("ban"), Token));
        await client.CallAsync(EngineApi.FirewallCreateNatRules, new CreateNatRules([Masquerade("n")]), Token);
        await client.CallAsync(EngineApi.FirewallCreatePortForwards, new CreatePortForwards([Forward("f")]), Token);
        await client.CallAsync(EngineApi.FirewallSetProfile, new SetFirewallProfile(new FirewallProfile { Enabled = true }), Token);
        Assert.True((await client.CallAsync(EngineApi.FirewallGetProfile, new GetFirewallProfile(), Token)).Enabled);
        Assert.False((await client.CallAsync(EngineApi.FirewallGetDetection, new GetFirewallDetection(), Token)).Enabled);
        FirewallRule forward = Assert.Single(await client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(["port forward *"], Generated: true), Token));
        Assert.Equal("port forward f", forward.Origin);
    }

    private static FirewallZone Zone(string name, string by) => new() { Name = name, InterfaceAlias = [by] };

    private static NatRule Masquerade(string name) => new() { Name = name, OutInterfaceAlias = ["eth0"] };

    private static PortForward Forward(string name) => new() { Name = name, Port = new PortRange(80), ToAddress = AddressRange.Parse("10.0.0.9") };
}
