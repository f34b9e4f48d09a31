using System.Text.Json.Nodes;
using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>Others change what is ours: it is repaired, said, and nothing of theirs is touched.</summary>
public sealed class DriftTests : IAsyncLifetime
{
    private readonly EngineFolder _folder = new();
    private Lab.Lab? _lab;
    private EngineProcess? _engine;
    private EngineClient? _client;
    private string _table = string.Empty;
    private string[] _routes = [];

    private LabNode Node => _lab!.Node("left");

    public async ValueTask InitializeAsync()
    {
        _lab = await TestHost.PairAsync();
        await Kernel.NftAsync(Node, """
            add table inet other
            add chain inet other input { type filter hook input priority 10; }
            add rule inet other input tcp dport 9 drop
            add table ip netmod
            """);
        _engine = await EngineProcess.StartAsync(Node, _folder);
        _client = await _engine.ConnectAsync();
        var document = new NetConfiguration
        {
            Firewall = new FirewallSection { Rules = [Rules.BlockTcp("a", 1001), Rules.BlockTcp("b", 1002) with { InterfaceAlias = ["eth0"] }] },
            Paths = new PathsSection { Routes = [Rules.Route("office", "192.0.2.0/24", "10.1.0.2", "eth0"), Rules.Route("six", "2001:db8:77::/48", "2001:db8:1::2")] },
        };
        await _client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(document), TestContext.Current.CancellationToken);
        _table = await Kernel.TableAsync(Node);
        _routes = await Kernel.RoutesAsync(Node);
        Assert.Contains("\"r2\"", _table, StringComparison.Ordinal);
        Assert.Equal(2, _routes.Length);
    }

    [Theory]
    [InlineData("delete table inet netmod", "removed")]
    [InlineData("flush table inet netmod", "changed")]
    [InlineData("add chain inet netmod intruder", "changed")]
    public async Task A_change_of_our_table_is_undone_and_the_event_says_what_and_by_whom(string commands, string found)
    {
        string others = await OthersAsync();

        await Kernel.NftAsync(Node, commands);

        await AssertRepairedAsync(found);
        Assert.Equal(others, await OthersAsync());
    }

    [Fact]
    public async Task A_flush_of_all_rules_is_undone_for_our_table_alone()
    {
        await Kernel.NftAsync(Node, "flush ruleset");

        await AssertRepairedAsync("removed");
        LabCommandResult tables = await Node.ExecAsync("nft", ["list", "tables"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("table inet netmod", tables.Output.Trim());
    }

    [Fact]
    public async Task A_foreign_rule_in_our_chains_is_taken_out()
    {
        string chain = (await RulesOfTableAsync())[0]["chain"]!.GetValue<string>();

        await Kernel.NftAsync(Node, $"insert rule inet netmod {chain} accept");

        await AssertRepairedAsync("changed");
    }

    [Fact]
    public async Task One_rule_deleted_comes_back()
    {
        JsonObject rule = (await RulesOfTableAsync())[^1];

        await Kernel.NftAsync(Node, $"delete rule inet netmod {rule["chain"]} handle {rule["handle"]}");

        await AssertRepairedAsync("changed");
    }

    [Fact]
    public async Task Repairing_our_table_keeps_what_its_rules_counted_where_the_counters_survived()
    {
        await using Agent.LabAgent right = await Agent.LabAgent.StartAsync(_lab!.Node("right"));
        Assert.Equal("timeout", await right.TryAsync("tcp", "10.1.0.1:1001"));
        long before = await CountAsync("a");
        Assert.True(before > 0);
        JsonObject rule = (await RulesOfTableAsync())[^1];

        await Kernel.NftAsync(Node, $"delete rule inet netmod {rule["chain"]} handle {rule["handle"]}");

        await AssertRepairedAsync("changed");
        Assert.True(await CountAsync("a") >= before);
    }

    [Fact]
    public async Task Changes_of_other_tables_are_none_of_our_business()
    {
        await Kernel.NftAsync(Node, "add rule inet other input tcp dport 10 drop");
        await Kernel.NftAsync(Node, "delete table ip netmod");
        await Kernel.NftAsync(Node, "add table inet another");

        // A repair that comes after them was not caused by them.
        await Kernel.NftAsync(Node, "delete table inet netmod");
        await AssertRepairedAsync("removed");
        EngineEvent[] events = await _client!.CallAsync(EngineApi.EventsList, new ListEvents(Areas: ["firewall"]), TestContext.Current.CancellationToken);
        Assert.Single(events);
        LabCommandResult tables = await Node.ExecAsync("nft", ["list", "tables"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("table inet another", tables.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("table ip netmod", tables.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-4 route del 192.0.2.0/24", "office")]
    [InlineData("-6 route del 2001:db8:77::/48", "six")]
    public async Task A_route_taken_away_comes_back_and_the_event_names_it(string command, string route)
    {
        await Kernel.IpAsync(Node, command);

        EngineEvent said = await EngineProcess.EventAsync(_client!, "RouteDriftRepaired");
        Assert.Contains(route, said.Message, StringComparison.Ordinal);
        Report(await Wait.UntilAsync("routes repaired", async () => (await Kernel.RoutesAsync(Node)).SequenceEqual(_routes)));
    }

    [Fact]
    public async Task A_route_another_program_put_in_place_of_ours_is_reported_and_ours_comes_back_when_it_goes()
    {
        await Kernel.IpAsync(Node, "-4 route replace 192.0.2.0/24 dev lo");

        EngineEvent said = await EngineProcess.EventAsync(_client!, "RouteNotInForce");
        Assert.Contains("office", said.Message, StringComparison.Ordinal);
        Assert.Contains("another program", said.Message, StringComparison.Ordinal);

        await Kernel.IpAsync(Node, "-4 route del 192.0.2.0/24");
        Report(await Wait.UntilAsync("routes repaired", async () => (await Kernel.RoutesAsync(Node)).SequenceEqual(_routes)));
    }

    [Fact]
    public async Task A_route_put_in_our_name_is_removed_and_foreign_routes_stay()
    {
        await Kernel.IpAsync(Node, "-4 route add 203.0.113.0/24 via 10.1.0.2 proto static");

        await Kernel.IpAsync(Node, "-4 route add 198.51.100.0/24 via 10.1.0.2 proto 201");

        EngineEvent said = await EngineProcess.EventAsync(_client!, "RouteDriftRepaired");
        Assert.Contains("198.51.100.0/24", said.Message, StringComparison.Ordinal);
        await Wait.UntilAsync("our routes only", async () => (await Kernel.RoutesAsync(Node)).SequenceEqual(_routes));
        LabCommandResult all = await Node.ExecAsync("ip", ["-4", "route"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("203.0.113.0/24", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renamed_interface_is_reported_and_its_routes_wait_until_the_name_is_back()
    {
        await Kernel.IpAsync(Node, "link set eth0 down");
        await Kernel.IpAsync(Node, "link set eth0 name uplink7");
        await Kernel.IpAsync(Node, "link set uplink7 up");

        EngineEvent said = await EngineProcess.EventAsync(_client!, "InterfaceRenamed");
        Assert.Contains("eth0", said.Message, StringComparison.Ordinal);
        Assert.Contains("uplink7", said.Message, StringComparison.Ordinal);
        Assert.Contains("office", said.Message, StringComparison.Ordinal);
        Assert.Contains("rule 'b'", said.Message, StringComparison.Ordinal);
        await Wait.UntilAsync("route reported as waiting", async () =>
        {
            NetPathRoute[] routes = await _client!.CallAsync(EngineApi.PathsListRoutes, new ListPathRoutes(["office"]), TestContext.Current.CancellationToken);
            return routes[0].State == RouteState.Waiting && routes[0].StateReason!.Contains("eth0", StringComparison.Ordinal);
        });

        await Kernel.IpAsync(Node, "link set uplink7 down");
        await Kernel.IpAsync(Node, "link set uplink7 name eth0");
        await Node.SetLinkAsync("eth0", up: true, restore: true, TestContext.Current.CancellationToken);
        await Wait.UntilAsync("routes are back", async () => ((await Kernel.RoutesAsync(Node)).SequenceEqual(_routes), string.Join("; ", await Kernel.RoutesAsync(Node))));
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static void Report(TimeSpan took) => TestContext.Current.TestOutputHelper?.WriteLine($"repaired after {took.TotalMilliseconds:F0} ms");

    private async Task AssertRepairedAsync(string found)
    {
        Report(await Wait.UntilAsync("table repaired", async () => await Kernel.TableAsync(Node) == _table));
        EngineEvent said = await EngineProcess.EventAsync(_client!, "FirewallDriftRepaired");
        Assert.Contains(found, said.Message, StringComparison.Ordinal);
        Assert.Contains("nft (process ", said.Message, StringComparison.Ordinal);
        Assert.Equal(EventSeverity.Warning, said.Severity);
    }

    private async Task<string> OthersAsync() =>
        (await Node.ExecAsync("nft", ["list", "table", "inet", "other"], cancellationToken: TestContext.Current.CancellationToken)).EnsureSucceeded().Output;

    private async Task<JsonObject[]> RulesOfTableAsync()
    {
        LabCommandResult result = await Node.ExecAsync("nft", ["-j", "list", "table", "inet", "netmod"], cancellationToken: TestContext.Current.CancellationToken);
        return [.. JsonNode.Parse(result.EnsureSucceeded().Output)!["nftables"]!.AsArray().Select(item => item!["rule"]).OfType<JsonObject>()];
    }

    private async Task<long> CountAsync(string rule) =>
        (await _client!.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules([rule]), TestContext.Current.CancellationToken))[0].PacketCount!.Value;
}
