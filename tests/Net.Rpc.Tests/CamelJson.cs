using System.Text.Json.Serialization;

namespace Net.Rpc.Tests;

[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Pair))]
[JsonSerializable(typeof(Named))]
[JsonSerializable(typeof(Blob))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CamelJson : JsonSerializerContext;
