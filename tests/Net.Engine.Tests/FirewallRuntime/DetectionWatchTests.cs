using System.Net;
using Net.Contracts;
using Net.Engine.Firewall.Runtime.Detection;
using Net.Platform;
using AddressRange = Net.Contracts.AddressRange;
using static Net.Engine.Tests.FirewallRuntime.RuntimeKit;

namespace Net.Engine.Tests.FirewallRuntime;

public sealed class DetectionWatchTests : IFirewallBan
{
    private readonly List<(string List, string Address, TimeSpan Time)> _banned = [];
    private string? _refusal;

    [Fact]
    public async Task A_scan_in_the_log_is_told_and_its_source_put_into_the_list()
    {
        await using EngineRig rig = await StartAsync(new FirewallDetection { Enabled = true, BanList = "banned" });

        Scan(rig, "203.0.113.9", 15);
        EngineEvent told = await rig.EventAsync("FirewallScanDetected");

        Assert.Equal("203.0.113.9", told.Target);
        Assert.Contains("203.0.113.9 tried 15 ports of this host within 1 min and was refused (1, 2, 3, 4, 5, 6, 7, 8, 9, 10). It was put into the list 'banned' for 10 min.", told.Message, StringComparison.Ordinal);
        Assert.Equal([("banned", "203.0.113.9", TimeSpan.FromMinutes(10))], _banned);
        Assert.Equal(1, rig.Runtime.Detection.Total(DetectionKind.Scan));
    }

    [Fact]
    public async Task New_connections_are_followed_while_they_are_looked_at()
    {
        await using EngineRig rig = await StartAsync(new FirewallDetection { Enabled = true });
        FakeFirewallHost.FakeWatcher watcher = Assert.Single(rig.FirewallHost.Watchers);
        for (int number = 0; number < 10; number++)
        {
            watcher.Tell(new ConnectionEvent(ConnectionEventKinds.New, Tcp("203.0.113.9", "192.0.2.1", 22)));
        }

        EngineEvent told = await rig.EventAsync("FirewallLoginGuessingDetected");
        await SetAsync(rig, new FirewallDetection());

        Assert.Equal(EventSeverity.Warning, told.Severity);
        Assert.Contains("began 10 connections to ports where people log in within 1 min, the last to 22. Nothing was done: no list for bans is set.", told.Message, StringComparison.Ordinal);
        Assert.True(watcher.IsDisposed);
    }

    [Fact]
    public async Task Own_addresses_are_never_found_and_those_that_are_never_banned_are_only_told()
    {
        await using EngineRig rig = await StartAsync(new FirewallDetection { Enabled = true, BanList = "banned", NeverBan = [AddressRange.Parse("203.0.113.0/24")] });
        rig.Network.AddLink(2, "eth0");
        rig.Network.Give(2, "192.0.2.1");
        rig.Clock.Advance(TimeSpan.FromSeconds(6));

        Scan(rig, "192.0.2.1", 20);
        Scan(rig, "127.0.0.5", 20);
        Scan(rig, "224.0.0.1", 20);
        Scan(rig, "203.0.113.9", 15);
        EngineEvent told = await rig.EventAsync("FirewallScanDetected");

        Assert.Contains("Nothing was done: it is among those that are never banned.", told.Message, StringComparison.Ordinal);
        Assert.Empty(_banned);
        Assert.Equal(1, rig.Runtime.Detection.Total(DetectionKind.Scan));
    }

