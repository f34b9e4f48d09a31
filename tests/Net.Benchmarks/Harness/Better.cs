namespace Net.Benchmarks.Harness;

/// <summary>Which way a value is good.</summary>
internal enum Better
{
    Higher,
    Lower,
}
