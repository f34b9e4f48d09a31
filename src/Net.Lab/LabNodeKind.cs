using System.Text.Json.Serialization;

namespace Net.Lab;

/// <summary>What a node of a lab is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LabNodeKind>))]
public enum LabNodeKind
{
    /// <summary>An end host: forwards nothing.</summary>
    [JsonStringEnumMemberName("host")]
    Host,

    /// <summary>Forwards IPv4 and IPv6 between its interfaces.</summary>
    [JsonStringEnumMemberName("router")]
    Router,

    /// <summary>A router that translates IPv4 addresses, as <see cref="LabNodeDefinition.Nat"/> says.</summary>
    [JsonStringEnumMemberName("nat")]
    Nat,

    /// <summary>A layer-2 switch in a namespace of its own: every link that ends here is a port of its bridge <c>br0</c>.</summary>
    [JsonStringEnumMemberName("bridge")]
    Bridge,
}
