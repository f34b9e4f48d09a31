namespace Net.Benchmarks.Rpc;

/// <summary>How many items to stream.</summary>
internal sealed record CountRequest(int Count);
