namespace Net.Contracts;

/// <summary>An overlay this engine is a node of: an encrypted network of peers with a TUN device of its own. Members from <see cref="State"/> on are
/// what is so now and null in a document.</summary>
public sealed record Overlay
{
    /// <summary>The name, unique without regard to case: letters, digits and hyphens, at most 32; also the zone of its names.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it shall run.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The identity (node key) this engine takes part with.</summary>
    public string Identity { get; set; } = "default";

    /// <summary>The TUN device's name, at most 15 bytes; null for <c>nm-</c> and the overlay's name.</summary>
    public string? InterfaceAlias { get; set; }

    /// <summary>The UDP port to listen at; 0 lets the kernel choose one at each start.</summary>
    public int ListenPort { get; set; } = 47900;

    /// <summary>The local address to listen at; null for all of IPv4 and IPv6.</summary>
    public string? ListenAddress { get; set; }

    /// <summary>The public key of the network (<c>nmk1...</c>) whose membership certificates are trusted; null trusts explicit peers only.</summary>
    public string? NetworkKey { get; set; }

    /// <summary>This node's membership certificate (<c>nmc1...</c>); null without one.</summary>
    public string? Certificate { get; set; }

    /// <summary>Whether an unknown key is accepted and kept at its first connection. Off unless asked for.</summary>
    public bool TrustOnFirstUse { get; set; }

    /// <summary>This node's overlay addresses; empty to take those of the certificate, else the ones derived from the node key.</summary>
    public string[] Addresses { get; set; } = [];

    /// <summary>The prefix IPv4 overlay addresses are derived in.</summary>
    public AddressRange Prefix { get; set; } = AddressRange.Parse("100.64.0.0/10");

    /// <summary>The TUN device's MTU in bytes, 1280 to 9000.</summary>
    public int MtuBytes { get; set; } = 1420;

    /// <summary>Who connects to whom.</summary>
    public OverlayTopology Topology { get; set; } = OverlayTopology.FullMesh;

    /// <summary>Names of the hubs, where the topology has hubs.</summary>
    public string[] Hubs { get; set; } = [];

    /// <summary>How the sending rate follows the path.</summary>
    public CongestionControl CongestionControl { get; set; } = CongestionControl.Automatic;

    /// <summary>Whether packets may travel in DATAGRAM frames; off sends them in a stream, as to peers without support.</summary>
    public bool Datagrams { get; set; } = true;

    /// <summary>Time without a packet after which an idle session is kept alive, 1 s to 10 min.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long after a packet the worker keeps looking for the next one before it sleeps, up to 1 s: shorter round trips for processor time while there is traffic. Zero sleeps at once.</summary>
    public TimeSpan BusyPoll { get; set; }

    /// <summary>How many threads of the worker share the peers among them, 1 to 64 and no more than the host has cores; several keep to a core each. One is best on few cores.</summary>
    public int Shards { get; set; } = 1;

    /// <summary>Time without traffic after which a session is closed, reconnecting on demand; null keeps it up.</summary>
    public TimeSpan? IdleClose { get; set; }

    /// <summary>Whether prefixes that peers advertise, and may, are used.</summary>
    public bool AcceptRoutes { get; set; }

    /// <summary>The peer all other traffic of this host leaves by; null for none.</summary>
    public string? ExitNode { get; set; }

    /// <summary>Whether traffic is dropped, rather than sent outside, while the exit node cannot be reached.</summary>
    public bool KillSwitch { get; set; } = true;

    /// <summary>Whether names of peers are answered at the overlay's resolver address.</summary>
    public bool NameService { get; set; } = true;

    /// <summary>Whether the host's resolver is told to ask the overlay for the overlay's own names, and nothing else.</summary>
    public bool UseHostResolver { get; set; }

    /// <summary>The peers.</summary>
    public OverlayPeer[] Peers { get; set; } = [];

    /// <summary>Prefixes this node advertises, and prefixes behind peers.</summary>
    public OverlayRoute[] Routes { get; set; } = [];

