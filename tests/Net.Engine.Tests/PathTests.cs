using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Net.Contracts;
using Net.Engine.Paths;
using Net.Platform;

namespace Net.Engine.Tests;

public sealed class PathTests
{
    [Fact]
    public async Task Uplinks_are_the_default_routes_of_both_families_and_every_next_hop()
    {
        await using var rig = new EngineRig();
        rig.Network.AddLink(2, "eth0");
        rig.Network.AddLink(3, "wlan0");
        rig.Network.AddForeign("0.0.0.0/0", "10.0.0.1", 2, 100);
        rig.Network.AddForeign("10.5.0.0/16", "10.0.0.7", 2);
        rig.Network.AddForeign("::/0", "fe80::1", 2, 1024);
        rig.Network.Insert(new RouteInfo
        {
            Destination = IPNetwork.Parse("0.0.0.0/0"),
            Metric = 300,
            Protocol = RouteProtocols.Static,
            NextHops = [new RouteNextHop { Gateway = IPAddress.Parse("10.0.0.1"), InterfaceIndex = 2 }, new RouteNextHop { Gateway = IPAddress.Parse("10.1.0.1"), InterfaceIndex = 3 }],
        });
        await using PathSubsystem paths = Start(rig);
        NetPath[] all = paths.List(new ListPaths());
        Assert.Equal(["eth0/10.0.0.1", "eth0/fe80::1", "wlan0/10.1.0.1"], all.Select(path => path.PathId));
        Assert.Equal([(100L, true), (1024L, true), (300L, false)], all.Select(path => (path.RouteMetric!.Value, path.IsSelected)));
        Assert.Equal("the lowest metric, 100, of 2 IPv4 default routes that work", all[0].SelectionReason);
        Assert.Equal("the only IPv6 default route that works", all[1].SelectionReason);
        Assert.Equal("eth0/10.0.0.1 has the lower metric, 100 against 300", all[2].SelectionReason);
        Assert.Equal(2, paths.List(new ListPaths(["eth0"])).Length);
        await EngineRig.Refused(ErrorCatalogue.PathNotFound, () => Task.FromResult(paths.List(new ListPaths(["eth9"]))));
    }

    [Fact]
    public async Task A_link_that_goes_down_fails_its_path_at_once_and_the_other_is_selected()
    {
        await using EngineRig rig = TwoUplinks();
        await using PathSubsystem paths = Start(rig);
        rig.Network.SetLinkUp(2, isUp: false);
        EngineEvent said = await rig.EventAsync("PathFailed");
        Assert.Equal("eth0/10.0.0.1", said.Target);
        Assert.Contains("administratively down", said.Message, StringComparison.Ordinal);
        Assert.Equal("eth1/10.1.0.1", (await rig.EventAsync("PathSelected", 2)).Target);
        NetPath path = paths.List(new ListPaths(["eth0"]))[0];
        Assert.Equal((PathState.Failed, false), (path.State, path.IsSelected));
    }

