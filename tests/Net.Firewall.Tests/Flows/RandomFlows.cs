using System.Collections.Immutable;
using System.Net;

namespace Net.Firewall.Tests.Flows;

/// <summary>
/// Rule sets and packets from a seed that meet often: few addresses, ports and names, and every condition, action and effect of the model. The addresses, interfaces and
/// states are those of the network of <c>KernelNetwork</c>, so that the same draws can be sent for real.
/// </summary>
internal sealed class RandomFlows(int seed)
{
    public const long DynamicList = 1;
    public const long FixedList = 2;
    public const long EmptyList = 3;

    /// <summary>The addresses of this host.</summary>
    public static readonly ImmutableArray<IPAddress> Local = [.. Parse("10.9.0.1", "10.9.0.2", "10.9.1.1", "fd09::1", "fd09::2", "fd09:1::1")];

    /// <summary>Networks around it and the interface each is behind; no route leads to the last two.</summary>
    public static readonly ImmutableArray<(string Prefix, string? Interface)> Networks =
    [
        ("10.8.0.0/16", "in0"), ("192.168.7.0/24", "in1"), ("203.0.113.0/24", "wan0"), ("fd08::/64", "in0"), ("fd07::/64", "in1"), ("2001:db8::/32", "wan0"),
        ("198.51.100.0/24", null), ("fd66::/64", null),
    ];

    public static readonly ImmutableArray<MacAddress> Macs = [new(0x02005e100001), new(0x02005e100002), new(0x02aabbccdd03)];

    private static readonly string[] s_links = ["in0", "in1", "wan0"];
    private static readonly string[] s_interfaces = ["in0", "in1", "wan0", "in*", "w*", "i*", "lo", "zz9", "in00"];
    private static readonly uint[] s_marks = [0, 1, 2, 3, 0x10, 0x11, 0xff00, 0x80000000];
    private static readonly ushort[] s_ports = [0, 1, 53, 80, 81, 443, 8080, 32768, 65534, 65535];
    private static readonly byte[] s_dscp = [0, 1, 10, 46, 63];
    private static readonly byte[] s_protocols = [6, 6, 6, 17, 17, 132, 1, 50, 89, 253];
    private static readonly byte[] s_flags = [2, 2, 2, 16, 24, 18, 1, 17, 4, 20, 0, 3, 41, 0xc2, 0x10 | 0x20];
    private static readonly byte[] s_types4 = [8, 8, 0, 3, 11, 13, 5];
    private static readonly byte[] s_types6 = [128, 128, 129, 1, 3, 135, 133];
    private readonly Random _random = new(seed);
    private readonly RuleDirection _runDirection = (RuleDirection)(seed % 3);

    /// <summary>The address of an interface of this host.</summary>
    public static IPAddress LinkAddress(string link, bool isIPv6) =>
        IPAddress.Parse($"{(isIPv6 ? "fd09:9::" : "10.9.9.")}{Array.IndexOf(s_links, link) + 1}");

