using Net.Contracts;
using Net.Engine.Overlay.Kernel;
using Net.Platform;
using Net.Workers.Overlay;

namespace Net.Engine.Tests.Overlay;

public sealed class OverlayTests
{
    [Fact]
    public async Task An_overlay_gets_a_device_addresses_routes_and_a_worker_with_its_model()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        string key = OverlayKit.Key(rig);

        OverlaysChanged created = await OverlayKit.Create(rig, OverlayKit.Home() with { Peers = [OverlayKit.Peer("bob", key)] });
        FakeWorker worker = rig.OverlayHost.NextWorker().Ready();

        Assert.True(created.Outcome.Applied);
        LinkInfo device = rig.Network.Snapshot.FindLink("nm-home")!;
        Assert.True(device.IsAdminUp);
        Assert.Equal(2, rig.Network.Addresses.Count(address => address.InterfaceIndex == device.Index));
        ModelPeer bob = Assert.Single(worker.Start.Model.Peers);
        Assert.Equal(("bob", true), (bob.Name, bob.Dials));
        Assert.Equal(["192.0.2.1:47900"], bob.Endpoints);
        Assert.All(bob.Addresses, address => Assert.Contains(rig.Network.Routes, route => route.Destination.BaseAddress.ToString() == address && route.InterfaceIndex == device.Index && route.Protocol == RouteProtocols.NetModuleOverlay));
        Assert.Equal("alice", worker.Start.NodeName);
        Assert.Equal(32, worker.Start.Seed.Length);
        await rig.EventAsync("OverlayWorkerStarted");
        OverlaySettingsIs(OverlayState.Running, rig);
    }

    [Fact]
    public async Task Sessions_show_in_lists_events_graph_and_metrics()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig);

        worker.Report("bob", "up");
        await rig.EventAsync("OverlayPeerUp");

        OverlayPeer bob = Assert.Single(rig.Overlays.ListPeers(new ListOverlayPeers("home", ["bob"])));
        Assert.Equal((OverlayPeerState.Up, "192.0.2.9:47900", OverlayTrust.Key), (bob.State, bob.RemoteEndpoint, bob.Trust));
        OverlayGraph graph = rig.Overlays.Graph(new GetOverlayGraph("home"));
        Assert.Equal(["alice", "bob"], graph.Nodes);
        Assert.Equal(OverlayPeerState.Up, graph.Edges[0].State);
        var writer = new Net.Engine.Metrics.PrometheusWriter();
        rig.OverlaySection.Collect(writer);
        Assert.Contains("netmod_overlay_peers{overlay=\"home\",state=\"up\"} 1", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("netmod_overlay_dropped_packets_total{overlay=\"home\",reason=\"no_route\"} 2", writer.ToString(), StringComparison.Ordinal);
        worker.Report("bob", "backoff", "no answer");
        Assert.Contains("no answer", (await rig.EventAsync("OverlayPeerDown")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_crashes_is_replaced_at_once_and_device_and_addresses_stay()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig);
        int device = rig.Network.Snapshot.FindLink("nm-home")!.Index;

        worker.End("killed by signal 6 (SIGABRT)");
        FakeWorker next = rig.OverlayHost.NextWorker().Ready();

        Assert.Contains("SIGABRT", (await rig.EventAsync("OverlayWorkerEnded")).Message, StringComparison.Ordinal);
        await rig.EventAsync("OverlayWorkerStarted", 2);
        Assert.Equal(device, rig.Network.Snapshot.FindLink("nm-home")!.Index);
        Assert.Equal(worker.Start.Model.Peers[0].Index, next.Start.Model.Peers[0].Index);
        Assert.Equal(1, rig.Overlays.List(new ListOverlays())[0].WorkerRestarts);
    }

    [Fact]
    public async Task A_change_of_peers_is_a_new_model_and_not_a_new_worker()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig);

        await rig.Overlays.AddPeersAsync(EngineRig.Admin, new AddOverlayPeers([OverlayKit.Peer("carol", OverlayKit.Key(rig)) with { Overlay = "HOME" }]), EngineRig.Token);
        Assert.Equal(["bob", "carol"], worker.ModelWhere(model => model.Peers.Length == 2).Peers.Select(peer => peer.Name));
        await rig.Overlays.RemovePeersAsync(EngineRig.Admin, new RemoveOverlayPeers("home", ["bob"]), EngineRig.Token);

        OverlayModel model = worker.ModelWhere(one => one.Peers.Length == 1);
        Assert.Equal(("carol", 1), (model.Peers[0].Name, model.Peers[0].Index));
        Assert.Empty(rig.OverlayHost.Workers);
        await EngineRig.Refused(ErrorCatalogue.OverlayPeerNotFound, () => rig.Overlays.RemovePeersAsync(EngineRig.Admin, new RemoveOverlayPeers("home", ["bob"]), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.OverlayPeerExists, () => rig.Overlays.AddPeersAsync(EngineRig.Admin, new AddOverlayPeers([OverlayKit.Peer("carol", OverlayKit.Key(rig)) with { Overlay = "home" }]), EngineRig.Token));
    }

    [Fact]
    public async Task A_device_that_cannot_be_made_refuses_the_change_and_leaves_nothing()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.OverlayHost.Refusal = "open /dev/net/tun: Permission denied (errno 13)";

        EngineException refused = await EngineRig.Refused(ErrorCatalogue.OverlayApplyFailed, () => OverlayKit.Create(rig, OverlayKit.Home()));

        Assert.Contains("Permission denied", refused.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Manager.Document.Overlay.Overlays);
        Assert.Empty(rig.OverlaySection.Runtimes);
    }

    [Fact]
    public async Task After_a_restart_an_overlay_that_cannot_run_is_tried_again()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await OverlayKit.StartWithBob(rig);
        rig.OverlayHost.Refusal = "no such device";
        await rig.RestartAsync();
        Assert.False(rig.OverlaySection.Status.InDesiredState);
        Assert.Equal(OverlayState.Failed, rig.Overlays.List(new ListOverlays())[0].State);

        rig.OverlayHost.Refusal = null;
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);

        Assert.True(rig.OverlaySection.Status.InDesiredState);
        Assert.Contains("started anew", rig.EventsOf("OverlayDriftRepaired")[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_deleted_under_it_comes_back_and_the_event_says_what()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await OverlayKit.StartWithBob(rig);
        RouteInfo route = rig.Network.Routes.First(one => one.Protocol == RouteProtocols.NetModuleOverlay);
        rig.Network.Delete(route);
        rig.Network.Addresses.RemoveAt(0);

        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        string said = rig.EventsOf("OverlayDriftRepaired")[0].Message;
        rig.Network.RemoveLink(rig.Network.Snapshot.FindLink("nm-home")!.Index);
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);

        Assert.Contains("address", said, StringComparison.Ordinal);
        Assert.Contains($"route to {route.Destination} was missing", said, StringComparison.Ordinal);
        Assert.Contains("is gone", rig.EventsOf("OverlayDriftRepaired")[1].Message, StringComparison.Ordinal);
        Assert.NotNull(rig.Network.Snapshot.FindLink("nm-home"));
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Equal(2, rig.EventsOf("OverlayDriftRepaired").Length);
    }

    [Fact]
    public async Task Stopping_and_removing_takes_everything_away()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker _, string key) = await OverlayKit.StartWithBob(rig);

        await rig.Overlays.SetAsync(EngineRig.Admin, new SetOverlays([OverlayKit.Home() with { Enabled = false, Peers = [OverlayKit.Peer("bob", key)] }]), EngineRig.Token);

        Assert.Null(rig.Network.Snapshot.FindLink("nm-home"));
        OverlaySettingsIs(OverlayState.Stopped, rig);
        Assert.DoesNotContain(rig.Network.Routes, route => route.Protocol == RouteProtocols.NetModuleOverlay);
        await rig.Overlays.RemoveAsync(EngineRig.Admin, new RemoveOverlays(["home"]), EngineRig.Token);
        Assert.Empty(rig.Overlays.List(new ListOverlays()));
    }

    [Fact]
    public async Task An_exit_node_brings_rules_in_order_and_a_kill_switch_that_outlives_the_device()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        string key = OverlayKit.Key(rig);
        await OverlayKit.Create(rig, OverlayKit.Home() with { Peers = [OverlayKit.Peer("bob", key) with { IsExitNode = true }], ExitNode = "bob" });
        FakeWorker worker = rig.OverlayHost.NextWorker().Ready();

        RuleInfo[] rules = [.. rig.Network.Rules.Where(rule => rule.Family == System.Net.Sockets.AddressFamily.InterNetwork).OrderBy(rule => rule.Priority)];
        Assert.Equal([OverlayKernelPlan.Mark, null, null, null, null], rules.Select(rule => rule.FirewallMark));
        Assert.Equal([null, (ushort)53, (ushort)53, null, null], rules.Select(rule => rule.DestinationPortStart));
        Assert.Equal([null, null, null, 0, (int?)null], rules.Select(rule => rule.SuppressPrefixLength));
        RouteInfo[] exit = [.. rig.Network.Routes.Where(route => route.Table == OverlayKernelPlan.ExitTable && route.Family == System.Net.Sockets.AddressFamily.InterNetwork)];
        Assert.Equal([RouteType.Unicast, RouteType.Unreachable], exit.OrderBy(route => route.Metric).Select(route => route.Type));
        Assert.Contains(worker.Start.Model.Routes, route => route is { Prefix: "0.0.0.0/0", Owner: "defaultGateway" });
        Assert.Contains("0.0.0.0/0", worker.Start.Model.Peers[0].Prefixes);

        await rig.Overlays.SetAsync(EngineRig.Admin, new SetOverlays([OverlayKit.Home() with { Peers = [OverlayKit.Peer("bob", key) with { IsExitNode = true }], ExitNode = "bob", KillSwitch = false }]), EngineRig.Token);
        Assert.Empty(rig.Network.Rules);
        worker.Report("bob", "up");
        await rig.EventAsync("OverlayPeerUp");
        Assert.Equal(10, rig.Network.Rules.Count);
        worker.Report("bob", "backoff");
        await rig.EventAsync("OverlayPeerDown");
        Assert.Empty(rig.Network.Rules);
    }

    [Fact]
    public async Task A_gateway_advertises_forwards_and_translates_addresses()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig);

        await rig.Overlays.AddRoutesAsync(EngineRig.Admin, new AddOverlayRoutes([new OverlayRoute { Overlay = "home", Prefix = AddressRange.Parse("192.168.7.0/24"), Masquerade = true }]), EngineRig.Token);

        OverlayModel model = worker.ModelWhere(one => one.Advertised.Length == 1);
        Assert.True(model.Forwards);
        Assert.True(rig.OverlayHost.Forwards);
        Assert.Contains("gateway", Assert.Single(rig.EventsOf("OverlayForwardingEnabled")).Message, StringComparison.Ordinal);
        Assert.Equal("192.168.7.0/24", model.Advertised[0].Prefix);
        Assert.Contains("ip daddr 192.168.7.0/24 masquerade", rig.Firewall.Gateways, StringComparison.Ordinal);
        rig.Firewall.Gateways = null;
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.NotNull(rig.Firewall.Gateways);
        await rig.Overlays.RemoveRoutesAsync(EngineRig.Admin, new RemoveOverlayRoutes("home", [AddressRange.Parse("192.168.7.0/24")]), EngineRig.Token);
        Assert.Null(rig.Firewall.Gateways);
    }

    [Fact]
    public async Task A_node_that_becomes_a_hub_forwards()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string key) = await OverlayKit.StartWithBob(rig);
        Assert.False(rig.OverlayHost.Forwards);

        Net.Contracts.Overlay hub = OverlayKit.Home() with { Peers = [OverlayKit.Peer("bob", key)], Topology = OverlayTopology.HubAndSpoke, Hubs = ["self"] };
        await rig.Overlays.SetAsync(EngineRig.Admin, new SetOverlays([hub]), EngineRig.Token);

        Assert.True(worker.ModelWhere(one => one.Forwards).Forwards);
        Assert.True(rig.OverlayHost.Forwards);
        Assert.Contains("hub", Assert.Single(rig.EventsOf("OverlayForwardingEnabled")).Message, StringComparison.Ordinal);
        Assert.NotNull(rig.Firewall.Gateways);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_overlay_without_rules_warns_that_nothing_may_reach_this_node(bool hasRule)
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();

        OverlaysChanged created = await OverlayKit.Create(rig, OverlayKit.Home() with { Policy = hasRule ? [new OverlayPolicyRule { Name = "all" }] : [] });

        Assert.Equal(!hasRule, created.Outcome.Plan.Warnings.Any(warning => warning.Contains("nothing may reach this node before a rule", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_peer_that_is_taken_out_while_connected_is_told_as_down()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig);
        worker.Report("bob", "up");
        await rig.EventAsync("OverlayPeerUp");

        await rig.Overlays.RemovePeersAsync(EngineRig.Admin, new RemoveOverlayPeers("home", ["bob"]), EngineRig.Token);

        Assert.Contains("it was removed", (await rig.EventAsync("OverlayPeerDown")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advertised_prefixes_are_used_when_they_are_accepted_and_allowed_only()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        string key = OverlayKit.Key(rig);
        await OverlayKit.Create(rig, OverlayKit.Home() with { AcceptRoutes = true, Peers = [OverlayKit.Peer("bob", key) with { Subnets = [AddressRange.Parse("10.8.0.0/16")] }] });
        FakeWorker worker = rig.OverlayHost.NextWorker().Ready();

        worker.Say(new RoutesAdvertised(0, [new ModelPrefix("10.8.1.0/24", 50), new ModelPrefix("10.9.0.0/16", 50), new ModelPrefix("0.0.0.0/0", 50)]));
        OverlayModel model = worker.ModelWhere(one => one.Routes.Any(route => route.Owner == "gateway"));

        Assert.Equal(["10.8.1.0/24"], model.Routes.Where(route => route.Owner == "gateway").Select(route => route.Prefix));
        Assert.Contains(rig.Network.Routes, route => route.Destination.ToString() == "10.8.1.0/24" && route.Metric == OverlayKernelPlan.GatewayMetric);
        OverlayRoute[] listed = rig.Overlays.ListRoutes(new ListOverlayRoutes("home"));
        Assert.Equal("the peer may not have this prefix", listed.Single(route => route.Prefix.ToString() == "10.9.0.0/16").Reason);
        Assert.Equal("the peer may not be an exit node", listed.Single(route => route.Prefix.ToString() == "0.0.0.0/0").Reason);
        Assert.True(listed.Single(route => route.Prefix.ToString() == "10.8.1.0/24").IsSelected);
    }

    [Fact]
    public async Task A_peer_with_an_address_of_this_host_is_refused()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.Network.AddLink(2, "eth0");
        rig.Network.Addresses.Add(new AddressInfo { InterfaceIndex = 2, Address = System.Net.IPAddress.Parse("100.64.9.9"), PrefixLength = 16 });

        EngineException refused = await EngineRig.Refused(ErrorCatalogue.OverlayInvalid, () => OverlayKit.Create(rig, OverlayKit.Home() with { Peers = [OverlayKit.Peer("bob", OverlayKit.Key(rig)) with { Addresses = ["100.64.9.9"] }] }));
        ConfigurationPlan plan = (await OverlayKit.Create(rig, OverlayKit.Home(), new ChangeOptions(WhatIf: true))).Outcome.Plan;

        Assert.Contains("address of this host", refused.Message, StringComparison.Ordinal);
        Assert.Contains(plan.Warnings, warning => warning.Contains("100.64.9.9 on eth0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_of_endpoints_are_looked_up_away_from_the_change()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.OverlayHost.Names["vpn.example.org"] = [System.Net.IPAddress.Parse("198.51.100.7")];
        await OverlayKit.Create(rig, OverlayKit.Home() with { Peers = [OverlayKit.Peer("bob", OverlayKit.Key(rig)) with { Endpoints = ["vpn.example.org:4000"] }] });
        FakeWorker worker = rig.OverlayHost.NextWorker().Ready();

        OverlayModel model = worker.ModelWhere(one => one.Peers[0].Endpoints.Length == 1);

        Assert.Equal(("198.51.100.7:4000", true), (model.Peers[0].Endpoints[0], model.Peers[0].Dials));
    }

    private static void OverlaySettingsIs(OverlayState state, EngineRig rig) => Assert.Equal(state, rig.Overlays.List(new ListOverlays(["home"]))[0].State);
}
