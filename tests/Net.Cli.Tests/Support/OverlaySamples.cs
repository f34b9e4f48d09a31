using Net.Contracts;

namespace Net.Cli.Tests.Support;

/// <summary>One answer for every method about overlays, with every member set.</summary>
internal static class OverlaySamples
{
    public static OverlayPeer Peer { get; } = new()
    {
        Overlay = "home",
        Name = "bob",
        PublicKey = "nmk1bob",
        Endpoints = ["192.0.2.1:47900"],
        Addresses = ["100.64.0.2"],
        Subnets = [AddressRange.Parse("10.20.0.0/16")],
        IsExitNode = true,
        State = OverlayPeerState.Up,
        StateReason = "packets flow",
        StateSince = Samples.Time,
        NodeId = "nm1bob",
        Trust = OverlayTrust.Key,
        MemberOf = ["staff"],
        ActiveAddresses = ["100.64.0.2"],
        RemoteEndpoint = "192.0.2.1:47900",
        PathKind = PathKind.Direct,
        RoundTripTime = TimeSpan.FromMilliseconds(1.5),
        PathMtuBytes = 1420,
        CongestionWindowBytes = 65536,
        Carriage = "datagram",
        SentBytes = 1000,
        ReceivedBytes = 2000,
        ConnectedAt = Samples.Time,
        MembershipExpires = Samples.Time,
        Connections = 2,
    };

    public static OverlayRoute Route { get; } = new()
    {
        Overlay = "home",
        Prefix = AddressRange.Parse("10.20.0.0/16"),
        Peer = "bob",
        Preference = 10,
        Masquerade = true,
        Owner = OverlayRouteOwner.Gateway,
        Source = "document",
        IsSelected = true,
        Reason = "bob is up",
    };

    public static OverlayPolicyRule Rule { get; } = new()
    {
        Overlay = "home",
        Name = "shell",
        From = ["bob"],
        To = ["self"],
        Protocol = IpProtocol.Tcp,
        Port = [new PortRange(22)],
        Days = [DayOfWeek.Monday],
        StartTime = new TimeOnly(8, 0),
        EndTime = new TimeOnly(18, 0),
        TimeZone = "Europe/Berlin",
        Description = "for bob",
        Position = 1,
        Matches = 3,
    };

    public static Overlay Overlay { get; } = new()
    {
        Name = "home",
        InterfaceAlias = "nm-home",
        ListenAddress = "192.0.2.9",
        NetworkKey = "nmk1network",
        Certificate = "nmc1home",
        Addresses = ["100.64.0.1"],
        Hubs = ["bob"],
        IdleClose = TimeSpan.FromMinutes(5),
        ExitNode = "bob",
        Peers = [new OverlayPeer { Name = "bob", PublicKey = "nmk1bob" }],
        Routes = [new OverlayRoute { Prefix = AddressRange.Parse("10.20.0.0/16"), Peer = "bob" }],
        Policy = [new OverlayPolicyRule { Name = "shell" }],
        Groups = [new OverlayGroup("servers", ["bob"])],
        PolicyTests = [new OverlayPolicyTest("bob", "self", IpProtocol.Tcp, 22, OverlayAction.Allow)],
        State = OverlayState.Running,
        StateReason = "one peer is up",
        NodeId = "nm1home",
        PublicKey = "nmk1home",
        ActiveAddresses = ["100.64.0.1"],
        ListenEndpoint = "192.0.2.9:47900",
        ResolverAddress = "100.100.100.53",
        ConnectedPeers = 1,
        WorkerProcessId = 77,
        WorkerResidentBytes = 32 << 20,
        WorkerRestarts = 1,
        SentBytes = 1000,
        ReceivedBytes = 2000,
        Drops = new OverlayDrops(Policy: 4, NoRoute: 2),
        ActiveShards =
        [
            new OverlayShard { Index = 0, Core = 3, NumaNode = 1, Reason = "a core of memory node 1: the node of eth0 comes first", Peers = 1, SentDatagrams = 10, ReceivedDatagrams = 20 },
            new OverlayShard { Index = 1, Reason = "the scheduler places it", SentDatagrams = 5, ReceivedDatagrams = 6, HandedOver = 7 },
        ],
    };

    private static OverlayIdentity Identity => new()
    {
        Name = "default",
        NodeId = "nm1home",
        PublicKey = "nmk1home",
        CreatedAt = Samples.Time,
        AddressNodeId = "nm1old",
        RotatedAt = Samples.Time,
        UsedBy = ["home"],
    };

    private static OverlayNetwork Network => new()
    {
        Name = "office",
        PublicKey = "nmk1network",
        CreatedAt = Samples.Time,
        Certificates = 3,
        Revoked = 1,
        RevocationSequence = 2,
    };