    /// <summary>Features that rules drawn so far had, with how often.</summary>
    public SortedDictionary<string, int> Features { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether conditions and effects are drawn that only some compilers know.</summary>
    public bool HasConditions { get; init; } = true;

    /// <summary>Whether users, groups and control groups are drawn.</summary>
    public bool HasSockets { get; init; } = true;

    /// <summary>Whether rules come in runs of one direction that an address or a port tells apart.</summary>
    public bool HasRuns { get; init; }

    /// <summary>Whether rules put sources into the dynamic list.</summary>
    public bool HasAdds { get; init; } = true;

    /// <summary>Control groups rules may name; none draws none.</summary>
    public ImmutableArray<string> Cgroups { get; init; } = ["a", "a/b", "a/bc", "d"];

    /// <summary>The control group packets of this host come from; null for any of those rules name.</summary>
    public string? SocketCgroup { get; init; }

    public FirewallModel Model(int count)
    {
        ImmutableArray<Rule>.Builder rules = ImmutableArray.CreateBuilder<Rule>();
        while (rules.Count < count)
        {
            Rule rule = HasRuns ? InRun(AnyRule(rules.Count + 1)) : AnyRule(rules.Count + 1);
            if (FirewallRuleValidator.Validate(rule).IsEmpty)
            {
                Count(rule);
                rules.Add(rule);
            }
        }

        ImmutableArray<AddressList> lists = !HasConditions ? [] :
        [
            new AddressList { Id = DynamicList, Name = "dynamic", IsDynamic = true, Timeout = TimeSpan.FromHours(1) },
            new AddressList { Id = FixedList, Name = "fixed", Addresses = [.. Enumerable.Range(0, 6).Select(_ => Address())] },
            new AddressList { Id = EmptyList, Name = "empty" },
        ];
        return new FirewallModel(rules.DrainToImmutable()) { AddressLists = lists };
    }

    /// <summary>A packet that can be on the network.</summary>
    /// <param name="direction">Its direction.</param>
    /// <param name="host">The host of its network it comes from; null for one of a few. With a number of its own no packet meets what another left in a list.</param>
    public FlowPacket Packet(RuleDirection direction, int? host = null)
    {
        bool isIPv6 = Chance(2);
        byte protocol = s_protocols[_random.Next(s_protocols.Length)];
        protocol = protocol == 1 && isIPv6 ? (byte)58 : protocol;
        (string Prefix, string? Interface) from = Network(isIPv6, needsRoute: false);
        (string Prefix, string? Interface) to = Network(isIPv6, needsRoute: true);
        string? input = direction == RuleDirection.Outbound ? null : Pick<string>(["in0", "in1", "wan0"]);
        byte type = isIPv6 ? Pick(s_types6) : Pick(s_types4);
        byte flags = Pick(s_flags);
        bool isTracked = !Chance(10);
        int payload = _random.Next(3) switch { 0 => 0, 1 => _random.Next(100), _ => _random.Next(1200) };
        var packet = new FlowPacket
        {
            Direction = direction,
            Protocol = protocol,
            SourcePort = protocol is 6 or 17 or 132 ? Pick(s_ports) : (ushort)0,
            DestinationPort = protocol is 6 or 17 or 132 ? Pick(s_ports) : (ushort)0,
            InputInterface = input,
            OutputInterface = direction == RuleDirection.Inbound ? null : to.Interface,
            IcmpType = protocol is 1 or 58 ? type : (byte)0,
            IcmpCode = protocol is 1 or 58 ? (byte)_random.Next(3) : (byte)0,
            TcpFlags = protocol == 6 ? flags : (byte)0,
            Dscp = Pick(s_dscp),
            Length = (isIPv6 ? 40 : 20) + HeaderBytes(protocol) + payload,
            SourceMac = direction == RuleDirection.Outbound ? null : Macs[_random.Next(Macs.Length)],
            Mark = Pick(s_marks),
            User = direction == RuleDirection.Outbound ? 0u : null,
            Group = direction == RuleDirection.Outbound ? 0u : null,
            Cgroup = direction == RuleDirection.Outbound && !Cgroups.IsEmpty ? SocketCgroup ?? Cgroups[_random.Next(Cgroups.Length)] : null,
            IsReversePathMissing = direction == RuleDirection.Outbound ? false : from.Interface != input,
        };
        IPAddress source = direction == RuleDirection.Outbound && host is null ? LocalAddress(isIPv6) : HostOf(from.Prefix, host);
        IPAddress destination = direction == RuleDirection.Inbound ? LocalAddress(isIPv6) : HostOf(to.Prefix);
        packet = packet.Between(source, destination);
        return packet with { State = isTracked ? StateOf(packet) : ConnectionStates.Untracked };
    }

    /// <summary>Whether an answer finds its way back: from the host itself, or out to a network there is a route to.</summary>
    public static bool IsRoutable(IPAddress address) => Local.Contains(address)
        || s_links.Any(link => address.Equals(LinkAddress(link, isIPv6: false)) || address.Equals(LinkAddress(link, isIPv6: true)))
        || Networks.Any(network => network.Interface is not null && Rules.Address(network.Prefix).Contains(address));

    /// <summary>What connection tracking makes of a packet that belongs to nothing known (nf_conntrack_proto_tcp.c, _icmp.c and _icmpv6.c).</summary>
    public static ConnectionStates StateOf(in FlowPacket packet)
    {
        switch (packet.Protocol)
        {
            case 6:
                // Without PSH, ECE and CWR; URG goes with everything here.
                int flags = packet.TcpFlags & 0x17;
                return flags is 2 or 16 ? ConnectionStates.New : ConnectionStates.Invalid;
            case 1:
                return packet.IcmpType is 8 or 13 or 15 or 17 ? ConnectionStates.New : ConnectionStates.Invalid;
            case 58:
                return packet.IcmpType is 128 or 139 ? ConnectionStates.New
                    : packet.IcmpType is (>= 130 and <= 137) or 143 ? ConnectionStates.Untracked
                    : ConnectionStates.Invalid;
            default:
                return ConnectionStates.New;
        }
    }

    /// <summary>Bytes of a transport header without options.</summary>
    public static int HeaderBytes(byte protocol) => protocol switch { 6 => 24, 17 or 1 or 58 => 8, 132 => 32, _ => 4 };

    public T Pick<T>(ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    public bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    public int Next(int below) => _random.Next(below);

    private static IEnumerable<IPAddress> Parse(params IEnumerable<string> texts) => texts.Select(IPAddress.Parse);

    private (string Prefix, string? Interface) Network(bool isIPv6, bool needsRoute) =>
        Pick<(string, string?)>([.. Networks.Where(network => network.Prefix.Contains(':') == isIPv6 && (!needsRoute || network.Interface is not null))]);

    private IPAddress LocalAddress(bool isIPv6) => Pick<IPAddress>([.. Local.Where(address => address.ToString().Contains(':') == isIPv6)]);

    private IPAddress HostOf(string prefix, int? host = null)
    {
        AddressRange range = Rules.Address(prefix);
        return AddressRange.FromNumbers(range.Family, range.First + (UInt128)(host ?? _random.Next(1, 5)), range.Last).FirstAddress;
    }

    private Rule AnyRule(long id)
    {
        RuleProtocol protocol = _random.Next(8) switch
        {
            0 or 1 => RuleProtocol.Any,
            2 or 3 => RuleProtocol.Tcp,
            4 => RuleProtocol.Udp,
            5 => RuleProtocol.Icmp,
            6 => Chance(2) ? RuleProtocol.IcmpV4 : RuleProtocol.IcmpV6,
            _ => RuleProtocol.FromNumber(Pick(s_protocols)),
        };
        var direction = (RuleDirection)_random.Next(3);
        RuleAction action = Pick<RuleAction>([RuleAction.Allow, RuleAction.Block, RuleAction.Reject, RuleAction.Continue, RuleAction.Continue]);
        bool hasPorts = protocol.HasPorts;
        return new Rule
        {
            Id = id,
            Name = $"rule-{id}",
            Enabled = !Chance(10),
            Direction = direction,
            Action = HasConditions ? action : (RuleAction)_random.Next(3),
            Protocol = protocol,
            AddressFamily = Chance(4) ? (RuleAddressFamily)_random.Next(3) : RuleAddressFamily.Any,
            SourceAddresses = Some(Address, 3),
            DestinationAddresses = Some(Address, 3),
            SourcePorts = hasPorts ? Some(Ports, 4) : [],
            DestinationPorts = hasPorts ? Some(Ports, 2) : [],
            InputInterfaces = direction == RuleDirection.Outbound ? [] : Some(() => Pick<string>(s_interfaces), 4),
            OutputInterfaces = direction == RuleDirection.Inbound ? [] : Some(() => Pick<string>(s_interfaces), 4),
            Conditions = HasConditions && !Chance(3) ? AnyConditions(protocol, direction) : null,
            Effects = HasConditions && (action == RuleAction.Continue || Chance(3)) ? AnyEffects(protocol, action) : null,
        };
    }

    private Rule InRun(Rule rule)
    {
        rule = rule with { Direction = _runDirection };
        RuleConditions? conditions = rule.Conditions is null ? null : rule.Conditions with { SourceLists = [], DestinationLists = [] };
        return Chance(70) ? rule : (rule.Id / 130 % 4) switch
        {
            0 => rule with { SourceAddresses = [.. Enumerable.Range(0, Chance(4) ? 3 : 1).Select(_ => Host())], Conditions = conditions },
            1 => rule with { DestinationAddresses = [.. Enumerable.Range(0, Chance(4) ? 3 : 1).Select(_ => Host())], Conditions = conditions },
            2 => rule with { Protocol = Chance(2) ? RuleProtocol.Tcp : RuleProtocol.Udp, DestinationPorts = [Chance(2) ? Ports() : new PortRange((ushort)_random.Next(65_536))] },
            _ => rule,
        };
    }

    private AddressRange Host()
    {
        AddressRange network = Rules.Address(Networks[_random.Next(Networks.Length)].Prefix);
        UInt128 first = network.First + (UInt128)_random.Next(1, Chance(2) ? 5 : 130);
        return Chance(6) ? new AddressRange(Local[_random.Next(Local.Length)]) : AddressRange.FromNumbers(network.Family, first, first + (UInt128)(Chance(3) ? _random.Next(5) : 0));
    }

    private RuleConditions AnyConditions(RuleProtocol protocol, RuleDirection direction)
    {
        bool isOutbound = direction == RuleDirection.Outbound;
        bool isIcmp = protocol.IsIcmp || protocol == RuleProtocol.IcmpV4 || protocol == RuleProtocol.IcmpV6;
        return new RuleConditions
        {
            ConnectionStates = Chance(4) ? (ConnectionStates)_random.Next(1, 32) : ConnectionStates.None,
            SourceLists = Chance(6) ? [Pick<long>([DynamicList, FixedList, EmptyList])] : [],
            DestinationLists = Chance(10) ? [FixedList] : [],
            IcmpTypes = isIcmp ? Some(() => IcmpType(protocol), 2) : [],
            TcpFlags = protocol == RuleProtocol.Tcp && Chance(2) ? TcpFlags() : null,
            Dscp = Some(() => Pick(s_dscp), 8),
            PacketLengths = Some(Lengths, 6),
            SourceMacs = isOutbound ? [] : Some(() => Macs[_random.Next(Macs.Length)], 6),
            Mark = Chance(5) ? Mark() : null,
            Users = isOutbound && HasSockets ? Some(() => Pick<NumberRange>([new(0), new(0, 1000), new(1000, 65535)]), 6) : [],
            Groups = isOutbound && HasSockets ? Some(() => Pick<NumberRange>([new(0), new(0, 1000), new(1, 65535)]), 6) : [],
            Cgroup = isOutbound && !Cgroups.IsEmpty && Chance(6) ? Cgroups[_random.Next(Cgroups.Length)] : null,
            Rate = Chance(8) ? Rate() : null,
            Connections = Chance(10) ? new ConnectionLimit(100_000, PerSource: Chance(2), Above: Chance(3)) : null,
            IsReversePathMissing = !isOutbound && Chance(8),
            IsUnconfirmed = Chance(12),
        };
    }

    private RuleEffects AnyEffects(RuleProtocol protocol, RuleAction action) => new()
    {
        Log = Chance(6),
        SetDscp = Chance(5) ? Pick(s_dscp) : null,
        SetTtl = Chance(6) ? Pick<byte>([1, 33, 200]) : null,
        SetMark = Chance(2) ? Mark() : null,
        MaxSegmentSize = protocol == RuleProtocol.Tcp && Chance(4) ? Pick<ushort>([536, 1000, 1400]) : null,
        AddSourceTo = HasAdds && Chance(5) ? DynamicList : null,
        RejectWith = action == RuleAction.Reject ? (RejectKind)_random.Next(6) : RejectKind.Default,
    };

    private RateLimit Rate() => new(1_000_000, (RatePeriod)_random.Next(2))
    {
        InBytes = Chance(3),
        Burst = Chance(2) ? 1_000_000 : 100_000,
        PerSource = Chance(3),
        Above = Chance(3),
    };

    private MarkMatch Mark()
    {
        uint mask = Pick<uint>([uint.MaxValue, uint.MaxValue, 1, 3, 0xff, 0xff00]);
        return new MarkMatch(Pick(s_marks) & mask, mask);
    }

    private TcpFlagMatch TcpFlags()
    {
        byte mask = Pick<byte>([2, 0x17, 0x12, 0xff, 1]);
        return new TcpFlagMatch(mask, (byte)(Pick(s_flags) & mask));
    }

    private IcmpTypeMatch IcmpType(RuleProtocol protocol)
    {
        bool isIPv6 = protocol == RuleProtocol.IcmpV6 || (protocol.IsIcmp && Chance(2));
        return new IcmpTypeMatch(isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4, isIPv6 ? Pick(s_types6) : Pick(s_types4), Chance(3) ? (byte)_random.Next(3) : null);
    }

    private NumberRange Lengths()
    {
        uint first = (uint)_random.Next(20, 1200);
        return new NumberRange(first, first + (uint)_random.Next(400));
    }

    private PortRange Ports()
    {
        ushort first = Pick(s_ports);
        return new PortRange(first, (ushort)Math.Min(65535, first + Pick<int>([0, 0, 1, 400, 40000])));
    }

    private AddressRange Address()
    {
        if (Chance(4))
        {
            return new AddressRange(Local[_random.Next(Local.Length)]);
        }

        AddressRange network = Rules.Address(Networks[_random.Next(Networks.Length)].Prefix);
        UInt128 host = (UInt128)_random.Next(1, 5);
        return _random.Next(4) switch
        {
            0 => network,
            1 => AddressRange.FromNumbers(network.Family, network.First + host, network.First + host),
            2 => AddressRange.FromNumbers(network.Family, network.First + host, network.First + host + 2),
            _ => network.Family == RuleAddressFamily.IPv4 ? Rules.Address(Pick<string>(["0.0.0.0/0", "10.0.0.0/8", "128.0.0.0/1"])) : Rules.Address(Pick<string>(["::/0", "fd00::/8", "2000::/3"])),
        };
    }

    private ImmutableArray<T> Some<T>(Func<T> next, int oneIn) =>
        Chance(oneIn) ? [.. Enumerable.Range(0, Chance(2) ? 1 : _random.Next(2, 5)).Select(_ => next()).Distinct()] : [];

    private void Count(Rule rule)
    {
        Add(true, $"action {rule.Action}");
        Add(true, $"direction {rule.Direction}");
        Add(true, $"family {rule.AddressFamily}");
        Add(true, $"protocol {rule.Protocol}");
        Add(!rule.Enabled, "disabled");
        Add(!rule.SourceAddresses.IsEmpty, "source addresses");
        Add(!rule.DestinationAddresses.IsEmpty, "destination addresses");
        Add(!rule.SourcePorts.IsEmpty, "source ports");
        Add(!rule.DestinationPorts.IsEmpty, "destination ports");
        Add(!rule.InputInterfaces.IsEmpty, "input interfaces");
        Add(!rule.OutputInterfaces.IsEmpty, "output interfaces");
        if (rule.Conditions is RuleConditions c)
        {
            Add(c.ConnectionStates != 0, "connection states");
            Add(!c.SourceLists.IsEmpty, "source lists");
            Add(c.SourceLists.Contains(DynamicList), "dynamic source lists");
            Add(!c.SourceLists.IsEmpty && !rule.SourceAddresses.IsEmpty, "source lists or addresses");
            Add(!c.DestinationLists.IsEmpty, "destination lists");
            Add(!c.IcmpTypes.IsEmpty, "ICMP types");
            Add(c.IcmpTypes.Any(type => type.Code is not null), "ICMP codes");
            Add(c.TcpFlags is not null, "TCP flags");
            Add(!c.Dscp.IsEmpty, "code points");
            Add(!c.PacketLengths.IsEmpty, "packet lengths");
            Add(!c.SourceMacs.IsEmpty, "MAC addresses");
            Add(c.Mark is not null, "mark");
            Add(!c.Users.IsEmpty, "users");
            Add(!c.Groups.IsEmpty, "user groups");
            Add(c.Cgroup is not null, "control group");
            Add(c.Rate is not null, $"rate {(c.Rate?.Above == true ? "over" : "within")}{(c.Rate?.PerSource == true ? " per source" : "")}{(c.Rate?.InBytes == true ? " in bytes" : "")}");
            Add(c.Connections is not null, $"connections {(c.Connections?.Above == true ? "over" : "within")}{(c.Connections?.PerSource == true ? " per source" : "")}");
            Add(c.IsReversePathMissing, "reverse path");
            Add(c.IsUnconfirmed, "no confirmed connection");
        }

        if (rule.Effects is RuleEffects e)
        {
            Add(e.Log, "log");
            Add(e.SetDscp is not null, "set code point");
            Add(e.SetTtl is not null, "set time to live");
            Add(e.SetMark is not null, "set mark");
            Add(e.MaxSegmentSize is not null, "segment size");
            Add(e.AddSourceTo is not null, "add source to list");
            Add(rule.Action == RuleAction.Reject, $"reject with {e.RejectWith}");
        }

        void Add(bool has, string feature)
        {
            if (has)
            {
                Features[feature] = Features.GetValueOrDefault(feature) + 1;
            }
        }
    }
}
