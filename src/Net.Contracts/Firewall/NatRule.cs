namespace Net.Contracts;

/// <summary>A rule of address translation. The first that matches the first packet of a connection decides for all of it.</summary>
public sealed record NatRule
{
    /// <summary>The stable number the engine gave the rule; 0 until it has one.</summary>
    public long Id { get; set; }

    /// <summary>The name, unique among NAT rules and port forwards without regard to case, 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What the rule is for, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the rule takes part.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>What it does.</summary>
    public NatKind Kind { get; set; }

    /// <summary>The protocol above IP; ports take TCP, UDP or SCTP.</summary>
    public IpProtocol Protocol { get; set; } = IpProtocol.Any;

    /// <summary>Which versions of IP it applies to.</summary>
    public IpFamily Family { get; set; }

    /// <summary>Source addresses. Empty means any.</summary>
    public AddressRange[] SourceAddress { get; set; } = [];

    /// <summary>Destination addresses. Empty means any.</summary>
    public AddressRange[] DestinationAddress { get; set; } = [];

    /// <summary>Source ports. Empty means any.</summary>
    public PortRange[] SourcePort { get; set; } = [];

    /// <summary>Destination ports. Empty means any.</summary>
    public PortRange[] DestinationPort { get; set; } = [];

    /// <summary>Interfaces the packet came in by (Destination, Redirect, OneToOne: the outer side). Empty means any.</summary>
    public string[] InterfaceAlias { get; set; } = [];

    /// <summary>Interfaces the packet leaves by (Masquerade, Source, Exempt). Empty means any.</summary>
    public string[] OutInterfaceAlias { get; set; } = [];

    /// <summary>The new address, or range of addresses to choose from; with OneToOne the inner prefix, the outer one being <see cref="DestinationAddress"/>.</summary>
    public AddressRange? ToAddress { get; set; }

    /// <summary>The new port or range; null keeps it.</summary>
    public PortRange? ToPort { get; set; }

    /// <summary>Whether source ports are chosen at random.</summary>
    public bool RandomPort { get; set; }

    /// <summary>Whether a source always gets the same of several addresses.</summary>
    public bool Persistent { get; set; }

    /// <summary>Whether packets this host sends itself are translated as well (Destination, Redirect).</summary>
    public bool IncludeOwnPackets { get; set; }

    /// <summary>The place in the order, from 1; null in a document.</summary>
    public int? Position { get; set; }

    /// <summary>Connections translated since the counter began; null when it was not read.</summary>
    public long? ConnectionCount { get; set; }
}
