using System.Text.Json.Serialization;

namespace Net.Rpc.Tests;

public sealed record Point(int X, int Y, string? Opt = null);

public sealed record Person(string Name, int Age);

public sealed record Pair(int A, int B);

public sealed record Named(string Name, int? Limit = null)
{
    public required int Size { get; init; }
}

public sealed record Blob(string Text, int[] Numbers, Point? At);

[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(Point))]
[JsonSerializable(typeof(Person))]
internal sealed partial class PascalJson : JsonSerializerContext;

[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Pair))]
[JsonSerializable(typeof(Named))]
[JsonSerializable(typeof(Blob))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CamelJson : JsonSerializerContext;
