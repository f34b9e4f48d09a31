using System.Net;
using Net.Client;
using Net.Contracts;
using Net.Platform;
using AddressRange = Net.Contracts.AddressRange;
using PortRange = Net.Contracts.PortRange;
using static Net.Engine.Tests.RunningFirewall.RuntimeKit;

namespace Net.Engine.Tests.RunningFirewall;

public sealed class ConnectionTests
{
    [Fact]
    public async Task Connections_are_told_in_the_words_of_the_API()
    {
        await using var rig = new EngineRig();
        rig.FirewallHost.All.Add(Tcp("203.0.113.9", "192.0.2.1", 443, "TIME_WAIT", 7, 100, translatedTo: "10.0.0.5"));

        FirewallConnection one = Assert.Single(await AllOf(rig.Runtime.Connections.ListAsync(new ListFirewallConnections(), EngineRig.Token)));

        Assert.Equal((7L, IpProtocol.Tcp, "timeWait"), (one.Id, one.Protocol, one.State));
        Assert.Equal(("203.0.113.9", 40_000, "192.0.2.1", 443), (one.SourceAddress, one.SourcePort, one.DestinationAddress, one.DestinationPort));
        Assert.Equal("10.0.0.5:443", one.TranslatedDestination);
        Assert.Null(one.TranslatedSource);
        Assert.Equal(100, one.SentBytes);
        Assert.True(one.IsAnswered);
    }

    public static TheoryData<FirewallConnectionFilter, int> Filters() => new()
    {
        { new FirewallConnectionFilter { Protocol = IpProtocol.Udp }, 1 },
        { new FirewallConnectionFilter { Protocol = IpProtocol.Icmp }, 0 },
        { new FirewallConnectionFilter { SourceAddress = AddressRange.Parse("10.0.0.0/8") }, 2 },
        { new FirewallConnectionFilter { SourceAddress = AddressRange.Parse("10.0.0.2-10.0.0.3") }, 1 },
        { new FirewallConnectionFilter { SourceAddress = AddressRange.Parse("2001:db8::/32") }, 0 },
        { new FirewallConnectionFilter { DestinationAddress = AddressRange.Parse("10.9.9.9") }, 1 },
        { new FirewallConnectionFilter { DestinationAddress = AddressRange.Parse("192.0.2.1") }, 3 },
        { new FirewallConnectionFilter { Address = AddressRange.Parse("10.0.0.1") }, 1 },
        { new FirewallConnectionFilter { DestinationPort = new PortRange(443) }, 1 },
        { new FirewallConnectionFilter { SourcePort = new PortRange(40_000) }, 3 },
        { new FirewallConnectionFilter { State = "TIMEWAIT" }, 1 },
        { new FirewallConnectionFilter { State = "time_wait" }, 1 },
        { new FirewallConnectionFilter { Id = 3 }, 1 },
        { new FirewallConnectionFilter { Id = 3, State = "established" }, 0 },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_asks_for_all_its_conditions(FirewallConnectionFilter filter, int expected)
    {
        await using var rig = new EngineRig();
        rig.FirewallHost.All.AddRange([Tcp("10.0.0.1", "192.0.2.1", 443, "ESTABLISHED", 1, translatedTo: "10.9.9.9"), Tcp("10.0.0.2", "192.0.2.1", 22, "TIME_WAIT", 2), Udp("172.16.0.1", "192.0.2.1", 53, 3)]);

        List<FirewallConnection> found = await AllOf(rig.Runtime.Connections.ListAsync(new ListFirewallConnections(filter), EngineRig.Token));

        Assert.Equal(expected, found.Count);
    }

    [Fact]
    public async Task A_limit_ends_the_list()
    {
        await using var rig = new EngineRig();
        rig.FirewallHost.All.AddRange([Udp("10.0.0.1", "192.0.2.1", 53, 1), Udp("10.0.0.2", "192.0.2.1", 53, 2)]);

        Assert.Single(await AllOf(rig.Runtime.Connections.ListAsync(new ListFirewallConnections(Limit: 1), EngineRig.Token)));
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => AllOf(rig.Runtime.Connections.ListAsync(new ListFirewallConnections(Limit: 0), EngineRig.Token)));
    }

