using System.Diagnostics;
using System.Net;
using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Firewall;

namespace Net.Benchmarks.Firewall;

/// <summary>Verdicts of the flow test against 10,000 rules: random packets, no result is kept, one thread.</summary>
internal sealed class VerdictBenchmark : IBenchmark
{
    private const string Verdicts = "verdicts of the flow test, 10,000 rules";
    private const string Index = "index of 10,000 rules built";
    private const int RuleCount = 10_000;
    private const int PacketCount = 50_000;

    private readonly Random _random = new(11);

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Firewall, Verdicts, "1/s", Better.Higher) { Target = BenchmarkTarget.Value(50_000) },
        new(Areas.Firewall, Index, "ms", Better.Lower),
    ];

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        Measure();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyDictionary<string, double>>(Measure());

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("no other firewall answers without sending a packet");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Dictionary<string, double> Measure()
    {
        var model = new FirewallModel([.. Enumerable.Range(1, RuleCount).Select(MakeRule)]);
        long start = Stopwatch.GetTimestamp();
        var evaluator = new FlowEvaluator(model);
        double built = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        FlowPacket[] packets = [.. Enumerable.Range(0, PacketCount).Select(_ => MakePacket())];
        start = Stopwatch.GetTimestamp();
        int decided = 0;
        foreach (FlowPacket packet in packets)
        {
            decided += evaluator.Evaluate(packet).Rule is null ? 0 : 1;
        }

        double rate = PacketCount / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return decided > PacketCount / 10
            ? new Dictionary<string, double> { [Verdicts] = rate, [Index] = built }
            : throw new InvalidOperationException($"only {decided} of {PacketCount} packets met a rule");
    }

    private Rule MakeRule(int id)
    {
        int length = id % 4 == 0 ? 8 : 16;
        return new Rule
        {
            Id = id,
            Name = $"r{id}",
            Direction = RuleDirection.Inbound,
            Action = RuleAction.Block,
            Protocol = id % 3 == 0 ? RuleProtocol.Udp : RuleProtocol.Tcp,
            SourceAddresses = [new AddressRange(new IPNetwork(new IPAddress([(byte)_random.Next(1, 224), length == 8 ? (byte)0 : (byte)_random.Next(256), 0, 0]), length))],
            DestinationPorts = id % 5 == 0 ? [new PortRange((ushort)_random.Next(65_000), ushort.MaxValue)] : [new PortRange((ushort)_random.Next(1, 1024))],
            InputInterfaces = id % 7 == 0 ? ["wan0"] : id % 11 == 0 ? ["lan*"] : [],
        };
    }

    private FlowPacket MakePacket() => new()
    {
        Source = (UInt128)_random.NextInt64(1L << 32),
        Destination = 0x0a000001,
        Protocol = _random.Next(2) == 0 ? (byte)6 : (byte)17,
        SourcePort = (ushort)_random.Next(65_536),
        DestinationPort = (ushort)_random.Next(_random.Next(2) == 0 ? 1024 : 65_536),
        InputInterface = _random.Next(2) == 0 ? "wan0" : "lan1",
        Length = 60,
    };
}
