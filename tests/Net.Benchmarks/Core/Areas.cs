namespace Net.Benchmarks.Core;

/// <summary>Names of areas.</summary>
internal static class Areas
{
    /// <summary>The engine, its API and its faces.</summary>
    public const string Core = "core";
}
