using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What a caller may do. Each role includes the ones before it.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<EngineRole>))]
public enum EngineRole
{
    /// <summary>Nothing but saying hello.</summary>
    None,

    /// <summary>Read state, configuration and events.</summary>
    Reader,

    /// <summary>Also change the configuration, but not who may do what, nor secrets.</summary>
    Operator,

    /// <summary>Everything.</summary>
    Admin,
}
