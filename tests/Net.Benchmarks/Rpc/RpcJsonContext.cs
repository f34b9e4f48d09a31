using System.Text.Json;
using System.Text.Json.Serialization;

namespace Net.Benchmarks.Rpc;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EchoMessage))]
[JsonSerializable(typeof(CountRequest))]
internal sealed partial class RpcJsonContext : JsonSerializerContext;
