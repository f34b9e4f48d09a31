using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>How the sending rate follows the path.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CongestionControl>))]
public enum CongestionControl
{
    /// <summary>Cubic on a short round trip, BBR elsewhere: below 3 ms a path becomes a short one, above 8 ms a long one.</summary>
    Automatic,

    /// <summary>By the bottleneck's rate and round trip; stands loss.</summary>
    Bbr,

    /// <summary>By loss (RFC 9438).</summary>
    Cubic,
}
