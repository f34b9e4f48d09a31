using System.Net;
using Net.Contracts;
using Net.Relay;

namespace Net.Engine.Relay.Model;

/// <summary>What has become of a rule on the network as it is.</summary>
internal sealed record ResolvedRule
{
    /// <summary>The rule.</summary>
    public required ParsedRule Parsed { get; init; }

    /// <summary>What it does.</summary>
    public required RelayRuleState State { get; init; }

    /// <summary>Why, a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The engine that moves its packets; null while none does.</summary>
    public RelayEngineKind? Engine { get; init; }

    /// <summary>Why that engine, a sentence; null while there is nothing to choose.</summary>
    public string? EngineReason { get; init; }

    /// <summary>What engines load: one flow per input interface.</summary>
    public RelayFlow[] Flows { get; init; } = [];

    /// <summary>What is so with each output.</summary>
    public OutputState[] Outputs { get; init; } = [];

    /// <summary>Neighbours whose link-layer address has to be found out.</summary>
    public IReadOnlyList<(int InterfaceIndex, IPAddress Address)> Unknown { get; init; } = [];

    /// <summary>Its id.</summary>
    public int Id => Parsed.Id;
}
