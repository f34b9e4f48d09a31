namespace Net.Contracts;

/// <summary>Whether a packet would pass, and why.</summary>
public sealed record NetFlowVerdict
{
    /// <summary>The packet as it was asked about, with what was found out.</summary>
    public required NetFlow Flow { get; init; }

    /// <summary>Whether it passes.</summary>
    public bool Allowed { get; set; }

    /// <summary>What happens to it.</summary>
    public RuleAction Action { get; set; }

    /// <summary>The rule that decides; null when none does and it passes.</summary>
    public string? Rule { get; set; }

    /// <summary>The id of that rule.</summary>
    public long? RuleId { get; set; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>What NAT makes of it, in order; empty when nothing.</summary>
    public NetFlowTranslation[] Translations { get; set; } = [];

    /// <summary>The way it takes, in the words of the routing table, or why there is none.</summary>
    public string? Route { get; set; }

    /// <summary>The rules that were considered, in order, each with what kept it from matching; those that continue, and the one that decides, marked.</summary>
    public NetFlowStep[] Steps { get; set; } = [];

    /// <summary>Base chains of other programs on the same hooks that could still drop it.</summary>
    public string[] ForeignChains { get; set; } = [];

    /// <summary>What the answer depends on and cannot be known beforehand, such as a rate limit; empty when nothing.</summary>
    public string[] Assumptions { get; set; } = [];
}

/// <summary>What a NAT rule makes of a packet.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Before">Source and destination before.</param>
/// <param name="After">Source and destination after.</param>
public sealed record NetFlowTranslation(string Rule, string Before, string After)
{
    /// <inheritdoc />
    public override string ToString() => $"{Rule}: {Before} => {After}";
}

/// <summary>A rule that was considered.</summary>
/// <param name="RuleId">Its id.</param>
/// <param name="Rule">Its name.</param>
/// <param name="Matched">Whether it matched.</param>
/// <param name="Reason">What kept it from matching, or what it did.</param>
public sealed record NetFlowStep(long RuleId, string Rule, bool Matched, string Reason);
