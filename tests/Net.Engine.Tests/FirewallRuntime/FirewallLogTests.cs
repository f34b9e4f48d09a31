using System.Text.Json;
using Net.Contracts;
using Net.Contracts.Json;
using Net.Engine.Firewall.Runtime.Logging;
using Net.Platform;
using static Net.Engine.Tests.FirewallRuntime.RuntimeKit;

namespace Net.Engine.Tests.FirewallRuntime;

public sealed class FirewallLogTests
{
    [Fact]
    public async Task The_log_group_is_held_only_while_a_rule_logs()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.Runtime.Tick();
        Assert.Empty(rig.FirewallHost.Logs);

        await AddAsync(rig, LoggingBlock());
        rig.Runtime.Tick();
        FakeFirewallHost.FakePacketLog log = Assert.Single(rig.FirewallHost.Logs);
        Assert.False(log.IsDisposed);

        await rig.Rules.RemoveAsync(EngineRig.Admin, new RemoveFirewallRules(["deny"]), EngineRig.Token);
        rig.Runtime.Tick();
        Assert.True(log.IsDisposed);
    }

    [Fact]
    public async Task An_entry_names_its_rule_and_goes_to_watchers_and_to_a_file_only_the_engine_reads()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.Network.AddLink(2, "eth0");
        long id = await AddAsync(rig, LoggingBlock());
        rig.Runtime.Tick();
        Task<List<FirewallLogEntry>> watching = FirstOf(rig.Runtime.Log.WatchAsync(new WatchFirewallLog(["den*"]), EngineRig.Token), 1);

        rig.FirewallHost.Logs[0].Tell(Logged(id, "203.0.113.9", 23, rig.Clock.GetUtcNow()));
        rig.FirewallHost.Logs[0].Tell(Logged(id, "203.0.113.9", 24, rig.Clock.GetUtcNow()) with { Prefix = "docker: " });
        FirewallLogEntry entry = Assert.Single(await watching);
        await rig.Runtime.DisposeAsync();

        Assert.Equal(("deny", id, RuleAction.Block, RuleDirection.Inbound, IpProtocol.Tcp), (entry.Rule, entry.RuleId, entry.Action, entry.Direction, entry.Protocol));
        Assert.Equal(("203.0.113.9", 50_000, "192.0.2.1", 23, "eth0", 60), (entry.SourceAddress, entry.SourcePort, entry.DestinationAddress, entry.DestinationPort, entry.InterfaceAlias, entry.Length));
        string path = Path.Combine(rig.Options.StateFolder, "log", "firewall.jsonl");
        FirewallLogEntry written = JsonSerializer.Deserialize(Assert.Single(await File.ReadAllLinesAsync(path, EngineRig.Token)), ContractsJsonContext.Default.FirewallLogEntry)!;
        Assert.Equal(entry, written);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(1, rig.Runtime.Log.Entries);
    }

    [Fact]
    public async Task A_rule_that_is_gone_is_told_by_its_number()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        Task<List<FirewallLogEntry>> watching = FirstOf(rig.Runtime.Log.WatchAsync(new WatchFirewallLog(), EngineRig.Token), 1);

        rig.Runtime.Log.Take(Logged(4711, "203.0.113.9", 23, rig.Clock.GetUtcNow()));

        Assert.Equal("rule 4711, which is gone", Assert.Single(await watching).Rule);
    }

    [Fact]
    public async Task A_slow_watcher_loses_the_oldest_and_is_told_how_many()
    {
        var subscription = new LogSubscription(null);
        for (int number = 0; number < LogSubscription.Capacity + 3; number++)
        {
            subscription.Offer(new FirewallLogEntry { Rule = "r", SourceAddress = "10.0.0.1", DestinationAddress = "10.0.0.2", RuleId = number });
        }

        List<FirewallLogEntry> read = await FirstOf(subscription.ReadAsync(EngineRig.Token), 2);

        Assert.Equal([(3L, 3L), (4L, 0L)], read.Select(entry => (entry.RuleId, entry.Missed)));
    }

    [Fact]
    public async Task What_was_lost_is_counted_over_reopened_logs_in_statistic_and_metric()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await AddAsync(rig, LoggingBlock());
        rig.Runtime.Tick();
        rig.FirewallHost.Logs[0].Lost = 5;
        rig.FirewallHost.Logs[0].Dropped = 2;
        await rig.Rules.RemoveAsync(EngineRig.Admin, new RemoveFirewallRules(["deny"]), EngineRig.Token);
        rig.Runtime.Tick();

        FirewallStatistic statistic = await rig.Runtime.Statistics.GetAsync(new GetFirewallStatistic(), EngineRig.Token);
        var writer = new Metrics.PrometheusWriter();
        rig.Runtime.Collect(writer);

        Assert.Equal(7, statistic.LogsLost);
        Assert.Contains("netmod_firewall_log_lost_total 7\n", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("netmod_firewall_connections_max 65536\n", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_somebody_else_holds_is_said_once_and_tried_again()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await AddAsync(rig, LoggingBlock());
        rig.FirewallHost.LogRefusal = "Device or resource busy.";
        rig.Runtime.Tick();
        rig.Runtime.Tick();
        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        rig.Runtime.Tick();

        Assert.Contains("Device or resource busy. Another program may hold log group 5077.", Assert.Single(rig.EventsOf("FirewallLogNotRead")).Message, StringComparison.Ordinal);
        await EngineRig.Refused(ErrorCatalogue.PlatformLacksSupport, () => FirstOf(rig.Runtime.Log.WatchAsync(new WatchFirewallLog(), EngineRig.Token), 1));
        rig.FirewallHost.LogRefusal = null;
        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        rig.Runtime.Tick();
        Assert.Single(rig.FirewallHost.Logs);
    }

    [Fact]
    public async Task A_packet_without_addresses_is_left_out()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();

        rig.Runtime.Log.Take(new LoggedPacket { Time = rig.Clock.GetUtcNow(), Prefix = "r1" });

        Assert.Equal(0, rig.Runtime.Log.Entries);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_said_and_counted()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await File.WriteAllTextAsync(Path.Combine(rig.Options.StateFolder, "log"), "a file where the folder should be", EngineRig.Token);

        rig.Runtime.Log.Take(Logged(1, "203.0.113.9", 23, rig.Clock.GetUtcNow()));
        await rig.EventAsync("FirewallLogNotWritten");

        Assert.Equal(1, rig.Runtime.Log.Lost);
    }

    private static async Task<long> AddAsync(EngineRig rig, FirewallRule rule)
    {
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([rule]), EngineRig.Token);
        return rig.Manager.Document.Firewall.Rules.Single(one => one.Name == rule.Name).Id;
    }
}
