using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What a rule of the relay does.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RelayRuleState>))]
public enum RelayRuleState
{
    /// <summary>Packets that match are relayed.</summary>
    Forwarding,

    /// <summary>It waits for an interface, an address, a neighbour or the start of its worker; the reason says which.</summary>
    Waiting,

    /// <summary>It shall not take part.</summary>
    Disabled,

    /// <summary>It could not be set up, or its worker fails; it is tried again, for the reason given.</summary>
    Failed,

    /// <summary>No output has a receiver, and all pause without one.</summary>
    Paused,
}
