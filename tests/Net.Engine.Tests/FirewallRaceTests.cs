using Net.Contracts;

namespace Net.Engine.Tests;

/// <summary>Somebody else's transactions around ours: nothing of theirs is taken for ours, and nothing of ours is written anew without need.</summary>
public sealed class FirewallRaceTests
{
    [Fact]
    public async Task A_change_does_not_read_the_table()
    {
        await using EngineRig rig = await Running();
        int before = rig.Firewall.Readings;

        await rig.AddRuleAsync("mail", port: "25");
        await rig.AddRuleAsync("dns", port: "53");

        Assert.Equal(before, rig.Firewall.Readings);
        Assert.DoesNotContain("delete table", rig.Firewall.Applied[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_written_is_read_back_within_a_second()
    {
        await using EngineRig rig = await Running();
        Assert.True(rig.FirewallSection.Table.NeedsLook);

        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await SettleAsync(rig);

        Assert.False(rig.FirewallSection.Table.NeedsLook);
        Assert.Empty(rig.EventsOf("FirewallDrift*"));
    }

    [Fact]
    public async Task Changes_that_follow_each_other_are_read_back_once()
    {
        await using EngineRig rig = await Running();
        int before = rig.Firewall.Readings;
        for (int number = 0; number < 4; number++)
        {
            rig.Clock.Advance(TimeSpan.FromMilliseconds(600));
            await rig.AddRuleAsync($"mail {number}", port: "25");
        }

        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        await SettleAsync(rig);

        Assert.Equal(before + 1, rig.Firewall.Readings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_of_our_table_between_our_look_and_our_change_is_repaired(bool isHeard)
    {
        await using EngineRig rig = isHeard ? await Running() : await Alone();
        rig.Firewall.BeforeNext = () => rig.Firewall.Tamper(isHeard);

        Assert.True((await rig.AddRuleAsync("mail", port: "25")).Applied);

        await RepairedAsync(rig);
        AssertClean(rig, "dport 80", "dport 25");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_of_our_table_right_after_ours_is_repaired(bool isHeard)
    {
        await using EngineRig rig = isHeard ? await Running() : await Alone();
        rig.Firewall.AfterNext = () => rig.Firewall.Tamper(isHeard);

        Assert.True((await rig.AddRuleAsync("mail", port: "25")).Applied);

        await RepairedAsync(rig);
        AssertClean(rig, "dport 80", "dport 25");
    }

    [Fact]
    public async Task A_large_change_is_not_listened_to_and_is_known_to_be_ours_all_the_same()
    {
        await using EngineRig rig = await Running();
        int readings = rig.Firewall.Readings;

        await AddManyAsync(rig);
        await rig.AddRuleAsync("mail", port: "25");

        Assert.Equal(1, rig.Firewall.Pauses);
        Assert.Equal(readings, rig.Firewall.Readings);
        Assert.DoesNotContain("delete table", rig.Firewall.Applied[^1], StringComparison.Ordinal);
        Assert.Empty(rig.EventsOf("FirewallDrift*"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_others_do_to_our_table_while_nothing_is_listened_to_is_repaired_and_the_next_large_change_is_listened_to(bool isBefore)
    {
        await using EngineRig rig = await Running();
        Action tamper = () => rig.Firewall.Tamper();
        (rig.Firewall.BeforeNext, rig.Firewall.AfterNext) = isBefore ? (tamper, (Action?)null) : (null, tamper);

        await AddManyAsync(rig);

        await RepairedAsync(rig);
        AssertClean(rig, "dport 80", "dport 25");
        Assert.Equal(1, rig.Firewall.Pauses);
    }

    [Fact]
    public async Task A_table_removed_right_after_a_change_is_there_again_and_the_event_says_who()
    {
        await using EngineRig rig = await Running();
        rig.Firewall.AfterNext = () => rig.Firewall.Flush("iptables-restore", 321);

        await rig.AddRuleAsync("mail", port: "25");

        EngineEvent said = await rig.EventAsync("FirewallDriftRepaired");
        Assert.Contains("was removed by iptables-restore (process 321)", said.Message, StringComparison.Ordinal);
        AssertClean(rig, "dport 80", "dport 25");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changes_of_other_tables_around_ours_are_no_drift_and_nothing_is_written_anew(bool isBefore)
    {
        await using EngineRig rig = await Running();
        int before = rig.Firewall.Applied.Count;
        Action others = () =>
        {
            rig.Firewall.ChangeForeign();
            rig.Firewall.ChangeForeign();
        };
        (rig.Firewall.BeforeNext, rig.Firewall.AfterNext) = isBefore ? (others, (Action?)null) : (null, others);

        await rig.AddRuleAsync("mail", port: "25");
        await ListenedAsync(rig);
        await rig.AddRuleAsync("dns", port: "53");

        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Empty(rig.EventsOf("FirewallDrift*"));
        Assert.DoesNotContain(rig.Firewall.Applied.Skip(before), text => text.Contains("delete table", StringComparison.Ordinal));
        Assert.False(rig.FirewallSection.Table.NeedsLook);
    }

    [Fact]
    public async Task Changes_of_other_tables_that_nobody_heard_of_are_told_from_drift_by_reading()
    {
        await using EngineRig rig = await Alone();
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        rig.Firewall.ChangeForeign(isAnnounced: false);

        await rig.AddRuleAsync("mail", port: "25");

        Assert.DoesNotContain("delete table", rig.Firewall.Applied[^1], StringComparison.Ordinal);
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Empty(rig.EventsOf("FirewallDrift*"));
    }

    [Fact]
    public async Task When_it_cannot_be_told_whose_a_transaction_was_the_table_is_written_anew()
    {
        await using EngineRig rig = await Alone();
        rig.Firewall.AfterNext = () => rig.Firewall.ChangeForeign(isAnnounced: false);

        await rig.AddRuleAsync("mail", port: "25");

        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Contains("may have been", Assert.Single(rig.EventsOf("FirewallDriftRepaired")).Message, StringComparison.Ordinal);
        AssertClean(rig, "dport 80", "dport 25");
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Single(rig.EventsOf("FirewallDriftRepaired"));
    }

    [Fact]
    public async Task Lost_announcements_lead_to_a_reading()
    {
        await using EngineRig rig = await Running();
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await SettleAsync(rig);
        rig.Firewall.Tamper(isAnnounced: false);

        rig.Firewall.Overrun();

        await rig.EventAsync("FirewallDriftRepaired");
        AssertClean(rig, "dport 80");
    }

    [Fact]
    public async Task Our_own_process_number_does_not_cover_a_second_transaction()
    {
        await using EngineRig rig = await Running();
        rig.Firewall.AfterNext = () => rig.Firewall.Tamper(processId: FakeFirewall.OwnProcess);

        await rig.AddRuleAsync("mail", port: "25");

        await RepairedAsync(rig);
        AssertClean(rig, "dport 80", "dport 25");
    }

    private static async Task<EngineRig> Running()
    {
        EngineRig rig = await Alone();
        rig.Reconciler.Start(rig.Network, rig.Firewall);
        return rig;
    }

    // More than 64 kB of commands.
    private static Task<FirewallRulesChanged> AddManyAsync(EngineRig rig) => rig.Rules.CreateAsync(
        EngineRig.Admin, new CreateFirewallRules([.. Enumerable.Range(1, 3000).Select(number => EngineRig.Rule($"many {number}", $"{number}"))]), EngineRig.Token);

    private static async Task<EngineRig> Alone()
    {
        EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        return rig;
    }

    // With a monitor by itself, without one at the next look.
    private static async Task RepairedAsync(EngineRig rig)
    {
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        await rig.EventAsync("FirewallDriftRepaired");
    }

    private static Task ListenedAsync(EngineRig rig) => UntilAsync(() => rig.Firewall.Generations.Count == 0 && !rig.FirewallSection.Table.IsUnmatched);

    private static Task SettleAsync(EngineRig rig) => UntilAsync(() => !rig.FirewallSection.Table.NeedsLook);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(EngineRig.Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static void AssertClean(EngineRig rig, params string[] rules)
    {
        Assert.DoesNotContain("add rule inet netmod input accept", rig.Firewall.Content, StringComparison.Ordinal);
        foreach (string rule in rules)
        {
            Assert.Contains(rule, rig.Firewall.Content, StringComparison.Ordinal);
        }
    }
}
