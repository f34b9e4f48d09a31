using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Benchmarks.Rpc;
using Net.Testing.Faults;

namespace Net.Benchmarks;

/// <summary>Everything that is measured and every fault that is injected, by area. Created only when its turn comes.</summary>
internal static class Catalogue
{
    /// <summary>Benchmarks by area, in the order they run.</summary>
    public static IReadOnlyList<(string Area, Func<IBenchmark> Create)> Benchmarks { get; } =
    [
        (Areas.Core, static () => new RpcBenchmark()),
        (Areas.Core, static () => new CommandBenchmark()),
        (Areas.Core, static () => new LifecycleBenchmark()),
        (Areas.Core, static () => new FirewallBenchmark()),
        (Areas.Core, static () => new LinkBenchmark()),
        (Areas.Core, static () => new FootprintBenchmark()),
    ];

    /// <summary>Faults by area, in the order they are injected.</summary>
    public static IReadOnlyList<(string Area, Func<IReadOnlyList<IFault>> Create)> Faults { get; } =
    [
        (Areas.Core, CoreFaults.Create),
    ];
}
