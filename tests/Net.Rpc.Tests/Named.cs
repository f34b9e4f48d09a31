namespace Net.Rpc.Tests;

public sealed record Named(string Name, int? Limit = null)
{
    public required int Size { get; init; }
}
