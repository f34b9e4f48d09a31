namespace Net.Benchmarks.Harness;

/// <summary>The lowest and the highest value of several rounds.</summary>
internal sealed record BenchmarkSpread(double Lowest, double Highest);
