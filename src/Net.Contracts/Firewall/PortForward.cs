namespace Net.Contracts;

/// <summary>A port of this host that leads to a host behind it. It implies the rule that lets the connection through, which <c>firewall.listRules</c> shows as its own.</summary>
public sealed record PortForward
{
    /// <summary>The stable number the engine gave it; 0 until it has one.</summary>
    public long Id { get; set; }

    /// <summary>The name, unique among NAT rules and port forwards without regard to case, 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Whether it is in force.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>TCP, UDP or SCTP.</summary>
    public IpProtocol Protocol { get; set; } = IpProtocol.Tcp;

    /// <summary>The outer port or range.</summary>
    public PortRange Port { get; set; }

    /// <summary>The host behind.</summary>
    public required AddressRange ToAddress { get; set; }

    /// <summary>Its port; a range as long as <see cref="Port"/>. Null for the same port.</summary>
    public PortRange? ToPort { get; set; }

    /// <summary>Interfaces the connection comes in by. Empty means any.</summary>
    public string[] InterfaceAlias { get; set; } = [];

    /// <summary>The outer addresses; empty for whatever addresses this host has at the moment.</summary>
    public AddressRange[] Address { get; set; } = [];

    /// <summary>Who may use it from outside. Empty means everybody.</summary>
    public AddressRange[] RemoteAddress { get; set; } = [];

    /// <summary>Whether hosts of the inner side reach it by the outer address too (hairpin): their source becomes this host's.</summary>
    public bool Hairpin { get; set; }

    /// <summary>Connections forwarded since the counter began; null when it was not read.</summary>
    public long? ConnectionCount { get; set; }
}
