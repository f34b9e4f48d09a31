using Net.Contracts;
using Net.Lab;
using Net.Service.Tests.Agent;

namespace Net.Service.Tests.Overlay;

/// <summary>Networks behind overlays: site to site, and an exit node with its kill switch.</summary>
public sealed class OverlayGatewayTests : IAsyncLifetime
{
    private readonly List<OverlayNode> _nodes = [];
    private Lab.Lab? _lab;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        TestHost.RequireRoot();
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "needs /dev/net/tun");
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Hosts_behind_two_gateways_reach_each_other()
    {
        _lab = await TestHost.UpAsync(new LabTopology
        {
            Name = "sites",
            Nodes =
            [
                LabNodeDefinition.Host("host-a", LabRoute.Default("10.11.0.1")),
                LabNodeDefinition.Host("gate-a"),
                LabNodeDefinition.Host("gate-b"),
                LabNodeDefinition.Host("host-b", LabRoute.Default("10.12.0.1")),
            ],
            Links =
            [
                Link("host-a", "10.11.0.2/24", "gate-a", "lan0", "10.11.0.1/24"),
                Link("host-b", "10.12.0.2/24", "gate-b", "lan0", "10.12.0.1/24"),
                new LabLink { A = End("gate-a", "wan0", "192.0.2.1/24"), B = End("gate-b", "wan0", "192.0.2.2/24") },
            ],
        });
        OverlayNode a = await EngineOnAsync("gate-a");
        OverlayNode b = await EngineOnAsync("gate-b");
        Contracts.Overlay net = new() { Name = OverlayNode.Net, AcceptRoutes = true, Policy = [OverlayNode.AllowAll] };
        await a.CreateAsync(net with { Peers = [OverlayNode.Peer("b", b, "192.0.2.2:47900") with { Subnets = [AddressRange.Parse("10.12.0.0/24", null)] }] });
        await b.CreateAsync(net with { Peers = [OverlayNode.Peer("a", a) with { Subnets = [AddressRange.Parse("10.11.0.0/24", null)] }] });
        await a.PeerAsync("b");

        // Both become gateways while they run.
        foreach ((OverlayNode node, string prefix) in new[] { (a, "10.11.0.0/24"), (b, "10.12.0.0/24") })
        {
            await node.Client.CallAsync(EngineApi.OverlayAddRoutes, new AddOverlayRoutes([new OverlayRoute { Overlay = OverlayNode.Net, Prefix = AddressRange.Parse(prefix, null) }]), Token);
        }

        await OverlayNode.ReachesAsync(_lab.Node("host-a"), "10.12.0.2");
        await OverlayNode.ReachesAsync(_lab.Node("host-b"), "10.11.0.2");
        OverlayRoute[] routes = await a.Client.CallAsync(EngineApi.OverlayListRoutes, new ListOverlayRoutes(OverlayNode.Net), Token);
        OverlayRoute learned = Assert.Single(routes, route => route.Prefix.ToString() == "10.12.0.0/24");
        Assert.Equal(("b", OverlayRouteOwner.Gateway, true), (learned.Peer, learned.Owner, learned.IsSelected));
        Assert.Contains("chain forward", (await a.Node.ExecAsync("nft", ["list", "table", "inet", "netmod_overlay"], cancellationToken: Token)).EnsureSucceeded().Output, StringComparison.Ordinal);
        await a.Client.CallAsync(EngineApi.OverlayRemove, new RemoveOverlays([OverlayNode.Net]), Token);
        Assert.False((await a.Node.ExecAsync("nft", ["list", "table", "inet", "netmod_overlay"], cancellationToken: Token)).Succeeded);
    }

    [Fact]
    public async Task Traffic_leaves_by_the_exit_node_and_nothing_leaks_when_it_is_gone()
    {
        _lab = await TestHost.UpAsync(new LabTopology
        {
            Name = "exit",
            Nodes =
            [
                LabNodeDefinition.Bridge("switch"),
                LabNodeDefinition.Host("client", LabRoute.Default("10.1.0.254"), LabRoute.Default("2001:db8:1::fe")),
                LabNodeDefinition.Host("exit", LabRoute.Default("10.1.0.254"), LabRoute.Default("2001:db8:1::fe")),
                LabNodeDefinition.Router("router"),
                LabNodeDefinition.Host("server", LabRoute.Default("203.0.113.1"), LabRoute.Default("2001:db8:2::1")),
            ],
            Links =
            [
                new LabLink { A = End("client", "eth0", "10.1.0.1/24", "2001:db8:1::1/64"), B = End("switch", "port1") },
                new LabLink { A = End("exit", "eth0", "10.1.0.2/24", "2001:db8:1::2/64"), B = End("switch", "port2") },
                new LabLink { A = End("router", "lan0", "10.1.0.254/24", "2001:db8:1::fe/64"), B = End("switch", "port3") },
                new LabLink { A = End("router", "wan0", "203.0.113.1/24", "2001:db8:2::1/64"), B = End("server", "eth0", "203.0.113.10/24", "2001:db8:2::10/64") },
            ],
        });
        LabAgent client = await LabAgent.StartAsync(_lab.Node("client"));
        await (await LabAgent.StartAsync(_lab.Node("server"))).ListenAsync("tcp", "0.0.0.0:7001", "[::]:7001");

        // Only what the engine's own path probes send to the gateway goes straight. The resolver of the local network, which the client has a direct route to.
        await (await LabAgent.StartAsync(_lab.Node("router"))).ListenAsync("udp", "10.1.0.254:53");
        await Kernel.NftAsync(_lab.Node("router"), """
            table inet seen {
              counter direct { }
              counter through { }
              chain in {
                type filter hook prerouting priority raw; policy accept;
                ip saddr 10.1.0.1 ip daddr != 10.1.0.254 counter name direct
                ip saddr 10.1.0.1 meta l4proto { tcp, udp } counter name direct
                ip6 saddr 2001:db8:1::1 ip6 daddr 2001:db8:2::/64 counter name direct
                ip6 saddr 2001:db8:1::1 meta l4proto { tcp, udp } counter name direct
                ip saddr 10.1.0.2 counter name through
              }
            }
            """);
        OverlayNode exit = await EngineOnAsync("exit");
        OverlayNode user = await EngineOnAsync("client");
        await exit.CreateAsync(new Contracts.Overlay
        {
            Name = OverlayNode.Net,
            Policy = [OverlayNode.AllowAll],
            Peers = [OverlayNode.Peer("user", user)],
            Routes = [Everything("0.0.0.0/0"), Everything("::/0")],
        });
        Contracts.Overlay mine = new() { Name = OverlayNode.Net, Peers = [OverlayNode.Peer("exit", exit, "10.1.0.2:47900") with { IsExitNode = true }] };
        await user.CreateAsync(mine);
        await user.PeerAsync("exit");

        // Without an exit node packets go straight, and the counter sees it.
        Assert.Equal("answered", await client.TryAsync("tcp", "203.0.113.10:7001"));
        Assert.NotEqual(0, await SeenAsync("direct"));

        await user.Client.CallAsync(EngineApi.OverlaySet, new SetOverlays([mine with { ExitNode = "exit" }]), Token);
        await user.PeerAsync("exit");
        await ResetAsync();
        await Wait.UntilAsync("the server answers through the exit node", async () =>
        {
            string outcome = await client.TryAsync("tcp", "203.0.113.10:7001");
            return (outcome == "answered", outcome);
        });
        Assert.Equal("answered", await client.TryAsync("udp", "10.1.0.254:53"));
        Assert.NotEqual(0, await SeenAsync("through"));
        Assert.Equal(0, await SeenAsync("direct"));

        Assert.Equal(0, await exit.Engine.StopAsync());
        await AssertShutAsync(client);
        await user.PeerAsync("exit", peer => peer.State != OverlayPeerState.Up);
        await AssertShutAsync(client);

        // Not even with the engine dead, whose device went with it.
        await user.Engine.KillAsync();
        await Wait.UntilAsync("the device is gone", async () => !(await user.Node.ExecAsync("ip", ["link", "show", OverlayNode.Device], cancellationToken: Token)).Succeeded);
        await AssertShutAsync(client);
        Assert.Equal(0, await SeenAsync("direct"));

        // Started again, with the exit node back, everything goes on.
        await user.StartEngineAsync();
        await exit.StartEngineAsync();
        await Wait.UntilAsync("the server answers again", async () =>
        {
            string outcome = await client.TryAsync("tcp", "203.0.113.10:7001");
            return (outcome == "answered", outcome);
        });
        Assert.Equal(0, await SeenAsync("direct"));

        // Removed, the host is as it was.
        await user.Client.CallAsync(EngineApi.OverlayRemove, new RemoveOverlays([OverlayNode.Net]), Token);
        Assert.Equal("answered", await client.TryAsync("tcp", "203.0.113.10:7001"));
        Assert.NotEqual(0, await SeenAsync("direct"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (OverlayNode node in _nodes)
        {
            await node.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    private static OverlayRoute Everything(string prefix) => new() { Prefix = AddressRange.Parse(prefix, null), Masquerade = true };

    private static LabLink Link(string host, string hostAddress, string gate, string device, string gateAddress) =>
        new() { A = End(host, "eth0", hostAddress), B = End(gate, device, gateAddress) };

    private static LabLinkEnd End(string node, string device, params string[] addresses) => new() { Node = node, Interface = device, Addresses = addresses };

    private static async Task AssertShutAsync(LabAgent client)
    {
        Assert.NotEqual("answered", await client.TryAsync("tcp", "203.0.113.10:7001"));
        Assert.NotEqual("answered", await client.TryAsync("tcp", "[2001:db8:2::10]:7001"));
        Assert.NotEqual("answered", await client.TryAsync("udp", "10.1.0.254:53"));
    }

    private async Task<OverlayNode> EngineOnAsync(string name)
    {
        OverlayNode node = await OverlayNode.StartAsync(_lab!.Node(name));
        _nodes.Add(node);
        return node;
    }

    private async Task<long> SeenAsync(string counter)
    {
        string json = (await _lab!.Node("router").ExecAsync("nft", ["-j", "list", "counter", "inet", "seen", counter], cancellationToken: Token)).EnsureSucceeded().Output;
        return System.Text.Json.Nodes.JsonNode.Parse(json)!["nftables"]!.AsArray().Select(item => item!["counter"]).First(item => item is not null)!["packets"]!.GetValue<long>();
    }

    private Task ResetAsync() => Kernel.NftAsync(_lab!.Node("router"), "reset counters table inet seen");
}