    private static OverlayCertificate Certificate => new()
    {
        Network = "office",
        Serial = 17,
        Name = "eve",
        NodeId = "nm1eve",
        PublicKey = "nmk1eve",
        Groups = ["staff"],
        Addresses = ["100.64.0.3"],
        Subnets = ["10.30.0.0/16"],
        NotBefore = Samples.Time,
        NotAfter = Samples.Time,
        IsRevoked = true,
        Text = "nmc1eve",
    };

    private static OverlayJoinRequest Request => new("7f3a", "home", "laptop", "nm1laptop", "nmk1laptop", "198.51.100.7:5000", JoinState.Pending, Samples.Time);

    private static OverlayAuditRecord Record => new()
    {
        Time = Samples.Time,
        Overlay = "home",
        Event = "decision",
        SourceNode = "eve",
        DestinationNode = "home",
        SourceAddress = "100.64.0.3",
        SourcePort = 40000,
        DestinationAddress = "100.64.0.1",
        DestinationPort = 23,
        Protocol = "tcp",
        Action = OverlayAction.Deny,
        Rule = "no-telnet",
        SentBytes = 60,
        ReceivedBytes = 1,
        Duration = TimeSpan.FromSeconds(1),
        Count = 5,
    };

    public static object Of(string method) => method switch
    {
        "overlay.list" or "overlay.restart" => (Overlay[])[Overlay],
        "overlay.create" or "overlay.set" or "overlay.remove" => new OverlaysChanged([Overlay], Samples.Outcome),
        "overlay.join" => Overlay,
        "overlay.listPeers" => (OverlayPeer[])[Peer],
        "overlay.addPeers" or "overlay.setPeers" or "overlay.removePeers" => new OverlayPeersChanged([Peer], Samples.Outcome),
        "overlay.watchPeers" => new OverlayPeerChange(PathChangeKind.Changed, Peer, Samples.Time),
        "overlay.testPeers" => new OverlayPeerTest
        {
            Overlay = "home",
            Name = "bob",
            Succeeded = true,
            State = OverlayPeerState.Up,
            Reason = "all echoes came back",
            Sent = 5,
            Received = 5,
            MinimumRoundTripTime = TimeSpan.FromMilliseconds(1),
            MedianRoundTripTime = TimeSpan.FromMilliseconds(1.25),
            PathMtuBytes = 1420,
            ThroughputBitsPerSecond = 940_000_000,
        },
        "overlay.listRoutes" => (OverlayRoute[])[Route],
        "overlay.addRoutes" or "overlay.removeRoutes" => new OverlayRoutesChanged([Route], Samples.Outcome),
        "overlay.listPolicy" => (OverlayPolicyRule[])[Rule],
        "overlay.createPolicy" or "overlay.setPolicy" or "overlay.removePolicy" => new OverlayPolicyChanged([Rule], Samples.Outcome),
        "overlay.testPolicy" => new OverlayPolicyVerdict("home", "bob", "self", IpProtocol.Tcp, 22, OverlayAction.Allow, "shell", "bob may", Samples.Time),
        "overlay.listAudit" => (OverlayAuditRecord[])[Record],
        "overlay.getGraph" => new OverlayGraph(
            "home", OverlayTopology.FullMesh, ["home", "bob"], [new OverlayEdge("home", "bob", OverlayPeerState.Up, TimeSpan.FromMilliseconds(1.5))]),
        "overlay.selfTest" => (OverlaySelfTestStep[])[new OverlaySelfTestStep("libraries", true, "ngtcp2 1.11.0")],
        "overlay.listIdentities" => (OverlayIdentity[])[Identity],
        "overlay.createIdentity" or "overlay.rotateIdentity" => Identity,
        "overlay.listNetworks" => (OverlayNetwork[])[Network],
        "overlay.createNetwork" or "overlay.importNetwork" => Network,
        "overlay.exportNetwork" => new TextReply("nmb1sealed"),
        "overlay.issueCertificate" => Certificate,
        "overlay.listCertificates" or "overlay.revokeCertificates" => (OverlayCertificate[])[Certificate],
        "overlay.createInvitation" => new OverlayInvitation("4b", "home", "nmi1secret", Samples.Time, true, ["staff"], "nm1used"),
        "overlay.listJoinRequests" => (OverlayJoinRequest[])[Request],
        "overlay.decideJoinRequest" => Request with { State = JoinState.Approved },
        "overlay.receiveMessages" => new OverlayMessage("home", "bob", "status", "done", "ZG9uZQ==", Samples.Time),
        _ => new Done(),
    };
}
