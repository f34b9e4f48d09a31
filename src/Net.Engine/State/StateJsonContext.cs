using System.Text.Json.Serialization;

namespace Net.Engine.State;

/// <summary>How the state files become JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GenerationFile))]
[JsonSerializable(typeof(GenerationPatch))]
[JsonSerializable(typeof(CurrentFile))]
internal sealed partial class StateJsonContext : JsonSerializerContext;
