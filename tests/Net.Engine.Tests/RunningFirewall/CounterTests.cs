using Net.Contracts;
using Net.Engine.Firewall.Runtime.Counters;
using Net.Platform;
using Net.Testing;

namespace Net.Engine.Tests.RunningFirewall;

public sealed class CounterTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly FakeFirewall _firewall = new();

    public void Dispose() => _firewall.Dispose();

    [Fact]
    public void A_rate_is_what_came_between_two_looks()
    {
        var sampler = new RuleActivitySampler(_firewall, _clock);
        _firewall.Counters["r1"] = new CounterValue(100, 1);
        sampler.Tick();
        RuleTraffic first = sampler.Of("r1");
        _clock.Advance(TimeSpan.FromSeconds(10));
        _firewall.Counters["r1"] = new CounterValue(150, 1);
        sampler.Tick();

        Assert.Equal(default, first);
        Assert.Equal(new RuleTraffic(5, _clock.GetUtcNow()), sampler.Of("r1"));
    }

    [Fact]
    public void The_last_hit_stays_while_the_counter_does_and_a_counter_begun_anew_counts_from_zero()
    {
        var sampler = new RuleActivitySampler(_firewall, _clock);
        Look(100);
        DateTimeOffset hit = Look(110);
        Look(110);
        Assert.Equal(new RuleTraffic(0, hit), sampler.Of("r1"));

        DateTimeOffset again = Look(20);
        Assert.Equal(new RuleTraffic(2, again), sampler.Of("r1"));

        DateTimeOffset Look(ulong packets)
        {
            _clock.Advance(RuleActivitySampler.IdleInterval);
            _firewall.Counters["r1"] = new CounterValue(packets, 0);
            sampler.Tick();
            return _clock.GetUtcNow();
        }
    }

    [Fact]
    public void Counters_are_read_every_ten_seconds_and_every_two_after_somebody_asked()
    {
        var sampler = new RuleActivitySampler(_firewall, _clock);
        sampler.Tick();
        int idle = ReadsIn(sampler, 20);
        sampler.Take(_firewall.Counters);
        int asked = ReadsIn(sampler, 20);
        _clock.Advance(TimeSpan.FromSeconds(30));
        sampler.Tick();
        int idleAgain = ReadsIn(sampler, 20);

        Assert.Equal((2, 10, 2), (idle, asked, idleAgain));
    }

    [Fact]
    public void Counters_that_are_gone_are_forgotten()
    {
        var sampler = new RuleActivitySampler(_firewall, _clock);
        _firewall.Counters["r1"] = new CounterValue(1, 1);
        sampler.Tick();
        _clock.Advance(TimeSpan.FromSeconds(10));
        _firewall.Counters.Clear();
        sampler.Tick();

        Assert.Equal(default, sampler.Of("r1"));
    }

    [Fact]
    public async Task Lists_of_rules_have_rates_and_last_hits()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        long id = rig.Manager.Document.Firewall.Rules[0].Id;
        rig.Firewall.Counters[$"r{id}"] = new CounterValue(10, 1000);
        rig.FirewallSection.List(rig.Manager.Document.Firewall, new ListFirewallRules());
        rig.Clock.Advance(TimeSpan.FromSeconds(4));
        rig.Firewall.Counters[$"r{id}"] = new CounterValue(18, 1800);

        FirewallRule rule = Assert.Single(rig.FirewallSection.List(rig.Manager.Document.Firewall, new ListFirewallRules()));

        Assert.Equal((2d, rig.Clock.GetUtcNow()), (rule.PacketsPerSecond, rule.LastHit));
    }

    [Fact]
    public async Task Only_counters_of_the_rules_named_begin_anew()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web-1", port: "80");
        await rig.AddRuleAsync("ssh", port: "22");
        long[] ids = [.. rig.Manager.Document.Firewall.Rules.Select(rule => rule.Id)];
        rig.Firewall.Counters[$"r{ids[0]}"] = new CounterValue(10, 1000);
        rig.Firewall.Counters[$"r{ids[1]}"] = new CounterValue(20, 2000);

        FirewallRule was = Assert.Single(rig.Runtime.Counters.Reset(EngineRig.Admin, new ResetFirewallCounters(["web-*"])));

        Assert.Equal(("web-1", 10L, 1000L, 1), (was.Name, was.PacketCount!.Value, was.ByteCount!.Value, was.Position!.Value));
        Assert.Equal((0UL, 20UL), (rig.Firewall.Counters[$"r{ids[0]}"].Packets, rig.Firewall.Counters[$"r{ids[1]}"].Packets));
        Assert.Single(rig.EventsOf("FirewallCountersReset"));
        await EngineRig.Refused(ErrorCatalogue.FirewallRuleNotFound, () => Task.FromResult(rig.Runtime.Counters.Reset(EngineRig.Admin, new ResetFirewallCounters(["none"]))));
    }

    private int ReadsIn(RuleActivitySampler sampler, int seconds)
    {
        int before = _firewall.CounterReads;
        for (int second = 0; second < seconds; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            sampler.Tick();
        }

        return _firewall.CounterReads - before;
    }
}
