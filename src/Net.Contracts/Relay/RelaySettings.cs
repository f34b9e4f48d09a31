namespace Net.Contracts;

/// <summary>What holds for all rules of the relay.</summary>
public sealed record RelaySettings
{
    /// <summary>Worker processes, 1 to 64; 0 for as many as the host has cores, at most 4. Rules are spread over them by group and port.</summary>
    public int Workers { get; set; }

    /// <summary>Whether each worker is pinned to a core, on the NUMA node of its interfaces where that is known, if the host has two cores or more for each.</summary>
    public bool PinWorkers { get; set; } = true;

    /// <summary>Bytes of packet rings of one worker, all interfaces together, 1 MiB to 16 MiB. They count as its resident memory.</summary>
    public int RingBytes { get; set; } = 12 << 20;

    /// <summary>Whether outputs to site-local groups (239.255.0.0/16, RFC 2365 section 6; ff05::/16, RFC 7346) may have a TTL above 1. Such a rule is refused otherwise.</summary>
    public bool AllowSiteScope { get; set; }

    /// <summary>Whether outputs to organization-local groups (239.192.0.0/14, RFC 2365 section 6; ff08::/16, RFC 7346) may have a TTL above 1. Such a rule is refused otherwise.</summary>
    public bool AllowOrganizationScope { get; set; }

    /// <summary>Whether rules whose engine is chosen may be taken by XDP on virtual interfaces (veth, tap) too: for containers and virtual machines whose senders are other hosts. Packets of
    /// senders on this host have no checksum yet where XDP sees them, and would leave with a wrong one.</summary>
    public bool AllowVirtualXdp { get; set; }

    /// <summary>Interfaces on which the engine asks for receivers, as a router or a switch would. Without any it only listens to the answers to others.</summary>
    public RelayQuerier[] Queriers { get; set; } = [];
}

/// <summary>The engine as IGMP and MLD querier of a link (RFC 9776, RFC 3810). Members from <see cref="IsElected"/> on are what is so now.</summary>
public sealed record RelayQuerier
{
    /// <summary>The interface; it is waited for.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>Whether it takes part in the election at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Time between general queries, 1 s to 1 h (RFC 9776 section 8.2).</summary>
    public TimeSpan QueryInterval { get; set; } = TimeSpan.FromSeconds(125);

    /// <summary>The source address of IPv4 queries; the lowest of a link is elected. Null for the interface's own, or 0.0.0.0 where it has none. MLD always uses the link-local address.</summary>
    public string? Address { get; set; }

    /// <summary>Whether this engine is the link's querier for IPv4; null in a document.</summary>
    public bool? IsElected { get; set; }

    /// <summary>The address of the link's querier for IPv4; null in a document, and while none is known.</summary>
    public string? ElectedAddress { get; set; }
}
