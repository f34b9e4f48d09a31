namespace Net.Rpc.Tests;

public sealed record Blob(string Text, int[] Numbers, Point? At);
