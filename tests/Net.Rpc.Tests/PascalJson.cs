using System.Text.Json.Serialization;

namespace Net.Rpc.Tests;

[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(Point))]
[JsonSerializable(typeof(Person))]
internal sealed partial class PascalJson : JsonSerializerContext;
