namespace Net.Contracts;

/// <summary>Interfaces that are treated alike. Rules name a zone where they would name its interfaces; what no rule decides, the zone's defaults decide, and then the profile's.</summary>
public sealed record FirewallZone
{
    /// <summary>The name, unique among zones without regard to case, 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What the zone is for, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Its interfaces; a trailing <c>*</c> matches any ending. An interface is in one zone only.</summary>
    public string[] InterfaceAlias { get; set; } = [];

    /// <summary>What happens to packets to this host from the zone that no rule decides; null leaves it to the profile.</summary>
    public RuleAction? Inbound { get; set; }

    /// <summary>What happens to packets of this host into the zone that no rule decides; null leaves it to the profile.</summary>
    public RuleAction? Outbound { get; set; }

    /// <summary>What happens to packets forwarded from the zone that no rule decides; null leaves it to the profile.</summary>
    public RuleAction? Forward { get; set; }

    /// <summary>Zones that may be reached from this one by forwarding although <see cref="Forward"/> does not allow it.</summary>
    public string[] ForwardTo { get; set; } = [];

    /// <summary>Whether packets from addresses that are not of the public Internet (RFC 6890) are blocked: for a zone towards a provider.</summary>
    public bool BlockBogons { get; set; }

    /// <summary>Whether what leaves into the zone from others takes this host's address there.</summary>
    public bool Masquerade { get; set; }
}
