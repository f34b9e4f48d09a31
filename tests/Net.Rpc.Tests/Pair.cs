namespace Net.Rpc.Tests;

public sealed record Pair(int A, int B);