    [Fact]
    public async Task A_link_that_is_gone_takes_its_path_with_it()
    {
        await using EngineRig rig = TwoUplinks();
        await using PathSubsystem paths = Start(rig);
        rig.Network.RenameLink(2, "old0");
        Assert.Contains("eth0 is gone", (await rig.EventAsync("PathRemoved")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_probes_fail_a_path_and_replies_bring_it_back()
    {
        await using EngineRig rig = TwoUplinks();
        await using PathSubsystem paths = Start(rig);
        await Advance(rig, 2);
        NetPath good = paths.List(new ListPaths(["eth0"]))[0];
        Assert.Equal(PathState.Validated, good.State);
        Assert.Equal(TimeSpan.FromMilliseconds(5), good.RoundTripTime);
        rig.Host.Answer = request => request.InterfaceName == "eth0" ? new EchoReply { Outcome = EchoOutcome.DestinationUnreachable, Reason = "host unreachable" } : FakeHost.Reply(5);
        await Advance(rig, 4);
        EngineEvent failed = await rig.EventAsync("PathFailed");
        Assert.Contains("host unreachable", failed.Message, StringComparison.Ordinal);
        NetPath lost = paths.List(new ListPaths(["eth0"]))[0];
        Assert.Equal(PathState.Failed, lost.State);
        Assert.True(lost.LossRatio > 0);
        Assert.Equal(PathState.Validated, paths.List(new ListPaths(["eth1"]))[0].State);
        rig.Host.Answer = _ => FakeHost.Reply(7);
        await Advance(rig, 3);
        Assert.Equal(PathState.Validated, paths.List(new ListPaths(["eth0"]))[0].State);
    }

    [Fact]
    public async Task A_default_route_that_stays_away_removes_its_path()
    {
        await using EngineRig rig = TwoUplinks();
        await using PathSubsystem paths = Start(rig);
        rig.Network.Delete(rig.Network.Routes[0]);
        Assert.Equal("eth1/10.1.0.1", (await rig.EventAsync("PathSelected", 2)).Target);
        NetPath path = paths.List(new ListPaths(["eth0"]))[0];
        Assert.Equal((PathState.Failed, null), (path.State, path.RouteMetric));
        await Advance(rig, 6);
        Assert.Contains("default route is gone", (await rig.EventAsync("PathRemoved")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_begins_with_what_is_there_and_goes_on_with_what_changes()
    {
        await using EngineRig rig = TwoUplinks();
        await using PathSubsystem paths = Start(rig);
        await using IAsyncEnumerator<PathChange> watch = paths.WatchAsync(new WatchPaths(StateOnly: true), EngineRig.Token).GetAsyncEnumerator(EngineRig.Token);
        Assert.Equal((PathChangeKind.Present, "eth0/10.0.0.1"), await Next(watch));
        Assert.Equal((PathChangeKind.Present, "eth1/10.1.0.1"), await Next(watch));
        rig.Network.SetLinkUp(3, isUp: false);
        Assert.Equal((PathChangeKind.Changed, "eth1/10.1.0.1"), await Next(watch));
        Assert.Equal(PathState.Failed, watch.Current.Path.State);
        rig.Network.AddLink(4, "eth2");
        rig.Network.AddForeign("0.0.0.0/0", "10.2.0.1", 4, 900);
        Assert.Equal((PathChangeKind.Added, "eth2/10.2.0.1"), await Next(watch));
    }

    [Fact]
    public async Task A_watcher_that_never_reads_does_not_hold_the_probing_up()
    {
        await using EngineRig rig = TwoUplinks();
        await using PathSubsystem paths = Start(rig);
        await using IAsyncEnumerator<PathChange> watch = paths.WatchAsync(new WatchPaths(), EngineRig.Token).GetAsyncEnumerator(EngineRig.Token);
        Assert.True(await watch.MoveNextAsync());
        int before = rig.Host.Probes;
        await Advance(rig, 1200);
        Assert.True(rig.Host.Probes >= before + 2000);
    }

    [Fact]
    public async Task A_measurement_sums_up_what_came_back()
    {
        await using EngineRig rig = TwoUplinks();
        rig.Host.Answer = _ => new EchoReply { Outcome = EchoOutcome.Timeout };
        await using PathSubsystem paths = Start(rig);
        int number = 0;
        double[] times = [10, 20, 0, 40];
        rig.Host.Answer = request => request.InterfaceName != "eth0" || request.Timeout != TimeSpan.FromMilliseconds(700) ? new EchoReply { Outcome = EchoOutcome.Timeout }
            : times[number++] is > 0 and var time ? FakeHost.Reply(time) : new EchoReply { Outcome = EchoOutcome.TtlExceeded, Reason = "hop limit used up" };
        await using IAsyncEnumerator<PathMeasurement> items = paths.MeasureAsync(
            new MeasurePaths(["eth0"], 4, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(700)), EngineRig.Token).GetAsyncEnumerator(EngineRig.Token);
        Task<bool> first = items.MoveNextAsync().AsTask();
        while (!first.IsCompleted)
        {
            rig.Clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        PathMeasurement found = items.Current;
        Assert.Equal((4, 3, 0.25), (found.Sent, found.Received, found.LossRatio));
        TimeSpan?[] summary = [found.MinimumRoundTripTime, found.MedianRoundTripTime, found.MeanRoundTripTime, found.MaximumRoundTripTime, found.Jitter];
        Assert.Equal([10, 20, 23.333, 40, 15], summary.Select(time => Math.Round(time!.Value.TotalMilliseconds, 3)));
        Assert.Equal("hop limit used up", found.FailureReason);
        Assert.False(await items.MoveNextAsync());
    }

    [Fact]
    public async Task A_measurement_out_of_bounds_is_refused()
    {
        await using EngineRig rig = TwoUplinks();
        await using PathSubsystem paths = Start(rig);
        foreach (MeasurePaths request in (MeasurePaths[])[new(Count: 0), new(Count: 1001), new(Interval: TimeSpan.Zero), new(Timeout: TimeSpan.FromHours(1)), new(Target: "nowhere")])
        {
            await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, async () => await paths.MeasureAsync(request, EngineRig.Token).GetAsyncEnumerator(EngineRig.Token).MoveNextAsync());
        }

        await foreach (PathMeasurement item in paths.MeasureAsync(new MeasurePaths(["eth0"], 1, Target: "::1"), EngineRig.Token))
        {
            Assert.Equal((0, 1.0), (item.Sent, item.LossRatio));
            Assert.Contains("not an IPv4 address", item.FailureReason, StringComparison.Ordinal);
        }
    }

    private static async Task<(PathChangeKind, string)> Next(IAsyncEnumerator<PathChange> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), EngineRig.Token));
        return (watch.Current.Kind, watch.Current.Path.PathId);
    }

    // Each probe loop sets its next timer on a pool thread after the last fired; it must have done so before the clock moves on.
    private static async Task Advance(EngineRig rig, int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            int before = rig.Host.Probes;
            int rounds = 0;
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
            while (rig.Host.Probes < before + rig.Network.Snapshot.GetDefaultRoutes().Count() && rounds++ < 1_000_000)
            {
                await Task.Yield();
            }

            for (int settle = 0; settle < 20; settle++)
            {
                await Task.Yield();
            }
        }
    }

    private static EngineRig TwoUplinks()
    {
        var rig = new EngineRig();
        rig.Network.AddLink(2, "eth0");
        rig.Network.AddLink(3, "eth1");
        rig.Network.AddForeign("0.0.0.0/0", "10.0.0.1", 2, 100);
        rig.Network.AddForeign("0.0.0.0/0", "10.1.0.1", 3, 200);
        return rig;
    }

    private static PathSubsystem Start(EngineRig rig)
    {
        var paths = new PathSubsystem(rig.Seams, rig.Manager, rig.Events, NullLogger<PathSubsystem>.Instance);
        paths.Start();
        return paths;
    }
}
