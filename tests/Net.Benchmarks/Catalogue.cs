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
        (RpcBenchmark.Area, static () => new RpcBenchmark()),
    ];

    /// <summary>Faults by area, in the order they are injected.</summary>
    public static IReadOnlyList<(string Area, Func<IReadOnlyList<IFault>> Create)> Faults { get; } = [];
}
