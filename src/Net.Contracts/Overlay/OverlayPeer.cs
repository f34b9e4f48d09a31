namespace Net.Contracts;

/// <summary>Another node of an overlay. Members from <see cref="State"/> on are what is so now and null in a document.</summary>
public sealed record OverlayPeer
{
    /// <summary>The overlay; null in a document, where the peer stands inside it.</summary>
    public string? Overlay { get; set; }

    /// <summary>The name, unique in the overlay without regard to case; also its name in the overlay's zone.</summary>
    public required string Name { get; init; }

    /// <summary>Its public key (<c>nmk1...</c>); null for a peer known by its certificate's name alone.</summary>
    public string? PublicKey { get; set; }

    /// <summary>Where it may be reached, <c>host:port</c>, in the order they are tried.</summary>
    public string[] Endpoints { get; set; } = [];

    /// <summary>Its overlay addresses; empty to take those of its certificate, else the ones derived from its key.</summary>
    public string[] Addresses { get; set; } = [];

    /// <summary>Prefixes it may own and advertise besides its addresses.</summary>
    public AddressRange[] Subnets { get; set; } = [];

    /// <summary>Whether it may be used as exit node.</summary>
    public bool IsExitNode { get; set; }

    /// <summary>Whether a session with it is wanted.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>What is known of the session.</summary>
    public OverlayPeerState? State { get; set; }

    /// <summary>Why the state is what it is, in one sentence.</summary>
    public string? StateReason { get; set; }

    /// <summary>When the state became what it is.</summary>
    public DateTimeOffset? StateSince { get; set; }

    /// <summary>Its node id.</summary>
    public string? NodeId { get; set; }

    /// <summary>Where the trust in it comes from.</summary>
    public OverlayTrust? Trust { get; set; }

    /// <summary>Groups of its certificate and of the document.</summary>
    public string[]? MemberOf { get; set; }

    /// <summary>Its overlay addresses in force.</summary>
    public string[]? ActiveAddresses { get; set; }

    /// <summary>The endpoint in use.</summary>
    public string? RemoteEndpoint { get; set; }

    /// <summary>Whether the way to it is direct or relayed; null while there is none.</summary>
    public PathKind? PathKind { get; set; }

    /// <summary>The smoothed round trip time of the session (RFC 9002 section 5.3).</summary>
    public TimeSpan? RoundTripTime { get; set; }

    /// <summary>The largest IP packet that goes through whole, in bytes.</summary>
    public int? PathMtuBytes { get; set; }

    /// <summary>The congestion window in bytes.</summary>
    public long? CongestionWindowBytes { get; set; }

    /// <summary>How packets travel: <c>datagram</c> or <c>stream</c>.</summary>
    public string? Carriage { get; set; }

    /// <summary>Bytes of IP packets sent to it.</summary>
    public long? SentBytes { get; set; }

    /// <summary>Bytes of IP packets received from it.</summary>
    public long? ReceivedBytes { get; set; }

    /// <summary>When the session came up.</summary>
    public DateTimeOffset? ConnectedAt { get; set; }

    /// <summary>When its membership ends; null without a certificate.</summary>
    public DateTimeOffset? MembershipExpires { get; set; }

    /// <summary>Sessions made with it since the worker's start.</summary>
    public int? Connections { get; set; }
}

/// <summary>A peer as it stands after a change.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Peer">The peer; its last state when it was removed.</param>
/// <param name="Time">When the engine saw the change.</param>
public sealed record OverlayPeerChange(PathChangeKind Kind, OverlayPeer Peer, DateTimeOffset Time);

/// <summary>What a test of a peer found.</summary>
public sealed record OverlayPeerTest
{
    /// <summary>The overlay.</summary>
    public required string Overlay { get; init; }

    /// <summary>The peer.</summary>
    public required string Name { get; init; }

    /// <summary>Whether all that was asked for succeeded.</summary>
    public bool Succeeded { get; set; }

    /// <summary>The state of the session.</summary>
    public OverlayPeerState State { get; set; }

    /// <summary>What was found, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Echoes sent inside the session.</summary>
    public int Sent { get; set; }

    /// <summary>Echoes that came back.</summary>
    public int Received { get; set; }

    /// <summary>The shortest round trip; null without any reply.</summary>
    public TimeSpan? MinimumRoundTripTime { get; set; }

    /// <summary>The median round trip; null without any reply.</summary>
    public TimeSpan? MedianRoundTripTime { get; set; }

    /// <summary>The largest IP packet that goes through whole, in bytes; null when not asked for.</summary>
    public int? PathMtuBytes { get; set; }

    /// <summary>Bits per second of test data the peer received; null when not asked for.</summary>
    public double? ThroughputBitsPerSecond { get; set; }
}

/// <summary>A route of an overlay.</summary>
public sealed record OverlayRoute
{
    /// <summary>The overlay; null in a document, where the route stands inside it.</summary>
    public string? Overlay { get; set; }

    /// <summary>The prefix.</summary>
    public required AddressRange Prefix { get; init; }

    /// <summary>The peer it leads to; null for a prefix behind this node, which is advertised to peers.</summary>
    public string? Peer { get; set; }

    /// <summary>Of several gateways of one prefix the lowest that is up is used.</summary>
    public int Preference { get; set; } = 100;

    /// <summary>Whether this gateway gives packets its own address on the way out (NAT).</summary>
    public bool Masquerade { get; set; }

    /// <summary>Whose the prefix is; null in a document.</summary>
    public OverlayRouteOwner? Owner { get; set; }

    /// <summary>Where the route comes from: <c>document</c>, <c>certificate</c>, <c>advertised</c> or <c>address</c>; null in a document.</summary>
    public string? Source { get; set; }

    /// <summary>Whether packets take it; null in a document.</summary>
    public bool? IsSelected { get; set; }

    /// <summary>Why it is, or is not, used; null in a document.</summary>
    public string? Reason { get; set; }
}
