using System.Text.Json.Serialization;
using Net.Contracts;

namespace Net.Engine.Overlay.Audit;

/// <summary>How records of the audit log become lines of JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OverlayAuditRecord))]
internal sealed partial class AuditJsonContext : JsonSerializerContext;
