using System.Net;

namespace Net.Relay;

/// <summary>A rule as the document has it, with names of interfaces: what the validator judges.</summary>
public sealed record RelayRuleDefinition
{
    /// <summary>The rule's id; 0 where it has none yet.</summary>
    public required int RuleId { get; init; }

    /// <summary>The rule's name, for sentences.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it takes part; a rule that does not is in no loop.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The input interface, or a pattern with <c>*</c> and <c>?</c>.</summary>
    public required string Interface { get; init; }

    /// <summary>Destination of its packets.</summary>
    public required AddressPrefix Destination { get; init; }

    /// <summary>Source of its packets; null for any.</summary>
    public AddressPrefix? Source { get; init; }

    /// <summary>First destination port; 0 for ESP.</summary>
    public int PortFrom { get; init; }

    /// <summary>Last destination port; 0 for ESP.</summary>
    public int PortTo { get; init; }

    /// <summary>Protocol.</summary>
    public RelayProtocol Protocol { get; init; } = RelayProtocol.Udp;

    /// <summary>Who may send; empty for anybody.</summary>
    public IReadOnlyList<AddressPrefix> AllowedSources { get; init; } = [];

    /// <summary>Outputs.</summary>
    public required IReadOnlyList<RelayOutputDefinition> Outputs { get; init; }

    /// <summary>The engine it asks for; null for the relay's choice.</summary>
    public RelayEngineKind? Engine { get; init; }

    /// <summary>Whether sequence numbers are counted.</summary>
    public bool AnalyzeSequence { get; init; }

    /// <summary>What is done about several sources.</summary>
    public DuplicateMode Duplicates { get; init; }

    /// <summary>The source that is preferred, with <see cref="DuplicateMode.Standby"/>.</summary>
    public IPAddress? PreferredSource { get; init; }

    /// <summary>How long a source must be silent before another takes over, in milliseconds.</summary>
    public int StandbyAfterMilliseconds { get; init; } = 500;
}
