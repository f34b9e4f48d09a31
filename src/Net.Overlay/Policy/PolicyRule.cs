namespace Net.Overlay.Policy;

/// <summary>One rule of an overlay's policy. Rules are read in order and the first that matches decides.</summary>
public sealed record PolicyRule
{
    /// <summary>The name it is known by, unique in its policy.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it allows; otherwise it denies.</summary>
    public required bool Allow { get; init; }

    /// <summary>Who opens the flow.</summary>
    public PolicyEndpoints From { get; init; } = PolicyEndpoints.Any;

    /// <summary>Whom it is opened to.</summary>
    public PolicyEndpoints To { get; init; } = PolicyEndpoints.Any;

    /// <summary>Protocols.</summary>
    public IpProtocolSet Protocols { get; init; } = IpProtocolSet.All;

    /// <summary>Ports it is opened to; other than all, only protocols with ports match.</summary>
    public PortSet DestinationPorts { get; init; } = PortSet.All;

    /// <summary>When the rule counts; null is always. Outside of it the rule is passed over.</summary>
    public TimeWindow? When { get; init; }

    /// <summary>Whether flows it allows, and packets it denies, are recorded.</summary>
    public bool Log { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }
}
