namespace Net.Benchmarks.Harness;

/// <summary>One row of the table before it is measured.</summary>
internal sealed record BenchmarkCase(string Area, string Name, string Unit, Better Better)
{
    /// <summary>No target: the row informs and is neither met nor missed.</summary>
    public BenchmarkTarget? Target { get; init; }

    /// <summary>What it is compared with, by name and version where known.</summary>
    public string? Peer { get; init; }
}
