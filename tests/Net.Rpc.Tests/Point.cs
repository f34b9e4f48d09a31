namespace Net.Rpc.Tests;

public sealed record Point(int X, int Y, string? Opt = null);
