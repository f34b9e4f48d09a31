using System.Diagnostics;
using Net.Benchmarks.Harness;
using Net.Client;
using Net.Contracts;
using Net.Platform.Linux;

namespace Net.Benchmarks.Core;

/// <summary>How soon a watching client hears of a link that goes down.</summary>
internal sealed class LinkBenchmark : IBenchmark
{
    private const string AdminDown = "link switched off to a watching client";
    private const string CarrierLoss = "carrier lost to a watching client";
    private const string Link = "wan0";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private BenchedEngine? _engine;
    private EngineClient? _client;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Core, AdminDown, "ms", Better.Lower) { Target = BenchmarkTarget.Value(50) },
        new(Areas.Core, CarrierLoss, "ms", Better.Lower) { Target = BenchmarkTarget.Value(50) },
    ];

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _engine = await BenchedEngine.StartAsync(cancellationToken);
        _client = await _engine.ConnectAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken) => new Dictionary<string, double>
    {
        [AdminDown] = await DownAsync("router", Link, cancellationToken),
        [CarrierLoss] = await DownAsync("isp-a", PeerOfLink(), cancellationToken),
    };

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("there is no peer for these");

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }

    private string PeerOfLink()
    {
        foreach (Lab.LabLink link in _engine!.Lab.Topology.Links)
        {
            if (link.A.Node == "router" && link.A.Interface == Link)
            {
                return link.B.Interface;
            }

            if (link.B.Node == "router" && link.B.Interface == Link)
            {
                return link.A.Interface;
            }
        }

        throw new InvalidOperationException($"the lab has no link {Link}");
    }

    private async Task<double> DownAsync(string node, string link, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        await using IAsyncEnumerator<PathChange> changes = _client!
            .StreamAsync(EngineApi.PathsWatch, new WatchPaths([Link]), limit.Token).GetAsyncEnumerator(limit.Token);
        await UntilAsync(changes, PathState.Validated);
        long before = Switch(node, link, isUp: false);
        await UntilAsync(changes, PathState.Failed);
        double heard = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        await _engine!.Lab.Node(node).SetLinkAsync(link, up: true, cancellationToken: cancellationToken);
        await UntilAsync(changes, PathState.Validated);
        return heard;
    }

    private static async Task UntilAsync(IAsyncEnumerator<PathChange> changes, PathState state)
    {
        while (await changes.MoveNextAsync())
        {
            if (changes.Current.Path.State == state)
            {
                return;
            }
        }

        throw new InvalidOperationException("the watch ended");
    }

    // Straight to the kernel: the time a program needs to start is not the engine's.
    private long Switch(string node, string link, bool isUp)
    {
        long before = 0;
        using NetworkNamespace space = NetworkNamespace.Open(_engine!.Lab.Node(node).NamespaceName);
        space.Run(() =>
        {
            using var network = new RouteNetlink();
            int index = network.GetLinks().First(one => one.Name == link).Index;
            before = Stopwatch.GetTimestamp();
            network.SetLinkUp(index, isUp);
        });
        return before;
    }
}
