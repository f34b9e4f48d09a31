using System.Globalization;

namespace Net.Benchmarks.Harness;

/// <summary>What must hold: a value of ours, or a multiple of the peer's measured in the same run.</summary>
internal readonly record struct BenchmarkTarget(double Number, bool IsRatio)
{
    public static BenchmarkTarget Value(double number) => new(number, false);

    public static BenchmarkTarget TimesPeer(double number) => new(number, true);

    /// <summary>The target as a value; null when it hangs on a peer that gave none.</summary>
    public double? Resolve(double? peerValue) => IsRatio ? peerValue * Number : Number;

    public string Describe(Better better) =>
        (better == Better.Higher ? ">= " : "<= ") + Number.ToString("#,0.###", CultureInfo.InvariantCulture) + (IsRatio ? "x" : string.Empty);
}
