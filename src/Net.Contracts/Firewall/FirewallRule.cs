namespace Net.Contracts;

/// <summary>A rule of the engine's firewall. A rule carries every one of its own ports and addresses, and all of them must match.
/// Rules are looked at in their order; the first that matches decides.</summary>
public sealed record FirewallRule
{
    /// <summary>The stable number the engine gave the rule; 0 until it has one. It never changes and is never used again.</summary>
    public long Id { get; set; }

    /// <summary>The name, unique without regard to case, 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What the rule is for, in the user's words, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the rule takes part.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Which packets it looks at.</summary>
    public RuleDirection Direction { get; set; }

    /// <summary>What happens to a packet that matches.</summary>
    public RuleAction Action { get; set; }

    /// <summary>The protocol above IP.</summary>
    public IpProtocol Protocol { get; set; } = IpProtocol.Any;

    /// <summary>Which versions of IP it applies to.</summary>
    public IpFamily Family { get; set; }

    /// <summary>This host's ports (Inbound: destination, Outbound: source). Empty means any.</summary>
    public PortRange[] LocalPort { get; set; } = [];

    /// <summary>The other host's ports. Empty means any.</summary>
    public PortRange[] RemotePort { get; set; } = [];

    /// <summary>This host's addresses. Empty means any.</summary>
    public AddressRange[] LocalAddress { get; set; } = [];

    /// <summary>The other host's addresses. Empty means any.</summary>
    public AddressRange[] RemoteAddress { get; set; } = [];

    /// <summary>Source ports of a Forward rule. Empty means any.</summary>
    public PortRange[] SourcePort { get; set; } = [];

    /// <summary>Destination ports of a Forward rule. Empty means any.</summary>
    public PortRange[] DestinationPort { get; set; } = [];

    /// <summary>Source addresses of a Forward rule. Empty means any.</summary>
    public AddressRange[] SourceAddress { get; set; } = [];

    /// <summary>Destination addresses of a Forward rule. Empty means any.</summary>
    public AddressRange[] DestinationAddress { get; set; } = [];

    /// <summary>Interfaces the packet came in by (Inbound, Forward) or leaves by (Outbound); a trailing <c>*</c> matches any ending. Empty means any.</summary>
    public string[] InterfaceAlias { get; set; } = [];

    /// <summary>Interfaces a forwarded packet leaves by. Empty means any.</summary>
    public string[] OutInterfaceAlias { get; set; } = [];

    /// <summary>The place in the order of all rules, from 1; null in a document, where the order of the list says it.</summary>
    public int? Position { get; set; }

    /// <summary>Packets that matched since the counter began; null when it was not read.</summary>
    public long? PacketCount { get; set; }

    /// <summary>Bytes of these packets; null when the counter was not read.</summary>
    public long? ByteCount { get; set; }
}
