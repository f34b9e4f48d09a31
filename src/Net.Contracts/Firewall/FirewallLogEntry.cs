namespace Net.Contracts;

/// <summary>A packet that a rule with logging matched.</summary>
public sealed record FirewallLogEntry
{
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>The rule's id.</summary>
    public long RuleId { get; set; }

    /// <summary>The rule's name.</summary>
    public required string Rule { get; init; }

    /// <summary>What the rule did.</summary>
    public RuleAction Action { get; set; }

    /// <summary>Which packets the rule looks at.</summary>
    public RuleDirection Direction { get; set; }

    /// <summary>The protocol.</summary>
    public IpProtocol Protocol { get; set; }

    /// <summary>The source.</summary>
    public required string SourceAddress { get; init; }

    /// <summary>Its port; null where there is none.</summary>
    public int? SourcePort { get; set; }

    /// <summary>The destination.</summary>
    public required string DestinationAddress { get; init; }

    /// <summary>Its port; null where there is none.</summary>
    public int? DestinationPort { get; set; }

    /// <summary>The interface it came in by, or null.</summary>
    public string? InterfaceAlias { get; set; }

    /// <summary>The interface it leaves by, or null.</summary>
    public string? OutInterfaceAlias { get; set; }

    /// <summary>The length of the packet in bytes.</summary>
    public int Length { get; set; }

    /// <summary>Entries before this one that were not told because they came faster than they were read.</summary>
    public long Missed { get; set; }
}