    [Fact]
    public async Task A_ban_that_fails_is_told_with_the_reason()
    {
        _refusal = "no such list";
        await using EngineRig rig = await StartAsync(new FirewallDetection { Enabled = true, BanList = "banned" });

        Scan(rig, "203.0.113.9", 15);

        Assert.Contains("It could not be put into the list 'banned': no such list", (await rig.EventAsync("FirewallScanDetected")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_findings_at_once_are_told_together_and_all_banned()
    {
        await using EngineRig rig = await StartAsync(new FirewallDetection { Enabled = true, BanList = "banned", ScanPorts = 1 });
        for (int number = 1; number <= 50; number++)
        {
            Scan(rig, $"203.0.113.{number}", 1);
        }

        await rig.EventAsync("FirewallScanDetected", 20);
        Assert.True(SpinWait.SpinUntil(() => { lock (_banned) { return _banned.Count == 50; } }, TimeSpan.FromSeconds(30)));
        rig.Clock.Advance(TimeSpan.FromSeconds(11));
        EngineEvent rest = await HeldAsync(rig);

        Assert.StartsWith("30 more sources were found within 10 s", rest.Message, StringComparison.Ordinal);
        Assert.Equal(20, rig.EventsOf("FirewallScanDetected").Length);
    }

    [Fact]
    public async Task Detection_without_logged_refusals_says_what_it_cannot_see()
    {
        await using EngineRig rig = await new EngineRig(ban: this).LoadedAsync();

        await SetAsync(rig, new FirewallDetection { Enabled = true });
        await SetAsync(rig, new FirewallDetection { Enabled = true, ScanPorts = 0 });

        Assert.Contains("LogBlocked", Assert.Single(rig.EventsOf("FirewallDetectionIncomplete")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_is_put_into_the_set_of_a_dynamic_list()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        await rig.ChangeAsync(document => document with { Firewall = document.Firewall with { AddressLists = [new FirewallAddressList { Name = "banned", Dynamic = true }, new FirewallAddressList { Name = "lan" }] } });
        long id = rig.Manager.Document.Firewall.AddressLists[0].Id;
        var ban = new ListBan(rig.FirewallParts.Entries);

        await ban.BanAsync("BANNED", IPAddress.Parse("2001:db8::9"), TimeSpan.FromMinutes(10), EngineRig.Token);

        string applied = rig.Firewall.Applied[^1];
        Assert.Contains($"l{id}_6", applied, StringComparison.Ordinal);
        Assert.Contains("2001:db8::9", applied, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EngineException>(() => ban.BanAsync("lan", IPAddress.Loopback, TimeSpan.FromMinutes(1), EngineRig.Token));
        await Assert.ThrowsAsync<EngineException>(() => ban.BanAsync("none", IPAddress.Loopback, TimeSpan.FromMinutes(1), EngineRig.Token));
    }

    Task IFirewallBan.BanAsync(string list, IPAddress address, TimeSpan time, CancellationToken cancellationToken)
    {
        if (_refusal is { } words)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, words);
        }

        lock (_banned)
        {
            _banned.Add((list, address.ToString(), time));
        }

        return Task.CompletedTask;
    }

    private static void Scan(EngineRig rig, string source, int ports)
    {
        long id = rig.Manager.Document.Firewall.Rules[0].Id;
        for (int port = 1; port <= ports; port++)
        {
            rig.Runtime.Log.Take(Logged(id, source, (ushort)port, rig.Clock.GetUtcNow()));
        }
    }

    private static async Task SetAsync(EngineRig rig, FirewallDetection detection)
    {
        await rig.ChangeAsync(document => document with
        {
            Firewall = document.Firewall with
            {
                Detection = detection,
                AddressLists = detection.BanList is { } list ? [new FirewallAddressList { Name = list, Dynamic = true }] : [],
            },
        });
        rig.Runtime.Tick();
    }

    // What is held back is counted on another task: looked for until it is told.
    private static async Task<EngineEvent> HeldAsync(EngineRig rig)
    {
        while (rig.EventsOf("FirewallDetectionsHeldBack") is { Length: 0 })
        {
            rig.Runtime.Tick();
            await Task.Yield();
        }

        return rig.EventsOf("FirewallDetectionsHeldBack")[0];
    }

    private async Task<EngineRig> StartAsync(FirewallDetection detection)
    {
        EngineRig rig = await new EngineRig(ban: this).LoadedAsync();
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([LoggingBlock()]), EngineRig.Token);
        await SetAsync(rig, detection);
        return rig;
    }
}
