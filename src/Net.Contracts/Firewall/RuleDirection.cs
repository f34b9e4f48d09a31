using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>Which packets a firewall rule looks at.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RuleDirection>))]
public enum RuleDirection
{
    /// <summary>Packets addressed to this host.</summary>
    Inbound,

    /// <summary>Packets this host sends.</summary>
    Outbound,

    /// <summary>Packets that pass through this host.</summary>
    Forward,
}
