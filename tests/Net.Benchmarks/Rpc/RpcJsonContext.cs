using System.Text.Json;
using System.Text.Json.Serialization;

namespace Net.Benchmarks.Rpc;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EchoMessage))]
[JsonSerializable(typeof(int))]
internal sealed partial class RpcJsonContext : JsonSerializerContext;
