using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>Why a packet of a rule was not sent.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RelayDropReason>))]
public enum RelayDropReason
{
    /// <summary>It is truncated, or its headers contradict each other.</summary>
    Malformed,

    /// <summary>It is a fragment the engine cannot relay.</summary>
    Fragment,

    /// <summary>Its TTL would reach 0.</summary>
    Ttl,

    /// <summary>Its source is not allowed to inject.</summary>
    Source,

    /// <summary>It is this host's own, or would come back where it came from.</summary>
    Loop,

    /// <summary>The output's rate limit was reached.</summary>
    Rate,

    /// <summary>It is larger than the output's MTU.</summary>
    TooBig,

    /// <summary>The rule has no output that could take it.</summary>
    NoOutput,

    /// <summary>The link-layer address of a unicast destination is not known.</summary>
    NoNeighbor,

    /// <summary>The output has no receivers and pauses.</summary>
    Paused,

    /// <summary>The same packet was relayed before.</summary>
    Duplicate,

    /// <summary>Its source stands by.</summary>
    Standby,

    /// <summary>The send buffer was full.</summary>
    Queue,

    /// <summary>Its checksum is wrong.</summary>
    Checksum,

    /// <summary>The output's interface is down.</summary>
    InterfaceDown,

    /// <summary>The receive ring overran: the worker did not keep up.</summary>
    Ring,
}
