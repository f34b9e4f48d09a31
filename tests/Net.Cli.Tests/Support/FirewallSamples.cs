using Net.Contracts;

namespace Net.Cli.Tests.Support;

/// <summary>One answer for every method about the firewall beyond its rules, with every member set.</summary>
internal static class FirewallSamples
{
    public static FirewallAddressList AddressList { get; } = new()
    {
        Id = 8,
        Name = "office",
        Description = "who works here",
        Address = [AddressRange.Parse("192.0.2.0/24")],
        List = ["branch"],
        File = "/etc/netmod/office.txt",
        HostName = ["vpn.example.org"],
        Country = ["DE"],
        CountryFile = "/etc/netmod/countries.csv",
        Timeout = TimeSpan.FromMinutes(10),
        EntryCount = 42,
        RefreshedAt = Samples.Time,
        Problem = "vpn.example.org does not resolve",
    };

    public static FirewallPortList PortList { get; } = new() { Name = "web", Description = "http", Port = [new PortRange(80), new PortRange(8000, 8010)], List = ["more"] };

    public static FirewallZone Zone { get; } = new()
    {
        Name = "lan",
        Description = "inside",
        InterfaceAlias = ["eth1"],
        Inbound = RuleAction.Allow,
        Outbound = RuleAction.Allow,
        Forward = RuleAction.Block,
        ForwardTo = ["wan"],
        BlockBogons = true,
        Masquerade = true,
    };

    public static NatRule Nat { get; } = new()
    {
        Id = 9,
        Name = "internet",
        Description = "share one address",
        Kind = NatKind.Source,
        Protocol = IpProtocol.Tcp,
        Family = IpFamily.IPv4,
        SourceAddress = [AddressRange.Parse("192.168.1.0/24")],
        DestinationAddress = [AddressRange.Parse("198.51.100.0/24")],
        SourcePort = [new PortRange(1024, 65535)],
        DestinationPort = [new PortRange(443)],
        InterfaceAlias = ["eth1"],
        OutInterfaceAlias = ["eth0"],
        ToAddress = AddressRange.Parse("203.0.113.1"),
        ToPort = new PortRange(2000, 3000),
        Position = 1,
        ConnectionCount = 17,
    };

    public static PortForward Forward { get; } = new()
    {
        Id = 10,
        Name = "ssh",
        Description = "from outside",
        Port = new PortRange(2222),
        ToAddress = AddressRange.Parse("192.168.1.10"),
        ToPort = new PortRange(22),
        InterfaceAlias = ["eth0"],
        Address = [AddressRange.Parse("203.0.113.1")],
        RemoteAddress = [AddressRange.Parse("198.51.100.0/24")],
        ConnectionCount = 3,
    };

    public static FirewallProfile Profile { get; } = new() { LogBlocked = true };

    public static FirewallDetection Detection { get; } = new() { BanList = "banned", NeverBan = [AddressRange.Parse("192.0.2.0/24")] };

    public static FirewallConnection Connection { get; } = new()
    {
        Id = 77,
        Protocol = IpProtocol.Tcp,
        State = "established",
        SourceAddress = "198.51.100.7",
        SourcePort = 50000,
        DestinationAddress = "2001:db8::1",
        DestinationPort = 443,
        TranslatedDestination = "192.168.1.10:443",
        TranslatedSource = "203.0.113.1:50000",
        IsAnswered = true,
        Mark = 1,
        ExpiresIn = TimeSpan.FromHours(1),
        SentPackets = 1,
        SentBytes = 100,
        ReceivedPackets = 2,
        ReceivedBytes = 200,
    };

    public static FirewallStatistic Statistic { get; } = new()
    {
        Rules = 5,
        Connections = 2,
        MaxConnections = 65536,
        States = [new FirewallStateCount(IpProtocol.Tcp, "established", 2), new FirewallStateCount(IpProtocol.Udp, null, 1)],
        TopTalkers = [new FirewallTalker("198.51.100.7", 1, 300)],
        TableDrops = 1,
        InvalidPackets = 2,
        LogsLost = 3,
        Reason = "as of now",
    };

