using System.Text.Json.Serialization;

namespace Net.Engine.Overlay.Stores;

/// <summary>How the overlay's state files become JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredIdentity))]
[JsonSerializable(typeof(StoredNetwork))]
[JsonSerializable(typeof(StoredInvitation[]))]
[JsonSerializable(typeof(StoredJoinRequest[]))]
[JsonSerializable(typeof(StoredOutgoingJoin[]))]
internal sealed partial class OverlayStateJsonContext : JsonSerializerContext;
