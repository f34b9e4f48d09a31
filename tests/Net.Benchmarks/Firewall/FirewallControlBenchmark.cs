using System.Diagnostics;
using System.Globalization;
using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Client;
using Net.Contracts;

namespace Net.Benchmarks.Firewall;

/// <summary>Rules and lists through the whole engine: from the client's call to the kernel and back; alone, or beside another firewall that is given as many.</summary>
/// <param name="peer">The other firewall; null for none, and then the rows have targets.</param>
internal sealed class FirewallControlBenchmark(IFirewallPeer? peer = null) : IBenchmark
{
    private const string Apply = "10,000 rules applied in one transaction";
    private const string Read = "10,000 rules with counters listed";
    private const string Change = "one rule of 10,000 changed";
    private const string Addition = "one rule added to 10,000";
    private const string Prefixes = "100,000 prefixes applied in one list";
    private const string OnePrefix = "one prefix of 100,000 added";
    private const int Count = 10_000;
    private const int PrefixCount = 100_000;
    private const int Changes = 9;

    // A firewall that takes longer for the whole list is given this many, as the note of its rows says.
    private const int FewRules = 1_000;
    private const int FewPrefixes = 10_000;

    private BenchedEngine? _engine;
    private EngineClient? _client;
    private Dictionary<string, double>? _peers;
    private string? _fewer;

    public IReadOnlyList<BenchmarkCase> Cases { get; } = peer is null
        ?
        [
            new(Areas.Firewall, Apply, "s", Better.Lower) { Target = BenchmarkTarget.Value(1) },
            new(Areas.Firewall, Read, "s", Better.Lower) { Target = BenchmarkTarget.Value(0.5) },
            new(Areas.Firewall, Change, "ms", Better.Lower) { Target = BenchmarkTarget.Value(50) },
            new(Areas.Firewall, Addition, "ms", Better.Lower) { Target = BenchmarkTarget.Value(50) },
            new(Areas.Firewall, Prefixes, "s", Better.Lower) { Target = BenchmarkTarget.Value(1.5) },
            new(Areas.Firewall, OnePrefix, "ms", Better.Lower),
        ]
        : [Beside(Apply, "s", peer), Beside(Change, "ms", peer), .. peer.HasLists ? (BenchmarkCase[])[Beside(Prefixes, "s", peer)] : []];

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

        // For an address and a port no other rule asks for.
        List<double> additions = [];
        for (int addition = 0; addition < Changes; addition++)
        {
            FirewallRule added = rules[0] with { Name = string.Create(CultureInfo.InvariantCulture, $"added {addition}"), SourceAddress = [AddressRange.Parse($"198.18.{addition}.1")], DestinationPort = [new PortRange(60_200 + addition)] };
            additions.Add(await TimeAsync(() => _client!.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([added]), cancellationToken)));
        }

        await _client!.CallAsync(EngineApi.FirewallRemoveRules, new RemoveFirewallRules([.. listed.Select(rule => rule.Name), .. Enumerable.Range(0, Changes).Select(number => $"added {number}")]), cancellationToken);
        var list = new FirewallAddressList { Name = "bench", Address = [.. Enumerable.Range(0, PrefixCount).Select(index => AddressRange.Parse(Rulesets.Prefix(index)))] };
        double prefixes = await TimeAsync(() => _client.CallAsync(EngineApi.FirewallCreateAddressLists, new CreateFirewallAddressLists([list]), cancellationToken));
        double one = await TimeAsync(() => _client.CallAsync(EngineApi.FirewallAddAddresses, new AddFirewallAddresses("bench", [AddressRange.Parse("203.0.113.7")]), cancellationToken));
        await _client.CallAsync(EngineApi.FirewallRemoveAddressLists, new RemoveFirewallAddressLists(["bench"]), cancellationToken);
        var values = new Dictionary<string, double>
        {
            [Apply] = apply,
            [Read] = read,
            [Change] = changes.Order().ElementAt(Changes / 2) * 1000,
            [Addition] = additions.Order().ElementAt(Changes / 2) * 1000,
            [Prefixes] = prefixes,
            [OnePrefix] = one * 1000,
        };
        return peer is null ? values : values.ToDictionary(pair => NameBeside(pair.Key, peer), pair => pair.Value);
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken)
    {
        // Some take minutes: once is enough to see that.
        if (_peers is null)
        {
            await peer!.PrepareAsync(cancellationToken);
            double apply = await FewerAsync(Count, FewRules, peer.ApplyAsync, cancellationToken);
            List<TimeSpan> changes = [];
            for (int change = 0; change < 3; change++)
            {
                changes.Add(await peer.AddRuleAsync(change, cancellationToken));
            }

            _peers = new Dictionary<string, double>
            {
                [NameBeside(Apply, peer)] = apply,
                [NameBeside(Change, peer)] = changes.Order().ElementAt(1).TotalMilliseconds,
            };
            if (peer.HasLists)
            {
                _peers[NameBeside(Prefixes, peer)] = await FewerAsync(PrefixCount, FewPrefixes, peer.ApplyListAsync, cancellationToken);
            }
        }

        return _peers;
    }

    public string? NoteOf(BenchmarkCase row) => peer is null ? null
        : $"{peer.Describe(isList: row.Name == NameBeside(Prefixes, peer))}; in namespaces of its own, asked once{(row.Name == NameBeside(Change, peer) ? null : _fewer)}";

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

        if (peer is not null)
        {
            await peer.DisposeAsync();
        }
    }

    private static BenchmarkCase Beside(string name, string unit, IFirewallPeer peer) => new(Areas.Firewall, NameBeside(name, peer), unit, Better.Lower) { Peer = peer.Name };

    private static string NameBeside(string name, IFirewallPeer peer) => $"{name} (beside {peer.Name})";

    private async Task<double> FewerAsync(int count, int fewer, Func<int, CancellationToken, Task<TimeSpan>> apply, CancellationToken cancellationToken)
    {
        try
        {
            return (await apply(count, cancellationToken)).TotalSeconds;
        }
        catch (TimeoutException)
        {
            // It may still be busy with the many: a fresh one gets the few.
            _fewer += string.Create(CultureInfo.InvariantCulture, $"; {count:#,0} took it more than two minutes, so this is {fewer:#,0}");
            await peer!.DisposeAsync();
            await peer.PrepareAsync(cancellationToken);
            return (await apply(fewer, cancellationToken)).TotalSeconds;
        }
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
