using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>The state of the connection a packet belongs to.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ConnectionState>))]
public enum ConnectionState
{
    /// <summary>The packet begins a connection.</summary>
    New,

    /// <summary>Packets were seen in both directions.</summary>
    Established,

    /// <summary>The packet belongs to another connection, such as an ICMP error.</summary>
    Related,

    /// <summary>The packet fits no connection and begins none.</summary>
    Invalid,

    /// <summary>The packet is not tracked.</summary>
    Untracked,
}
