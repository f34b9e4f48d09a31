namespace Net.Rpc.Tests;

public sealed record Person(string Name, int Age);
