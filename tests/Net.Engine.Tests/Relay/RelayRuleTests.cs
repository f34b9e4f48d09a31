using Net.Contracts;
using Net.Relay;
using RelayProblems = Net.Contracts.ConfigurationProblem;

namespace Net.Engine.Tests.Relay;

/// <summary>Rules of the relay: ids, checks, waiting, engines.</summary>
public sealed class RelayRuleTests
{
    [Fact]
    public async Task An_id_stays_over_set_rename_and_restart_and_is_never_used_again()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        RelayRule one = (await rig.AddAsync(RelayKit.Rule("one")))[0];

        await rig.Relay.SetAsync(EngineRig.Admin, new SetRelayRules([one with { Name = "uno", Port = new PortRange(5001) }]), EngineRig.Token);
        await rig.RestartAsync();
        RelayRule renamed = await rig.RuleAsync("uno");
        await rig.Relay.RemoveAsync(EngineRig.Admin, new RemoveRelayRules(["UNO"]), EngineRig.Token);
        RelayRule again = (await rig.AddAsync(RelayKit.Rule("uno")))[0];

        Assert.Equal(1, one.Id);
        Assert.Equal(1, renamed.Id);
        Assert.Equal(2, again.Id);
        Assert.Null(rig.Manager.Document.Relay.Rules[0].State);
    }

    [Fact]
    public async Task All_problems_of_a_section_are_named()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        RelaySection section = new()
        {
            Rules =
            [
                RelayKit.Rule("loop") with { Outputs = [new RelayOutput { InterfaceAlias = "in0" }] },
                RelayKit.Rule("scope", "239.255.1.1") with { Outputs = [new RelayOutput { InterfaceAlias = "out0", Ttl = 9 }] },
            ],
        };

        RelayProblems[] domain = rig.Manager.ProblemsOf(new NetConfiguration { Relay = section });
        RelayProblems[] texts = rig.Manager.ProblemsOf(new NetConfiguration
        {
            Relay = new RelaySection
            {
                Rules = [RelayKit.Rule("a") with { InterfaceAlias = "", Outputs = [new RelayOutput { InterfaceAlias = "out*", Destination = "nowhere", Source = "mine", Ttl = 300 }] }, RelayKit.Rule("A")],
                Settings = new RelaySettings { Workers = 65, RingBytes = 5, Queriers = [new RelayQuerier { InterfaceAlias = "in0", QueryInterval = TimeSpan.Zero }] },
            },
        });

        Assert.Contains(domain, problem => problem.ErrorId == ErrorCatalogue.RelayRuleLoops.Id && problem.Message.Contains("'loop'", StringComparison.Ordinal));
        Assert.Contains(domain, problem => problem.ErrorId == ErrorCatalogue.RelayScopeExceeded.Id && problem.Place.StartsWith("relay.rules[1].outputs[0]", StringComparison.Ordinal));
        Assert.Equal(
            ["relay.rules[0].interfaceAlias", "relay.rules[0].outputs[0].destination", "relay.rules[0].outputs[0].interfaceAlias", "relay.rules[0].outputs[0].source", "relay.rules[0].outputs[0].ttl",
                "relay.rules[1].name", "relay.settings.queriers[0].queryInterval", "relay.settings.ringBytes", "relay.settings.workers"],
            texts.Select(problem => problem.Place).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_rule_waits_for_its_interfaces_and_follows_them()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddAsync(RelayKit.Rule("late"));

        RelayRule waiting = await rig.RuleAsync("late");
        rig.AddLink(RelayKit.In, "in0");
        rig.AddLink(RelayKit.Out, "out0");
        await rig.UntilAsync("late", rule => rule.State == RelayRuleState.Forwarding);
        rig.Network.RenameLink(RelayKit.In, "else0");
        RelayRule renamed = await rig.UntilAsync("late", rule => rule.State == RelayRuleState.Waiting);
        rig.Network.RemoveLink(RelayKit.In);
        rig.AddLink(9, "in0");
        await rig.UntilAsync("late", rule => rule.State == RelayRuleState.Forwarding);

        Assert.Equal((RelayRuleState.Waiting, "It waits for interface in0, which does not exist."), (waiting.State!.Value, waiting.Reason));
        Assert.Contains("in0", renamed.Reason, StringComparison.Ordinal);
        Assert.Equal(9, rig.RelayHost.Loaded(RelayEngineKind.Tcx).Single().Input.InterfaceIndex);
        Assert.True(rig.RelaySection.Status.InDesiredState);
        Assert.NotEmpty(rig.EventsOf("RelayRuleStateChanged"));
    }

    [Fact]
    public async Task An_output_keeps_its_place_while_it_waits()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        await rig.AddAsync(RelayKit.Rule("two") with { Outputs = [new RelayOutput { InterfaceAlias = "none0" }, new RelayOutput { InterfaceAlias = "out0" }] });

        RelayRule rule = await rig.RuleAsync("two");

        RelayFlow flow = rig.RelayHost.Loaded(RelayEngineKind.Tcx).Single();
        Assert.Equal([0, RelayKit.Out], flow.Targets.Select(target => target.InterfaceIndex));
        Assert.True(flow.Targets[0].IsPaused);
        Assert.Equal((RelayRuleState.Forwarding, "Packets that match are relayed by 1 of 2 outputs: output none0 does not exist."), (rule.State!.Value, rule.Reason));
    }

    [Theory]
    [InlineData(null, RelayEngine.Xdp)]
    [InlineData("bond", RelayEngine.Xdp)]
    [InlineData("veth", RelayEngine.Tcx)]
    public async Task XDP_is_chosen_where_senders_are_other_hosts_and_elsewhere_when_the_settings_say_so(string? kind, RelayEngine first)
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        rig.RelayHost.NativeXdp = true;
        rig.Network.ChangeLink(RelayKit.In, link => link with { Kind = kind });
        await rig.AddAsync(RelayKit.Rule("one"));

        RelayEngine? before = (await rig.RuleAsync("one")).EngineInUse;
        await rig.Relay.SetSettingsAsync(EngineRig.Admin, new SetRelaySettings(new RelaySettings { AllowVirtualXdp = true }), EngineRig.Token);
        RelayRule after = await rig.RuleAsync("one");

        Assert.Equal(first, before);
        Assert.Equal(RelayEngine.Xdp, after.EngineInUse);
        Assert.Equal(kind == "veth", after.EngineReason!.Contains("must make UDP checksums themselves", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_address_of_the_interface_is_followed()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.AddLink(RelayKit.In, "in0");
        rig.AddLink(RelayKit.Out, "out0");
        await rig.AddAsync(RelayKit.Rule("own") with { Outputs = [new RelayOutput { InterfaceAlias = "out0", Source = "interface" }] });

        RelayRule without = await rig.RuleAsync("own");
        rig.Network.Give(RelayKit.Out, "10.2.0.7");
        await rig.UntilAsync("own", rule => rule.State == RelayRuleState.Forwarding);

        Assert.Equal((RelayRuleState.Waiting, "It waits: output out0 has no IPv4 address to send from."), (without.State!.Value, without.Reason));
        Assert.Equal("10.2.0.7", rig.RelayHost.Loaded(RelayEngineKind.Tcx).Single().Targets[0].Source!.ToString());
    }

    [Fact]
    public async Task A_pattern_makes_a_flow_for_each_interface_that_matches()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        rig.AddLink(7, "in7");

        RelayRule rule = (await rig.AddAsync(RelayKit.Rule("all") with { InterfaceAlias = "in?" }))[0];

        Assert.Equal([RelayKit.In, 7], rig.RelayHost.Loaded(RelayEngineKind.Tcx).Select(flow => flow.Input.InterfaceIndex).Order());
        Assert.All(rig.RelayHost.Loaded(RelayEngineKind.Tcx), flow => Assert.Equal(rule.Id, flow.RuleId));
    }

    [Fact]
    public async Task A_neighbour_is_asked_for_and_used_when_it_is_known()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        await rig.AddAsync(RelayKit.Rule("unicast") with { Outputs = [new RelayOutput { InterfaceAlias = "out0", Destination = "10.2.0.9" }] });

        RelayRule waiting = await rig.RuleAsync("unicast");
        rig.Network.Learn(RelayKit.Out, "10.2.0.9", "020000000009");
        await rig.UntilAsync("unicast", rule => rule.State == RelayRuleState.Forwarding);

        Assert.Contains("does not know the link-layer address of 10.2.0.9", waiting.Reason, StringComparison.Ordinal);
        Assert.Contains(rig.RelayHost.Asked, one => one.Device == "out0" && one.Address.ToString() == "10.2.0.9");
        Assert.Equal([2, 0, 0, 0, 0, 9], rig.RelayHost.Loaded(RelayEngineKind.Tcx).Single().Targets[0].DestinationMac!);
    }

    [Fact]
    public async Task A_rule_the_kernel_refuses_goes_to_a_worker_and_says_why()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        rig.RelayHost.KernelRefusals[1] = "the map is full";

        RelayRule rule = (await rig.AddAsync(RelayKit.Rule("refused")))[0];

        Assert.Equal(RelayEngine.Packet, rule.EngineInUse);
        Assert.Contains("the map is full", rule.EngineReason, StringComparison.Ordinal);
        Assert.Equal([1], rig.RelayHost.NextWorker().Flows.Keys.Select(key => key.RuleId));
        Assert.Equal([1], rig.RelayHost.Dropped.Select(flow => flow.RuleId));
    }

    [Fact]
    public async Task Where_the_kernel_can_do_nothing_rules_fall_back_and_one_that_insists_is_refused()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        rig.RelayHost.Tcx = Net.Relay.EngineState.Missing("CAP_BPF is missing");
        rig.RelayHost.Xdp = rig.RelayHost.Tcx;

        RelayRule rule = (await rig.AddAsync(RelayKit.Rule("auto")))[0];
        EngineException refused = await EngineRig.Refused(ErrorCatalogue.RelayEngineNotUsable, () => rig.AddAsync(RelayKit.Rule("tcx", "239.1.1.9", engine: RelayEngine.Tcx)));

        Assert.Equal(RelayEngine.Packet, rule.EngineInUse);
        Assert.Contains("CAP_BPF is missing", rule.EngineReason, StringComparison.Ordinal);
        Assert.Contains("CAP_BPF is missing", refused.Message, StringComparison.Ordinal);
        Assert.Single(rig.Manager.Document.Relay.Rules);
    }

    [Fact]
    public async Task Groups_are_joined_for_rules_that_relay_and_left_with_them()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        await rig.AddAsync(RelayKit.Rule("any"), RelayKit.Rule("one", "239.1.1.2") with { Source = AddressRange.Parse("10.1.0.5") });

        MulticastGroup[] groups = rig.Relay.ListGroups(new ListMulticastGroups());
        await rig.Relay.RemoveAsync(EngineRig.Admin, new RemoveRelayRules(["any"]), EngineRig.Token);

        Assert.Equal([("in0", "239.1.1.1", "any"), ("in0", "239.1.1.2", "one")], groups.Select(group => (group.InterfaceAlias, group.Group, group.Rules.Single())).Order());
        Assert.Equal("239.1.1.2", rig.Relay.ListGroups(new ListMulticastGroups()).Single().Group);
    }

    [Fact]
    public async Task Ten_thousand_rules_are_one_message_and_a_changed_one_another()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        rig.RelayHost.Cores = [0];
        RelayRule[] rules = [.. Enumerable.Range(0, 10_000).Select(number => RelayKit.Rule($"r{number}", $"239.1.{number / 250}.{1 + (number % 250)}", engine: RelayEngine.Packet))];

        await rig.AddAsync(rules);
        FakeRelayWorker worker = rig.RelayHost.NextWorker();
        await rig.Relay.SetAsync(EngineRig.Admin, new SetRelayRules([rules[7] with { Port = new PortRange(6000) }]), EngineRig.Token);

        Net.Workers.Relay.ChangeFlows change = worker.Next<Net.Workers.Relay.ChangeFlows>();
        Assert.Equal(10_000, worker.Start.Flows.Length);
        Assert.Equal(6000, Assert.Single(change.Flows).Flow.Input.PortFrom);
        Assert.Empty(change.Removed);
        Assert.False(worker.HasMessage);
    }
}