    [Fact]
    public async Task What_cannot_be_read_is_said()
    {
        await using var rig = new EngineRig();
        rig.FirewallHost.Unavailable = "the kernel has no connection tracking.";

        EngineException refusal = await EngineRig.Refused(ErrorCatalogue.FirewallConnectionsUnavailable, () => AllOf(rig.Runtime.Connections.ListAsync(new ListFirewallConnections(), EngineRig.Token)));

        Assert.Contains("the kernel has no connection tracking.", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_asks_for_a_condition_and_warns_of_sessions_of_people()
    {
        await using var rig = await new EngineRig().LoadedAsync();
        rig.Network.AddLink(2, "eth0");
        rig.Network.Give(2, "192.0.2.1");
        rig.FirewallHost.All.AddRange([Tcp("10.0.0.1", "192.0.2.1", 22, id: 1), Tcp("10.0.0.1", "192.0.2.1", 443, id: 2), Tcp("10.0.0.9", "192.0.2.1", 443, id: 3)]);
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Runtime.Connections.RemoveAsync(EngineRig.Admin, new RemoveFirewallConnections(new FirewallConnectionFilter()), EngineRig.Token));

        FirewallConnectionsRemoved removed = await rig.Runtime.Connections.RemoveAsync(
            EngineRig.Admin, new RemoveFirewallConnections(new FirewallConnectionFilter { SourceAddress = AddressRange.Parse("10.0.0.1") }), EngineRig.Token);

        Assert.Equal(2, removed.Count);
        Assert.Contains("1 of them is at a port of this host where people log in", removed.Warning, StringComparison.Ordinal);
        Assert.Equal([3u], rig.FirewallHost.All.Select(one => one.Id));
        Assert.Equal(EventSeverity.Warning, Assert.Single(rig.EventsOf("FirewallConnectionsRemoved")).Severity);
    }

    [Fact]
    public async Task Watching_tells_what_begins_and_ends_and_what_was_lost()
    {
        await using var rig = new EngineRig();
        IAsyncEnumerable<FirewallConnectionChange> stream = rig.Runtime.Connections.WatchAsync(new WatchFirewallConnections(new FirewallConnectionFilter { Protocol = IpProtocol.Tcp }), EngineRig.Token);
        Task<List<FirewallConnectionChange>> reading = FirstOf(stream, 3);
        FakeFirewallHost.FakeWatcher watcher = Assert.Single(rig.FirewallHost.Watchers);

        watcher.Tell(new ConnectionEvent(ConnectionEventKinds.New, Udp("10.0.0.1", "192.0.2.1", 53)));
        watcher.Tell(new ConnectionEvent(ConnectionEventKinds.New, Tcp("10.0.0.1", "192.0.2.1", 22)));
        watcher.Tell(new ConnectionEvent(ConnectionEventKinds.Overrun, null, 5));
        watcher.Tell(new ConnectionEvent(ConnectionEventKinds.Destroyed, Tcp("10.0.0.1", "192.0.2.1", 22, "NONE")));

        List<FirewallConnectionChange> told = await reading;
        Assert.Equal(["new", "lost", "ended"], told.Select(one => one.Kind));
        Assert.Null(told[2].Connection!.State);
        Assert.True(watcher.IsDisposed);
    }

    [Fact]
    public async Task The_statistic_counts_states_and_names_top_talkers()
    {
        await using var rig = await new EngineRig().LoadedAsync();
        rig.Network.AddLink(2, "eth0");
        rig.Network.Give(2, "192.0.2.1");
        rig.FirewallHost.All.AddRange(
        [
            Tcp("10.0.0.1", "192.0.2.1", 443, id: 1, bytes: 1000), Tcp("10.0.0.1", "192.0.2.1", 443, id: 2, bytes: 500), Tcp("10.0.0.2", "192.0.2.1", 443, id: 3, bytes: 10), Udp("10.0.0.3", "192.0.2.1", 53, 4),
        ]);

        FirewallStatistic off = await rig.Runtime.Statistics.GetAsync(new GetFirewallStatistic(), EngineRig.Token);
        rig.FirewallHost.IsAccounting = true;
        FirewallStatistic on = await rig.Runtime.Statistics.GetAsync(new GetFirewallStatistic(1), EngineRig.Token);

        Assert.Null(off.TopTalkers);
        Assert.Contains("ConnectionAccounting", off.Reason, StringComparison.Ordinal);
        Assert.Equal([new FirewallStateCount(IpProtocol.Tcp, "established", 3), new FirewallStateCount(IpProtocol.Udp, "unreplied", 1)], on.States);
        Assert.Equal((4, 65_536, 5L, 3L), (on.Connections, on.MaxConnections, on.TableDrops, on.InvalidPackets));
        Assert.Equal([new FirewallTalker("10.0.0.1", 2, 3000)], on.TopTalkers!);
        Assert.Null(on.Reason);
    }

    [Fact]
    public async Task Accounting_is_switched_on_when_the_profile_asks_for_it()
    {
        await using var rig = await new EngineRig().LoadedAsync();
        rig.Runtime.Tick();
        Assert.False(rig.FirewallHost.IsAccounting);

        await rig.ChangeAsync(document => document with { Firewall = document.Firewall with { Profile = document.Firewall.Profile with { ConnectionAccounting = true } } });
        rig.Runtime.Tick();

        Assert.True(rig.FirewallHost.IsAccounting);
    }

    [Fact]
    public async Task A_hundred_thousand_connections_come_through_the_API()
    {
        await using RunningEngine running = await RunningEngine.StartAsync();
        for (int number = 0; number < 100_000; number++)
        {
            var source = new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
            running.Parts.FirewallHost.All.Add(Tcp(source.ToString(), "192.0.2.1", 443, id: (uint)number, bytes: 1000));
        }

        await using EngineClient client = await running.ConnectAsync();
        long began = TimeProvider.System.GetTimestamp();
        long count = 0;
        await foreach (FirewallConnection connection in client.StreamAsync(EngineApi.FirewallListConnections, new ListFirewallConnections(), EngineRig.Token))
        {
            count += connection.DestinationPort == 443 ? 1 : 0;
        }

        TimeSpan took = TimeProvider.System.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper?.WriteLine($"100,000 connections in {took.TotalMilliseconds:F0} ms");
        Assert.Equal(100_000, count);

        // No promise of a speed: many tests run at once, and a stream that stalls takes longer.
        Assert.True(took < TimeSpan.FromSeconds(20), $"took {took}");
    }
}
