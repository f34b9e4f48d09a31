using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>The protocol above IP a rule relays.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RelayRuleProtocol>))]
public enum RelayRuleProtocol
{
    /// <summary>UDP, protocol 17.</summary>
    Udp,

    /// <summary>Encrypted packets of IPsec, protocol 50 (RFC 4303). They have no port, and no checksum over the addresses.</summary>
    Esp,
}
