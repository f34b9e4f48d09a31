using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>Which versions of IP something applies to.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<IpFamily>))]
public enum IpFamily
{
    /// <summary>Both.</summary>
    Any,

    /// <summary>IPv4 only.</summary>
    [JsonStringEnumMemberName("ipv4")]
    IPv4,

    /// <summary>IPv6 only.</summary>
    [JsonStringEnumMemberName("ipv6")]
    IPv6,
}
