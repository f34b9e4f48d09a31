using System.Text.Json.Serialization;
using Net.Contracts;

namespace Net.Cli.Output;

/// <summary>The records only the command line writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VersionInfo))]
[JsonSerializable(typeof(CompactStatus))]
[JsonSerializable(typeof(GenerationReply))]
[JsonSerializable(typeof(ErrorDefinition[]))]
[JsonSerializable(typeof(ServiceInfo))]
[JsonSerializable(typeof(InstallReport))]
[JsonSerializable(typeof(LabView[]))]
[JsonSerializable(typeof(TopologyView[]))]
[JsonSerializable(typeof(TrafficSentView))]
[JsonSerializable(typeof(TrafficView))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
