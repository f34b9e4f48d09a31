using System.Diagnostics;
using System.Globalization;
using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Client;
using Net.Contracts;

namespace Net.Benchmarks.Firewall;

/// <summary>Rules and lists through the whole engine: from the client's call to the kernel and back.</summary>
internal sealed class FirewallControlBenchmark : IBenchmark
{
    private const string Apply = "10,000 rules applied in one transaction";
    private const string Read = "10,000 rules with counters listed";
    private const string Change = "one rule of 10,000 changed";
    private const string Prefixes = "100,000 prefixes applied in one list";
    private const string OnePrefix = "one prefix of 100,000 added";
    private const int Count = 10_000;
    private const int PrefixCount = 100_000;
    private const int Changes = 9;

    private BenchedEngine? _engine;
    private EngineClient? _client;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Firewall, Apply, "s", Better.Lower) { Target = BenchmarkTarget.Value(1) },
        new(Areas.Firewall, Read, "s", Better.Lower) { Target = BenchmarkTarget.Value(0.5) },
        new(Areas.Firewall, Change, "ms", Better.Lower) { Target = BenchmarkTarget.Value(50) },
        new(Areas.Firewall, Prefixes, "s", Better.Lower) { Target = BenchmarkTarget.Value(1.5) },
        new(Areas.Firewall, OnePrefix, "ms", Better.Lower),
    ];

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _engine = await BenchedEngine.StartAsync(cancellationToken);
        _client = await _engine.ConnectAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        FirewallRule[] rules = BenchedEngine.MakeRules(Count);
        double apply = await TimeAsync(() => _client!.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(rules), cancellationToken));
        FirewallRule[] listed = [];
        double read = await TimeAsync(async () => listed = await _client!.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), cancellationToken));
        if (listed.Length != Count || listed[^1].PacketCount is null)
        {
            throw new InvalidOperationException($"{listed.Length} rules came back, the last with {listed[^1].PacketCount?.ToString(CultureInfo.InvariantCulture) ?? "no"} counter");
        }

        List<double> changes = [];
        for (int change = 0; change < Changes; change++)
        {
            FirewallRule changed = listed[change * Count / Changes] with { DestinationPort = [new PortRange(60_100 + change)], PacketCount = null, ByteCount = null };
            changes.Add(await TimeAsync(() => _client!.CallAsync(EngineApi.FirewallSetRules, new SetFirewallRules([changed]), cancellationToken)));
        }

        await _client!.CallAsync(EngineApi.FirewallRemoveRules, new RemoveFirewallRules([.. listed.Select(rule => rule.Name)]), cancellationToken);
        var list = new FirewallAddressList { Name = "bench", Address = [.. Enumerable.Range(0, PrefixCount).Select(Prefix)] };
        double prefixes = await TimeAsync(() => _client.CallAsync(EngineApi.FirewallCreateAddressLists, new CreateFirewallAddressLists([list]), cancellationToken));
        double one = await TimeAsync(() => _client.CallAsync(EngineApi.FirewallAddAddresses, new AddFirewallAddresses("bench", [AddressRange.Parse("203.0.113.7")]), cancellationToken));
        await _client.CallAsync(EngineApi.FirewallRemoveAddressLists, new RemoveFirewallAddressLists(["bench"]), cancellationToken);
        return new Dictionary<string, double>
        {
            [Apply] = apply,
            [Read] = read,
            [Change] = changes.Order().ElementAt(Changes / 2) * 1000,
            [Prefixes] = prefixes,
            [OnePrefix] = one * 1000,
        };
    }

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

    // Every second /28, so that none touches another.
    private static AddressRange Prefix(int index)
    {
        uint address = (20u << 24) + ((uint)index * 32);
        return AddressRange.Parse(string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}/28"));
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
