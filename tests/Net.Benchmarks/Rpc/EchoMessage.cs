namespace Net.Benchmarks.Rpc;

/// <summary>About the size of a status reply: what most calls carry.</summary>
internal sealed record EchoMessage(long Number, string Name, bool Enabled);
