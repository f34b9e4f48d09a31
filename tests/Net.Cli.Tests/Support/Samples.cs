using Net.Contracts;

namespace Net.Cli.Tests.Support;

/// <summary>One answer for every method, with every member set, so that snapshots hold every member's name.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static FirewallRule Rule { get; } = new()
    {
        Id = 7,
        Name = "block-web",
        Description = "no web",
        Direction = RuleDirection.Forward,
        Action = RuleAction.Block,
        Protocol = IpProtocol.Tcp,
        Family = IpFamily.IPv4,
        LocalPort = [new PortRange(1)],
        RemotePort = [new PortRange(2)],
        SourcePort = [new PortRange(1024, 65535)],
        DestinationPort = [new PortRange(8080)],
        LocalAddress = [AddressRange.Parse("192.0.2.1")],
        RemoteAddress = [AddressRange.Parse("192.0.2.2")],
        SourceAddress = [AddressRange.Parse("10.0.0.0/8")],
        DestinationAddress = [AddressRange.Parse("10.0.0.5-10.0.0.9")],
        InterfaceAlias = ["eth0"],
        OutInterfaceAlias = ["eth1"],
        Position = 1,
        PacketCount = 12,
        ByteCount = 3400,
    };

    public static NetPath Path { get; } = new()
    {
        PathId = "eth0/192.0.2.254",
        Kind = PathKind.Uplink,
        Family = IpFamily.IPv4,
        InterfaceAlias = "eth0",
        InterfaceIndex = 2,
        Gateway = "192.0.2.254",
        LocalAddress = "192.0.2.1",
        ProbeTarget = "192.0.2.254",
        Peer = "peer",
        State = PathState.Validated,
        StateReason = "replies come back",
        StateSince = Time,
        RoundTripTime = TimeSpan.FromMilliseconds(1.25),
        LatestRoundTripTime = TimeSpan.FromMilliseconds(1.5),
        Jitter = TimeSpan.FromMilliseconds(0.5),
        LossRatio = 0.125,
        ProbeCount = 8,
        ReceiveBitsPerSecond = 1_500_000,
        TransmitBitsPerSecond = 250_000,
        LinkKind = LinkKind.Ethernet,
        LinkSpeedBitsPerSecond = 1_000_000_000,
        MtuBytes = 1500,
        SignalDbm = -50,
        IsMetered = false,
        RouteMetric = 100,
        IsSelected = true,
        SelectionReason = "lowest metric",
    };

    public static NetPathRoute Route { get; } = new()
    {
        Name = "lab",
        DestinationPrefix = AddressRange.Parse("203.0.113.0/24"),
        NextHop = "192.0.2.254",
        InterfaceAlias = "eth0",
        RouteMetric = 50,
        Table = 254,
        Description = "to the lab",
        State = RouteState.Installed,
        StateReason = "in the table",
    };

    public static PathMeasurement Measurement { get; } = new()
    {
        PathId = Path.PathId,
        InterfaceAlias = "eth0",
        Target = "192.0.2.254",
        Sent = 10,
        Received = 9,
        LossRatio = 0.1,
        MinimumRoundTripTime = TimeSpan.FromMilliseconds(1),
        MedianRoundTripTime = TimeSpan.FromMilliseconds(2),
        MeanRoundTripTime = TimeSpan.FromMilliseconds(2.5),
        MaximumRoundTripTime = TimeSpan.FromMilliseconds(4),
        Jitter = TimeSpan.FromMilliseconds(0.25),
        FailureReason = "host unreachable",
        MeasuredAt = Time,
    };

    public static EngineEvent Event { get; } = new()
    {
        Sequence = 5,
        Time = Time,
        EventId = "PathFailed",
        Area = "paths",
        Severity = EventSeverity.Warning,
        Message = "eth0 is down",
        Target = "eth0",
        Actor = "root",
        Generation = 3,
    };

    public static ConfigurationPlan Plan { get; } = new(
        2, [new ConfigurationChange("firewall", ConfigurationChangeKind.Changed, "rule block-web", "allow", "block")], ["you may lock yourself out"]);

    public static ChangeOutcome Outcome { get; } = new(true, 3, Plan, Time);

    public static GenerationInfo Generation { get; } = new()
    {
        Generation = 3,
        CreatedAt = Time,
        Author = "root",
        Comment = "why",
        Summary = ["+ firewall: rule block-web: block"],
        IsCurrent = true,
        ConfirmBy = Time,
        Hash = "abc",
    };

    public static EngineStatus Status { get; } = new()
    {
        Version = "0.1.0",
        ProtocolVersion = "1.0",
        State = EngineState.Degraded,
        StateReason = "firewall is not in force",
        ProcessId = 4242,
        RunsAs = "netmod",
        StartedAt = Time,
        StartDuration = TimeSpan.FromMilliseconds(300),
        Socket = "/run/netmod/engine.sock",
        Generation = 3,
        ConfirmBy = Time,
        Privileges = new PrivilegeStatus(["CAP_NET_ADMIN"], ["CAP_NET_ADMIN"], true, 12, "remark"),
        Subsystems = [new SubsystemStatus("firewall", false, "flushed")],
        ClientCount = 1,
        ResidentBytes = 40 * 1024 * 1024,
        LogLevels = new Dictionary<string, EngineLogLevel> { ["*"] = EngineLogLevel.Information },
        Locked = [Locked],
    };

    private static LockedSetting Locked => new("metrics.listen", "null", "/etc/netmod/policy.d/10.json");

    public static TResult Of<TRequest, TResult>(ApiMethod<TRequest, TResult> method) => (TResult)(object)(method.Name switch
    {
        "engine.status" => Status,
        "engine.schema" => new TextReply("{}"),
        "events.list" => (EngineEvent[])[Event],
        "configuration.get" => new ConfigurationSnapshot(Generation, new NetConfiguration { Firewall = new FirewallSection { Rules = [Rule] }, Paths = new PathsSection { Routes = [Route] } }, [Locked]),
        "configuration.confirm" => Generation,
        "configuration.compare" => Plan,
        "configuration.generations" => (GenerationInfo[])[Generation],
        "configuration.export" => new ConfigurationText("schemaVersion: 1\n", ConfigurationFormat.Yaml, 3),
        "configuration.test" => new ConfigurationTestResult(true, [new ConfigurationProblem("firewall.rules[0]", "FirewallRuleInvalid", "problem")], false, Plan),
        "configuration.backup" => new BackupArchive([1, 2, 3], 3),
        "configuration.apply" or "configuration.import" or "configuration.restore" or "configuration.restoreBackup" => Outcome,
        "secrets.list" => (SecretInfo[])[new SecretInfo("token", Time, ["metrics.bearerToken"])],
        "firewall.listRules" => (FirewallRule[])[Rule],
        "firewall.createRules" or "firewall.setRules" or "firewall.removeRules" => new FirewallRulesChanged([Rule], Outcome),
        "paths.list" => (NetPath[])[Path],
        "paths.listRoutes" => (NetPathRoute[])[Route],
        "paths.createRoutes" or "paths.setRoutes" or "paths.removeRoutes" => new PathRoutesChanged([Route], Outcome),
        var overlay when overlay.StartsWith("overlay.", StringComparison.Ordinal) => OverlaySamples.Of(overlay),
        var firewall when firewall.StartsWith("firewall.", StringComparison.Ordinal) => FirewallSamples.Of(firewall),
        var relay when relay.StartsWith("relay.", StringComparison.Ordinal) => RelaySamples.Of(relay),
        _ => new Done(),
    });

    public static IEnumerable<TItem> Of<TRequest, TItem>(ApiStream<TRequest, TItem> method) => [(TItem)(object)(method.Name switch
    {
        "paths.watch" => new PathChange(PathChangeKind.Changed, Path, Time),
        "paths.measure" => Measurement,
        var overlay when overlay.StartsWith("overlay.", StringComparison.Ordinal) => OverlaySamples.Of(overlay),
        var firewall when firewall.StartsWith("firewall.", StringComparison.Ordinal) => FirewallSamples.Of(firewall),
        var relay when relay.StartsWith("relay.", StringComparison.Ordinal) => RelaySamples.Of(relay),
        _ => Event,
    })];
}
