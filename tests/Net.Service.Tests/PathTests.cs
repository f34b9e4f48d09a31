using System.Collections.Concurrent;
using System.Diagnostics;
using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>The uplinks of a router with two providers, in IPv4 and IPv6, measured and lost for real.</summary>
public sealed class PathTests : IAsyncLifetime
{
    private const string FirstV4 = "wan0/192.0.2.1";
    private const string SecondV4 = "wan1/198.51.100.1";
    private const string FirstV6 = "wan0/2001:db8:a::1";
    private const string SecondV6 = "wan1/2001:db8:b::1";

    private readonly EngineFolder _folder = new();
    private readonly ConcurrentQueue<(TimeSpan At, PathChange Change)> _changes = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _stop = new();
    private Lab.Lab? _lab;
    private EngineProcess? _engine;
    private EngineClient? _client;
    private Task _watching = Task.CompletedTask;

    private LabNode Router => _lab!.Node("router");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _lab = await TestHost.UpAsync(LabTopologies.TwoUplinks());
        _engine = await EngineProcess.StartAsync(Router, _folder);
        _client = await _engine.ConnectAsync();
        var document = new NetConfiguration
        {
            Paths = new PathsSection
            {
                Probe = new ProbeSettings { Interval = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromMilliseconds(500), MaxLost = 3, RecoverAfter = 2 },
                Routes = [Rules.Route("office", "192.168.77.0/24", "192.0.2.1", "wan0"), Rules.Route("office6", "2001:db8:77::/48", "2001:db8:a::1", "wan0")],
            },
        };
        await _client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(document), Token);
        _watching = WatchAsync(await _engine.ConnectAsync("watcher"));
        await AllAsync("all four paths are good and probed as just configured", paths => paths.Length == 4 && paths.All(path => path.State == PathState.Validated && path.ProbeCount > 5));
    }

    [Fact]
    public async Task Both_uplinks_are_found_measured_and_judged_in_both_families()
    {
        NetPath[] paths = await _client!.CallAsync(EngineApi.PathsList, new ListPaths(), Token);

        Assert.Equal([FirstV4, FirstV6, SecondV4, SecondV6], paths.Select(path => path.PathId).Order(StringComparer.Ordinal));
        Assert.All(paths, path =>
        {
            Assert.InRange(path.RoundTripTime!.Value, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(500));
            Assert.True(path.ProbeCount > 0);
            Assert.NotNull(path.LocalAddress);
            Assert.Equal(path.Gateway, path.ProbeTarget);
            Assert.Equal(path.InterfaceAlias == "wan0", path.IsSelected);
            Assert.Equal(path.InterfaceAlias == "wan0" ? 100 : 200, path.RouteMetric);
        });
        await foreach (PathMeasurement measured in _client!.StreamAsync(EngineApi.PathsMeasure, new MeasurePaths(Count: 5, Interval: TimeSpan.FromMilliseconds(5)), Token))
        {
            Assert.Equal(5, measured.Sent);
            Assert.Equal(5, measured.Received);
            Assert.True(measured.MedianRoundTripTime > TimeSpan.Zero);
        }
    }

    [Fact]
    public async Task A_measurement_reaches_beyond_the_gateway_over_each_uplink()
    {
        List<PathMeasurement> measured = [];
        await foreach (PathMeasurement one in _client!.StreamAsync(
            EngineApi.PathsMeasure, new MeasurePaths(["*/192.0.2.1", "*/198.51.100.1"], Count: 3, Interval: TimeSpan.FromMilliseconds(5), Target: "203.0.113.10"), Token))
        {
            measured.Add(one);
        }

        Assert.Equal(2, measured.Count);
        Assert.All(measured, one => Assert.True(one.Received == 3, one.FailureReason));
    }

    [Fact]
    public async Task A_link_switched_off_fails_its_paths_moves_the_selection_and_everything_comes_back_with_it()
    {
        TimeSpan before = _clock.Elapsed;
        await Router.SetLinkAsync("wan0", up: false, cancellationToken: Token);

        PathChange failed = await ChangeAsync(before, FirstV4, PathState.Failed);
        Assert.Contains("wan0", failed.Path.StateReason, StringComparison.Ordinal);
        await ChangeAsync(before, FirstV6, PathState.Failed);
        await AllAsync("the second uplink is used", paths => paths.Where(path => path.IsSelected).All(path => path.InterfaceAlias == "wan1") && paths.Count(path => path.IsSelected) == 2);
        await EngineProcess.EventAsync(_client!, "PathFailed", item => item.Target == FirstV4);
        EngineStatus status = await _client!.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);
        Assert.Equal(EngineState.Degraded, status.State);

        before = _clock.Elapsed;
        await Router.SetLinkAsync("wan0", up: true, cancellationToken: Token);

        await ChangeAsync(before, FirstV4, PathState.Validated);
        await ChangeAsync(before, FirstV6, PathState.Validated);
        await AllAsync("the first uplink is used again", paths => paths.Where(path => path.IsSelected).All(path => path.InterfaceAlias == "wan0") && paths.Count(path => path.IsSelected) == 2);
        await Wait.UntilAsync("our routes are back", async () =>
        {
            string[] routes = await Kernel.RoutesAsync(Router);
            return (routes.Length == 2 && routes.All(route => route.Contains("dev wan0", StringComparison.Ordinal)), string.Join("; ", routes));
        });
        await Wait.UntilAsync("ready again", async () =>
            (await _client!.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token)).State == EngineState.Ready);
    }

    [Fact]
    public async Task A_link_that_goes_down_while_probing_is_reconfigured_is_reported_all_the_same()
    {
        NetConfiguration document = (await _client!.CallAsync(EngineApi.ConfigurationGet, new GetConfiguration(), Token)).Document;
        var slow = document with { Paths = document.Paths with { Probe = new ProbeSettings { Interval = TimeSpan.FromSeconds(5) } } };

        await _client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(slow), Token);
        TimeSpan before = _clock.Elapsed;
        await Router.SetLinkAsync("wan1", up: false, cancellationToken: Token);

        await ChangeAsync(before, SecondV4, PathState.Failed);
        await EngineProcess.EventAsync(_client!, "PathFailed", item => item.Target == SecondV4);
    }

    [Fact]
    public async Task A_cable_pulled_is_told_apart_from_a_link_switched_off()
    {
        TimeSpan before = _clock.Elapsed;
        await Router.SetCarrierAsync("wan0", up: false, Token);

        PathChange failed = await ChangeAsync(before, FirstV4, PathState.Failed);
        Assert.Contains("carrier", failed.Path.StateReason, StringComparison.Ordinal);
        await AllAsync("the second uplink is used", paths => paths.Where(path => path.Family == IpFamily.IPv4 && path.IsSelected).All(path => path.PathId == SecondV4));

        before = _clock.Elapsed;
        await Router.SetCarrierAsync("wan0", up: true, Token);
        await ChangeAsync(before, FirstV4, PathState.Validated);
        await ChangeAsync(before, FirstV6, PathState.Validated);
    }

    [Fact]
    public async Task A_gateway_that_stops_answering_fails_its_path_by_lost_probes_alone()
    {
        LabNode provider = _lab!.Node("isp-a");
        TimeSpan before = _clock.Elapsed;
        await Kernel.NftAsync(provider, "add table inet mute\nadd chain inet mute in { type filter hook input priority 0; }\nadd rule inet mute in icmp type echo-request drop");

        PathChange failed = await ChangeAsync(before, FirstV4, PathState.Failed);
        Assert.Contains("probes", failed.Path.StateReason, StringComparison.Ordinal);
        NetPath[] paths = await _client!.CallAsync(EngineApi.PathsList, new ListPaths(), Token);
        Assert.Equal(PathState.Validated, paths.Single(path => path.PathId == FirstV6).State);
        Assert.Equal(PathState.Validated, paths.Single(path => path.PathId == SecondV4).State);
        Assert.True(paths.Single(path => path.PathId == FirstV4).LossRatio > 0);

        before = _clock.Elapsed;
        await Kernel.NftAsync(provider, "delete table inet mute");
        await ChangeAsync(before, FirstV4, PathState.Validated);
    }

    [Fact]
    public async Task An_uplink_without_its_default_route_is_no_path_any_more()
    {
        await Kernel.IpAsync(Router, "-4 route del default via 198.51.100.1");

        await EngineProcess.EventAsync(_client!, "PathRemoved", item => item.Target == SecondV4);
        await AllAsync("three paths", paths => paths.Length == 3 && paths.All(path => path.PathId != SecondV4));

        await Kernel.IpAsync(Router, "-4 route add default via 198.51.100.1 dev wan1 metric 200");
        await AllAsync("four good paths", paths => paths.Length == 4 && paths.All(path => path.State == PathState.Validated));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync(EngineClient watcher)
    {
        try
        {
            await foreach (PathChange change in watcher.StreamAsync(EngineApi.PathsWatch, new WatchPaths(StateOnly: true), _stop.Token))
            {
                _changes.Enqueue((_clock.Elapsed, change));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or EngineException)
        {
            // The test is over.
        }
    }

    private async Task<PathChange> ChangeAsync(TimeSpan after, string path, PathState state)
    {
        (TimeSpan At, PathChange? Change) found = default;
        await Wait.UntilAsync($"{path} becomes {state} for the watching client", () =>
        {
            found = _changes.FirstOrDefault(one => one.At >= after && one.Change.Path.PathId == path && one.Change.Path.State == state);
            return Task.FromResult((found.Change is not null, (object?)string.Join("; ", _changes.Where(one => one.At >= after).Select(one => $"{one.Change.Path.PathId} {one.Change.Path.State}: {one.Change.Path.StateReason}"))));
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{path} {state} after {(found.At - after).TotalMilliseconds:F0} ms, the command included: {found.Change!.Path.StateReason}");
        return found.Change!;
    }

    private Task<TimeSpan> AllAsync(string what, Func<NetPath[], bool> condition) => Wait.UntilAsync(what, async () =>
    {
        NetPath[] paths = await _client!.CallAsync(EngineApi.PathsList, new ListPaths(), Token);
        return (condition(paths), string.Join("; ", paths.Select(path => $"{path.PathId} {path.State}{(path.IsSelected ? " selected" : string.Empty)}: {path.StateReason}")));
    });
}
