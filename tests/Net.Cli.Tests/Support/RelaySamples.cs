using Net.Contracts;

namespace Net.Cli.Tests.Support;

/// <summary>One answer for every method about the relay, with every member set.</summary>
internal static class RelaySamples
{
    public static RelayRule Rule { get; } = new()
    {
        Id = 7,
        Name = "news",
        Description = "of the day",
        InterfaceAlias = "eth0",
        Group = AddressRange.Parse("239.1.1.1"),
        Source = AddressRange.Parse("192.0.2.1"),
        Port = new PortRange(5000),
        AllowedSources = [AddressRange.Parse("192.0.2.0/24")],
        Outputs =
        [
            new RelayOutput
            {
                InterfaceAlias = "br1", Destination = "239.2.2.2", Port = 6000, Ttl = 4, Source = "interface", SourcePort = 7000, Dscp = 46, RateLimit = 1000, BitRateLimit = 1_000_000,
                Oversize = RelayOversize.Fragment, PauseWithoutReceivers = true,
            },
            new RelayOutput { InterfaceAlias = "br2" },
        ],
        Engine = RelayEngine.Packet,
        AnalyzeSequence = true,
        Duplicates = RelayDuplicates.Standby,
        PreferredSource = "192.0.2.1",
        StandbyAfter = TimeSpan.FromMilliseconds(200),
        State = RelayRuleState.Forwarding,
        Reason = "packets flow",
        EngineInUse = RelayEngine.Packet,
        EngineReason = "the rule asks for it",
        Worker = 1,
        Packets = 12345,
        Bytes = 1234500,
        PacketsPerSecond = 100.4,
        BitsPerSecond = 803_200,
        LastSeen = Samples.Time,
    };

    public static RelayStatistic Statistic { get; } = new()
    {
        Name = "news",
        Id = 7,
        State = RelayRuleState.Forwarding,
        EngineInUse = RelayEngine.Packet,
        Packets = 12345,
        Bytes = 1234500,
        PacketsPerSecond = 100.4,
        BitsPerSecond = 803_200,
        LastSeen = Samples.Time,
        Drops = new RelayDrops(Source: 5),
        SourceCount = 1,
        Sources = ["192.0.2.1"],
        ActiveSource = "192.0.2.1",
        Sequence = new RelaySequence(RelaySequenceFormat.Rtp, 12350, 5, 2, 1),
        Outputs =
        [
            new RelayOutputStatistic
            {
                Index = 0, InterfaceAlias = "br1", Destination = "239.2.2.2", Port = 6000, Packets = 12000, Bytes = 1200000, PacketsPerSecond = 99, BitsPerSecond = 792_000,
                LastSent = Samples.Time, Drops = new RelayDrops(Ttl: 3, Rate: 10),
            },
            new RelayOutputStatistic { Index = 1, InterfaceAlias = "br2", IsPaused = true, Reason = "nobody receives 239.1.1.1 on br2" },
        ],
        Since = Samples.Time,
        Time = Samples.Time,
    };

    public static RelayMeasurement Measurement { get; } = new()
    {
        InterfaceAlias = "lab1",
        Destination = "239.2.2.2:6000",
        IsFinal = true,
        Sent = 5000,
        Received = 4990,
        Lost = 10,
        LossRatio = 0.002,
        Reordered = 3,
        Duplicate = 2,
        Corrupt = 1,
        PacketsPerSecond = 998,
        BitsPerSecond = 734_528,
        MinimumLatency = TimeSpan.FromMicroseconds(2),
        MedianLatency = TimeSpan.FromMicroseconds(20.5),
        P99Latency = TimeSpan.FromMicroseconds(60),
        P999Latency = TimeSpan.FromMicroseconds(80),
        MaximumLatency = TimeSpan.FromMicroseconds(120),
        Elapsed = TimeSpan.FromSeconds(5),
        MeasuredAt = Samples.Time,
    };

    private static RelaySettings Settings => new()
    {
        Workers = 2,
        RingBytes = 4 << 20,
        AllowSiteScope = true,
        Queriers =
        [
            new RelayQuerier { InterfaceAlias = "br1", QueryInterval = TimeSpan.FromSeconds(30), Address = "192.0.2.1", IsElected = true, ElectedAddress = "192.0.2.1" },
            new RelayQuerier { InterfaceAlias = "br2", IsElected = false, ElectedAddress = "192.0.2.9" },
            new RelayQuerier { InterfaceAlias = "br3", Enabled = false },
        ],
    };

    private static MulticastGroup[] Groups =>
    [
        new()
        {
            InterfaceAlias = "eth0", Group = "239.1.1.1", Role = MulticastGroupRole.Joined, Sources = ["192.0.2.1"], Rules = ["news"], Since = Samples.Time,
            Problem = "igmp_max_memberships is 20",
        },
        new()
        {
            InterfaceAlias = "br1", Group = "239.2.2.2", Role = MulticastGroupRole.Receiver, Sources = ["192.0.2.7"], ExcludesSources = true, Since = Samples.Time,
            Reporter = "192.0.2.50", ExpiresAt = Samples.Time,
        },
    ];

    private static RelayWorker Worker => new()
    {
        Index = 1,
        ProcessId = 4711,
        Core = 3,
        NumaNode = 0,
        Interfaces = ["eth0"],
        RuleCount = 12,
        State = RelayWorkerState.Running,
        Reason = "relays",
        Restarts = 1,
        StartedAt = Samples.Time,
        LastReport = Samples.Time,
        ResidentBytes = 24 << 20,
        InDesiredState = true,
        LogLevel = EngineLogLevel.Debug,
    };

    private static RelayTracedPacket Packet => new()
    {
        Rule = "news",
        Number = 1,
        Time = Samples.Time,
        InterfaceAlias = "eth0",
        Source = "192.0.2.1:40000",
        Destination = "239.1.1.1:5000",
        Ttl = 8,
        Dscp = 46,
        LengthBytes = 92,
        Outputs = [0],
        Drop = RelayDropReason.TooBig,
        Data = "RQA=",
        Missed = 2,
    };

    public static object Of(string method) => method switch
    {
        "relay.listRules" => (RelayRule[])[Rule],
        "relay.createRules" or "relay.setRules" or "relay.removeRules" => new RelayRulesChanged([Rule], Samples.Outcome),
        "relay.getSettings" => Settings,
        "relay.setSettings" => new RelaySettingsChanged(Settings, Samples.Outcome),
        "relay.listStatistics" or "relay.resetStatistics" => (RelayStatistic[])[Statistic],
        "relay.watchStatistics" => Statistic,
        "relay.listGroups" => Groups,
        "relay.listWorkers" => (RelayWorker[])[Worker],
        "relay.trace" => Packet,
        "relay.measure" => Measurement,
        _ => new Done(),
    };
}
