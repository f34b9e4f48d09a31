using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>How the sending rate follows the path.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CongestionControl>))]
public enum CongestionControl
{
    /// <summary>Cubic on a path of a round trip below 5 ms, BBR elsewhere.</summary>
    Automatic,

    /// <summary>By the bottleneck's rate and round trip; stands loss.</summary>
    Bbr,

    /// <summary>By loss (RFC 9438).</summary>
    Cubic,
}
