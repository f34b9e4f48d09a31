using Net.Contracts;

namespace Net.Engine.Tests;

public sealed class FirewallDriftTests
{
    [Fact]
    public async Task A_removed_table_is_repaired_and_the_event_names_who_did_it()
    {
        await using EngineRig rig = await Running();
        rig.Firewall.Flush("iptables-restore", 321);
        EngineEvent said = await rig.EventAsync("FirewallDriftRepaired");
        Assert.Contains("was removed by iptables-restore (process 321)", said.Message, StringComparison.Ordinal);
        Assert.Contains("written anew with 1 rules", said.Message, StringComparison.Ordinal);
        Assert.Equal(EventSeverity.Warning, said.Severity);
        Assert.Contains("dport 80", rig.Firewall.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_without_rules_writes_nothing_while_nobody_changes_anything()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        int written = rig.Firewall.Applied.Count;

        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);

        Assert.Equal(written, rig.Firewall.Applied.Count);
    }

    [Fact]
    public async Task A_changed_table_is_repaired_even_when_nobody_was_heard()
    {
        await using EngineRig rig = await Running();
        rig.Firewall.Tamper(isAnnounced: false);
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Contains("was changed", Assert.Single(rig.EventsOf("FirewallDriftRepaired")).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("accept\n", rig.Firewall.Content.Split("policy")[^1], StringComparison.Ordinal);
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Single(rig.EventsOf("FirewallDriftRepaired"));
    }

    [Fact]
    public async Task Changes_of_our_own_are_no_drift()
    {
        await using EngineRig rig = await Running();
        await rig.AddRuleAsync("mail", port: "25");
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Empty(rig.EventsOf("FirewallDriftRepaired"));
        Assert.DoesNotContain("delete table", rig.Firewall.Applied[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_after_somebody_elses_writes_the_table_anew_and_says_so()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        rig.Firewall.Flush();
        Assert.True((await rig.AddRuleAsync("mail", port: "25")).Applied);
        Assert.Contains("delete table", rig.Firewall.Applied[^1], StringComparison.Ordinal);
        rig.Firewall.Tamper();
        Assert.True((await rig.AddRuleAsync("dns", port: "53")).Applied);
        Assert.Contains("dport 80", rig.Firewall.Applied[^1], StringComparison.Ordinal);
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Contains("was changed", Assert.Single(rig.EventsOf("FirewallDriftRepaired")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repair_the_kernel_refuses_is_said_once_and_tried_every_second()
    {
        await using EngineRig rig = await Running();
        rig.Firewall.Refusal = "Operation not permitted";
        rig.Firewall.Flush();
        await rig.EventAsync("FirewallDriftFound");
        Assert.False(rig.FirewallSection.Status.InDesiredState);
        for (int round = 0; round < 5; round++)
        {
            await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        }

        Assert.InRange(rig.EventsOf("FirewallDriftFound").Length, 1, 2);
        rig.Firewall.Refusal = null;
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await rig.EventAsync("FirewallDriftRepaired");
        Assert.True(rig.FirewallSection.Status.InDesiredState);
        Assert.True(rig.Firewall.HasTable);
    }

    [Fact]
    public async Task A_kernel_that_cannot_be_read_back_is_not_mistaken_for_drift()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        rig.Firewall.IsUnreadable = true;
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Empty(rig.EventsOf("FirewallDrift*"));
        Assert.True((await rig.AddRuleAsync("mail")).Applied);
        rig.Firewall.IsUnreadable = false;
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Contains("could not be read back", Assert.Single(rig.EventsOf("FirewallDriftRepaired")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counters_outlive_a_table_written_anew()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        rig.Firewall.Counters["r1"] = new Net.Platform.CounterValue(12, 345);
        rig.Firewall.Tamper();
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Contains("packets 12 bytes 345", rig.Firewall.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_stops_listening_can_be_stopped_twice()
    {
        await using EngineRig rig = await Running();
        await rig.Reconciler.DisposeAsync();
        await rig.Reconciler.DisposeAsync();
    }

    private static async Task<EngineRig> Running()
    {
        EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        rig.Reconciler.Start(rig.Network, rig.Firewall);
        return rig;
    }
}
