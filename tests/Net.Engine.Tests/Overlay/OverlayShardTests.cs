using System.Net;
using Net.Contracts;
using Net.Engine.Overlay.Runtime;
using Net.Workers.Overlay;

namespace Net.Engine.Tests.Overlay;

public sealed class OverlayShardTests
{
    [Fact]
    public async Task A_worker_gets_a_queue_a_socket_and_a_core_for_each_shard()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();

        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig, home => home with { Shards = 3 });

        // The fake worker compares the number of descriptors; node 0 comes first as nobody knows better, its last core first.
        Assert.Equal(3, worker.Start.Shards);
        Assert.Equal([2, 0, 3], worker.Start.Placement.Select(one => one.Core ?? -1));
        Assert.Equal([0, 0, 1], worker.Start.Placement.Select(one => one.NumaNode ?? -1));
        Assert.All(worker.Start.Placement, one => Assert.Contains("memory node", one.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_shard_runs_where_the_scheduler_likes()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();

        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig);

        Assert.Equal(1, worker.Start.Shards);
        Assert.Null(Assert.Single(worker.Start.Placement).Core);
    }

    [Fact]
    public async Task Another_number_of_shards_makes_device_and_worker_anew()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await OverlayKit.StartWithBob(rig);
        int device = rig.Network.Snapshot.FindLink("nm-home")!.Index;

        Net.Contracts.Overlay home = Assert.Single(rig.Overlays.List(new ListOverlays()));
        await rig.Overlays.SetAsync(EngineRig.Admin, new SetOverlays([home with { Shards = 2 }]), EngineRig.Token);

        Assert.Equal(2, rig.OverlayHost.NextWorker().Start.Shards);
        Assert.NotEqual(device, rig.Network.Snapshot.FindLink("nm-home")!.Index);
    }

    [Fact]
    public async Task More_shards_than_cores_are_refused_but_hinder_no_other_change()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();

        EngineException refused = await EngineRig.Refused(ErrorCatalogue.OverlayInvalid, () => OverlayKit.Create(rig, OverlayKit.Home() with { Shards = 5 }));
        Assert.Contains("lets the engine use 4", refused.Message, StringComparison.Ordinal);

        await OverlayKit.StartWithBob(rig, home => home with { Shards = 4 });
        rig.OverlayHost.Cores = [0, 1];
        await rig.Overlays.AddPeersAsync(EngineRig.Admin, new AddOverlayPeers([OverlayKit.Peer("carol", OverlayKit.Key(rig)) with { Overlay = "home" }]), EngineRig.Token);
        Assert.Equal(2, rig.Manager.Document.Overlay.Overlays[0].Peers.Length);
    }

    [Fact]
    public async Task Shards_show_in_lists_and_metrics()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig, home => home with { Shards = 2 });

        worker.Say(new OverlayReport
        {
            ModelVersion = 1,
            Peers = [new PeerReport { Index = 0, State = "up", Reason = "because" }],
            Drops = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9],
            Shards =
            [
                new ShardReport { Index = 0, Core = 2, NumaNode = 0, Reason = "near", Peers = 1, SentDatagrams = 5, ReceivedDatagrams = 6, HandedOver = 7 },
                new ShardReport { Index = 1, Reason = "anywhere" },
            ],
        });
        await rig.EventAsync("OverlayPeerUp");

        Net.Contracts.Overlay home = Assert.Single(rig.Overlays.List(new ListOverlays()));
        Assert.Equal(
            [new OverlayShard { Index = 0, Core = 2, NumaNode = 0, Reason = "near", Peers = 1, SentDatagrams = 5, ReceivedDatagrams = 6, HandedOver = 7 }, new OverlayShard { Index = 1, Reason = "anywhere" }],
            home.ActiveShards!);
        Assert.Equal(9, home.Drops!.Handover);
        var writer = new Net.Engine.Metrics.PrometheusWriter();
        rig.OverlaySection.Collect(writer);
        string text = writer.ToString();
        Assert.Contains("netmod_overlay_shard_handed_over_total{overlay=\"home\",shard=\"0\"} 7", text, StringComparison.Ordinal);
        Assert.Contains("netmod_overlay_shard_peers{overlay=\"home\",shard=\"1\"} 0", text, StringComparison.Ordinal);
        Assert.Contains("netmod_overlay_dropped_packets_total{overlay=\"home\",reason=\"handover\"} 9", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Cores_of_the_devices_node_come_first_and_too_few_are_said()
    {
        var host = new FakeOverlayHost(new FakeNetwork()) { Cores = [0, 1, 2, 3], KnownDevice = "eth0" };

        ShardPlacement[] placement = ShardCores.Plan(5, host, "eth0");

        Assert.Equal([3, 1, 2, 0, -1], placement.Select(one => one.Core ?? -1));
        Assert.Contains("the node of eth0 comes first", placement[0].Reason, StringComparison.Ordinal);
        Assert.Contains("may use 4 cores", placement[4].Reason, StringComparison.Ordinal);
        Assert.Contains("names no node of wlan0", ShardCores.Plan(2, host, "wlan0")[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Datagrams_leave_by_the_device_of_the_listen_address_or_the_default_route()
    {
        var network = new FakeNetwork();
        network.AddLink(7, "eth7");
        network.AddLink(8, "eth8");
        network.AddForeign("0.0.0.0/0", "192.0.2.1", 7, metric: 200);
        network.AddForeign("0.0.0.0/0", "192.0.2.1", 8, metric: 100);

        Assert.Equal("eth8", ShardCores.FindDevice(null, network));
        Assert.Null(ShardCores.FindDevice(IPAddress.Parse("203.0.113.9"), network));
    }
}