    public static FirewallLogEntry LogEntry { get; } = new()
    {
        Time = Samples.Time,
        RuleId = 7,
        Rule = "block-web",
        Action = RuleAction.Block,
        Direction = RuleDirection.Forward,
        Protocol = IpProtocol.Tcp,
        SourceAddress = "198.51.100.7",
        SourcePort = 50000,
        DestinationAddress = "192.168.1.10",
        DestinationPort = 8080,
        InterfaceAlias = "eth0",
        OutInterfaceAlias = "eth1",
        Length = 60,
        Missed = 2,
    };

    public static NetFlowVerdict Verdict { get; } = new()
    {
        Flow = new NetFlow { Direction = RuleDirection.Inbound, SourceAddress = "198.51.100.7", SourcePort = 50000, DestinationAddress = "192.0.2.1", DestinationPort = 22, InterfaceAlias = "eth0", OutInterfaceAlias = "eth1" },
        Allowed = true,
        Action = RuleAction.Allow,
        Rule = "ssh",
        RuleId = 4,
        Reason = "rule ssh allows it",
        Translations = [new NetFlowTranslation("web", "a", "b")],
        Route = "local",
        Steps = [new NetFlowStep(3, "telnet", false, "port 22 is not 23"), new NetFlowStep(4, "ssh", true, "allows")],
        ForeignChains = ["ip filter INPUT"],
        Assumptions = ["the rate is not used up"],
    };

    public static NetFlowTraceEvent TraceEvent { get; } = new()
    {
        Packet = 0xbeef,
        Time = Samples.Time,
        Table = "inet netmod",
        Chain = "in_0",
        Kind = "rule",
        Verdict = "accept",
        Rule = "ssh",
        RuleId = 4,
        Summary = "tcp 198.51.100.7:50000 > 192.0.2.1:22 in eth0",
    };

    public static FirewallImported Imported { get; } = new([Samples.Rule], [Nat], [new FirewallImportProblem(3, "-A INPUT -m string", "no string matches")], Samples.Outcome);

    public static object Of(string method) => method switch
    {
        "firewall.listAddressLists" => (FirewallAddressList[])[AddressList],
        "firewall.createAddressLists" or "firewall.setAddressLists" or "firewall.removeAddressLists" or "firewall.addAddresses" or "firewall.removeAddresses" =>
            new FirewallAddressListsChanged([AddressList], Samples.Outcome),
        "firewall.listAddressEntries" => (FirewallAddressEntry[])[new FirewallAddressEntry(AddressRange.Parse("192.0.2.7"), "rule ssh", TimeSpan.FromMinutes(3))],
        "firewall.listPortLists" => (FirewallPortList[])[PortList],
        "firewall.createPortLists" or "firewall.setPortLists" or "firewall.removePortLists" => new FirewallPortListsChanged([PortList], Samples.Outcome),
        "firewall.listZones" => (FirewallZone[])[Zone],
        "firewall.createZones" or "firewall.setZones" or "firewall.removeZones" => new FirewallZonesChanged([Zone], Samples.Outcome),
        "firewall.listNatRules" => (NatRule[])[Nat],
        "firewall.createNatRules" or "firewall.setNatRules" or "firewall.removeNatRules" => new NatRulesChanged([Nat], Samples.Outcome),
        "firewall.listPortForwards" => (PortForward[])[Forward],
        "firewall.createPortForwards" or "firewall.setPortForwards" or "firewall.removePortForwards" => new PortForwardsChanged([Forward], Samples.Outcome),
        "firewall.getProfile" => Profile with { },
        "firewall.setProfile" => new FirewallProfileChanged(Profile, Samples.Outcome),
        "firewall.getDetection" => Detection with { },
        "firewall.setDetection" => new FirewallDetectionChanged(Detection, Samples.Outcome),
        "firewall.setGroups" => new FirewallRulesChanged([Samples.Rule], Samples.Outcome),
        "firewall.listConnections" => Connection,
        "firewall.watchConnections" => new FirewallConnectionChange("new", Connection),
        "firewall.removeConnections" => new FirewallConnectionsRemoved(2, "a session of yours may be among them"),
        "firewall.getStatistic" => Statistic,
        "firewall.resetCounters" => (FirewallRule[])[Samples.Rule],
        "firewall.watchLog" => LogEntry,
        "firewall.testFlows" => (NetFlowVerdict[])[Verdict],
        "firewall.traceFlow" => TraceEvent,
        "firewall.import" => Imported,
        _ => new FirewallExported("table inet netmod {\n}\n"),
    };
}
