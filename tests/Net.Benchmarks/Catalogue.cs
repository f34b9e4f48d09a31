using Net.Benchmarks.Core;
using Net.Benchmarks.Firewall;
using Net.Benchmarks.Harness;
using Net.Benchmarks.Overlay;
using Net.Benchmarks.Relay;
using Net.Benchmarks.Rpc;
using Net.Testing.Faults;

namespace Net.Benchmarks;

/// <summary>Everything that is measured and every fault that is injected, by area. Created only when its turn comes.</summary>
internal static class Catalogue
{
    /// <summary>Benchmarks by area, in the order they run.</summary>
    public static IReadOnlyList<(string Area, Func<CommandLine, IBenchmark> Create)> Benchmarks { get; } =
    [
        (Areas.Core, static _ => new RpcBenchmark()),
        (Areas.Core, static _ => new CommandBenchmark()),
        (Areas.Core, static _ => new LifecycleBenchmark()),
        (Areas.Core, static _ => new LinkBenchmark()),
        (Areas.Core, static _ => new FootprintBenchmark()),
        (Areas.Overlay, static command => new ThroughputBenchmark(Ours(command), command.Seconds)),
        (Areas.Overlay, static command => new DatagramBenchmark(Ours(command), command.Seconds)),
        (Areas.Overlay, static command => new RoundTripBenchmark(Ours(command), command.Seconds)),
        (Areas.Overlay, static command => new RoundTripBenchmark(new OurTunnel(overlay => overlay with { BusyPoll = RoundTripBenchmark.BusyPoll }), command.Seconds, "busy polling")),
        (Areas.Overlay, static command => new ShardBenchmark(new OurTunnel(overlay => overlay with { Shards = ShardBenchmark.Shards }), command.Seconds)),
        (Areas.Overlay, static command => new LossBenchmark(Ours(command), command.Seconds)),
        (Areas.Overlay, static command => new HandshakeBenchmark(command.Seconds)),
        (Areas.Overlay, static _ => new LookupBenchmark()),
        (Areas.Overlay, static _ => new PacketPathBenchmark()),
        (Areas.Overlay, static _ => new WorkerFootprintBenchmark()),
        (Areas.Relay, static command => RelayRateBenchmark.One(command.Seconds)),
        (Areas.Relay, static command => RelayRateBenchmark.Three(command.Seconds)),
        (Areas.Relay, static command => RelayRateBenchmark.Engines(2, command.Seconds)),
        (Areas.Relay, static command => RelayRateBenchmark.Engines(5, command.Seconds)),
        (Areas.Relay, static command => RelayRateBenchmark.Engines(10, command.Seconds)),
        (Areas.Relay, static command => RelayRateBenchmark.Fifty(command.Seconds)),
        (Areas.Relay, static command => RelayLossBenchmark.One(command.Seconds)),
        (Areas.Relay, static command => RelayLossBenchmark.Streams(command.Seconds, 50)),
        (Areas.Relay, static command => RelayLossBenchmark.Streams(command.Seconds, 500)),
        (Areas.Relay, static command => new RelayLatencyBenchmark(command.Seconds)),
        (Areas.Relay, static _ => new RelayControlBenchmark()),
        (Areas.Relay, static _ => new RelayRecoveryBenchmark()),
        (Areas.Relay, static _ => new RelayFootprintBenchmark()),
        (Areas.Firewall, static _ => new FirewallControlBenchmark()),
        (Areas.Firewall, static _ => new FirewallControlBenchmark(new Firewalld())),
        (Areas.Firewall, static _ => new FirewallControlBenchmark(new Ufw())),
        (Areas.Firewall, static _ => new ConnectionListBenchmark()),
        (Areas.Firewall, static _ => new ReplacementBenchmark()),
        (Areas.Firewall, static _ => new VerdictBenchmark()),
        (Areas.Firewall, static command => new ForwardingBenchmark(new EngineRuleset(), isJudged: true, command.Seconds)),
        (Areas.Firewall, static command => new ForwardingBenchmark(new EmptyRuleset(), isJudged: false, command.Seconds)),
        (Areas.Firewall, static command => new ForwardingBenchmark(new LinearRuleset(), isJudged: false, command.Seconds)),
        (Areas.Firewall, static command => new ForwardingBenchmark(new IptablesRuleset(), isJudged: false, command.Seconds)),
    ];

    /// <summary>Faults by area, in the order they are injected.</summary>
    public static IReadOnlyList<(string Area, Func<IReadOnlyList<IFault>> Create)> Faults { get; } =
    [
        (Areas.Core, CoreFaults.Create),
    ];

    /// <summary>What is hurt for a time instead of for a number of rounds, by area.</summary>
    public static IReadOnlyList<(string Area, Func<TimeSpan, Action<FaultResult>, CancellationToken, Task<IReadOnlyList<FaultResult>>> RunAsync)> Soaks { get; } =
    [
        (Areas.Overlay, OverlaySoak.RunAsync),
        (Areas.Relay, RelaySoak.RunAsync),
    ];

    private static ITunnel Ours(CommandLine command) => command.WithoutEngines ? new WorkerTunnel() : new OurTunnel();
}
