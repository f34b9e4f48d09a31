using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The parts of an overlay a user gave. Null leaves a part as it is.</summary>
internal sealed record OverlayPatch
{
    public bool? Enabled { get; init; }

    public string? Identity { get; init; }

    public string? InterfaceAlias { get; init; }

    public int? ListenPort { get; init; }

    public string? ListenAddress { get; init; }

    public string? NetworkKey { get; init; }

    public string? Certificate { get; init; }

    public bool? TrustOnFirstUse { get; init; }

    public string[]? Addresses { get; init; }

    public AddressRange? Prefix { get; init; }

    public int? MtuBytes { get; init; }

    public OverlayTopology? Topology { get; init; }

    public string[]? Hubs { get; init; }

    public CongestionControl? CongestionControl { get; init; }

    public bool? Datagrams { get; init; }

    public TimeSpan? KeepAlive { get; init; }

    public TimeSpan? BusyPoll { get; init; }

    public int? Shards { get; init; }

    /// <summary>Zero takes the limit away.</summary>
    public TimeSpan? IdleClose { get; init; }

    public bool? AcceptRoutes { get; init; }

    public string? ExitNode { get; init; }

    public bool? KillSwitch { get; init; }

    public bool? NameService { get; init; }

    public bool? UseHostResolver { get; init; }

    public OverlayGroup[]? Groups { get; init; }

    public OverlayPolicyTest[]? PolicyTests { get; init; }

    public bool? AuditEnabled { get; init; }

    public bool? AuditConnections { get; init; }

    public long? AuditMaxFileBytes { get; init; }

    public int? AuditMaxFiles { get; init; }

    /// <summary>The overlay with these parts in place of its own. An empty text takes a part away. What is so now is left out.</summary>
    public Overlay ApplyTo(Overlay overlay) => overlay with
    {
        Enabled = Enabled ?? overlay.Enabled,
        Identity = Text(Identity, overlay.Identity) ?? "default",
        InterfaceAlias = Text(InterfaceAlias, overlay.InterfaceAlias),
        ListenPort = ListenPort ?? overlay.ListenPort,
        ListenAddress = Text(ListenAddress, overlay.ListenAddress),
        NetworkKey = Text(NetworkKey, overlay.NetworkKey),
        Certificate = Text(Certificate, overlay.Certificate),
        TrustOnFirstUse = TrustOnFirstUse ?? overlay.TrustOnFirstUse,
        Addresses = Addresses ?? overlay.Addresses,
        Prefix = Prefix ?? overlay.Prefix,
        MtuBytes = MtuBytes ?? overlay.MtuBytes,
        Topology = Topology ?? overlay.Topology,
        Hubs = Hubs ?? overlay.Hubs,
        CongestionControl = CongestionControl ?? overlay.CongestionControl,
        Datagrams = Datagrams ?? overlay.Datagrams,
        KeepAlive = KeepAlive ?? overlay.KeepAlive,
        BusyPoll = BusyPoll ?? overlay.BusyPoll,
        Shards = Shards ?? overlay.Shards,
        IdleClose = IdleClose is { } idle ? (idle == TimeSpan.Zero ? null : idle) : overlay.IdleClose,
        AcceptRoutes = AcceptRoutes ?? overlay.AcceptRoutes,
        ExitNode = Text(ExitNode, overlay.ExitNode),
        KillSwitch = KillSwitch ?? overlay.KillSwitch,
        NameService = NameService ?? overlay.NameService,
        UseHostResolver = UseHostResolver ?? overlay.UseHostResolver,
        Groups = Groups ?? overlay.Groups,
        PolicyTests = PolicyTests ?? overlay.PolicyTests,
        Audit = overlay.Audit with
        {
            Enabled = AuditEnabled ?? overlay.Audit.Enabled,
            Connections = AuditConnections ?? overlay.Audit.Connections,
            MaxFileBytes = AuditMaxFileBytes ?? overlay.Audit.MaxFileBytes,
            MaxFiles = AuditMaxFiles ?? overlay.Audit.MaxFiles,
        },
        State = null,
        StateReason = null,
        NodeId = null,
        PublicKey = null,
        ActiveAddresses = null,
        ListenEndpoint = null,
        ResolverAddress = null,
        ConnectedPeers = null,
        WorkerProcessId = null,
        WorkerResidentBytes = null,
        WorkerRestarts = null,
        SentBytes = null,
        ReceivedBytes = null,
        Drops = null,
        ActiveShards = null,
    };

    private static string? Text(string? given, string? present) => given is null ? present : given.Length == 0 ? null : given;
}