    /// <summary>What peers may reach, first match decides; what no rule matches is denied, except what this node opens itself.</summary>
    public OverlayPolicyRule[] Policy { get; set; } = [];

    /// <summary>Sets of peers by name, for rules.</summary>
    public OverlayGroup[] Groups { get; set; } = [];

    /// <summary>Expectations that must hold before a policy is applied.</summary>
    public OverlayPolicyTest[] PolicyTests { get; set; } = [];

    /// <summary>What is recorded of connections and decisions.</summary>
    public OverlayAudit Audit { get; set; } = new();

    /// <summary>What it does now.</summary>
    public OverlayState? State { get; set; }

    /// <summary>Why the state is what it is, in one sentence.</summary>
    public string? StateReason { get; set; }

    /// <summary>This node's id.</summary>
    public string? NodeId { get; set; }

    /// <summary>This node's public key, the text others add it by.</summary>
    public string? PublicKey { get; set; }

    /// <summary>This node's overlay addresses in force.</summary>
    public string[]? ActiveAddresses { get; set; }

    /// <summary>Where it listens.</summary>
    public string? ListenEndpoint { get; set; }

    /// <summary>Where names are answered.</summary>
    public string? ResolverAddress { get; set; }

    /// <summary>Sessions that are up.</summary>
    public int? ConnectedPeers { get; set; }

    /// <summary>The process that moves the packets.</summary>
    public int? WorkerProcessId { get; set; }

    /// <summary>Bytes of resident memory of that process.</summary>
    public long? WorkerResidentBytes { get; set; }

    /// <summary>How often that process was started anew since the engine's start.</summary>
    public int? WorkerRestarts { get; set; }

    /// <summary>Bytes of IP packets sent to peers.</summary>
    public long? SentBytes { get; set; }

    /// <summary>Bytes of IP packets received from peers.</summary>
    public long? ReceivedBytes { get; set; }

    /// <summary>Dropped packets by reason.</summary>
    public OverlayDrops? Drops { get; set; }

    /// <summary>The worker's shards, where they run and what they did.</summary>
    public OverlayShard[]? ActiveShards { get; set; }
}

/// <summary>Dropped packets by reason, since the worker's start.</summary>
/// <param name="Policy">The policy denied them.</param>
/// <param name="NoRoute">No peer has the destination.</param>
/// <param name="PeerDown">The peer's session was not up.</param>
/// <param name="Source">The peer does not own the source address.</param>
/// <param name="Queue">The peer's queue dropped them, by age (CoDel) or by size.</param>
/// <param name="Malformed">They were no IP packets.</param>
/// <param name="Ttl">Their hop limit ran out.</param>
/// <param name="TooBig">They were larger than the path and must not be fragmented.</param>
/// <param name="Stranger">Datagrams of nobody known.</param>
/// <param name="Device">The TUN device refused them.</param>
/// <param name="Handover">The shard they were for did not keep up.</param>
public sealed record OverlayDrops(
    long Policy = 0, long NoRoute = 0, long PeerDown = 0, long Source = 0, long Queue = 0, long Malformed = 0, long Ttl = 0, long TooBig = 0, long Stranger = 0, long Device = 0,
    long Handover = 0);

/// <summary>A set of peers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Members">Names of peers, or <c>group:NAME</c> of another set.</param>
public sealed record OverlayGroup(string Name, string[] Members);

/// <summary>What is recorded of connections and decisions, as JSON lines.</summary>
public sealed record OverlayAudit
{
    /// <summary>Whether records are written at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether connections that were allowed are recorded when they end; denials always are.</summary>
    public bool Connections { get; set; } = true;

    /// <summary>The size a file is rotated at, 64 KiB to 1 GiB.</summary>
    public long MaxFileBytes { get; set; } = 16 << 20;

    /// <summary>How many rotated files are kept, 1 to 100.</summary>
    public int MaxFiles { get; set; } = 5;
}
