using System.Text.Json.Serialization;

namespace Net.Engine.Secrets;

/// <summary>How an archive's content becomes JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BackupContent))]
internal sealed partial class BackupJsonContext : JsonSerializerContext;
