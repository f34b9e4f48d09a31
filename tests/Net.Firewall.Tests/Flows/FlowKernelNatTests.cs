using System.Net;
using System.Runtime.Versioning;
using System.Text;

namespace Net.Firewall.Tests.Flows;

/// <summary>What NAT rules make of packets is what the kernel makes of them.</summary>
[SupportedOSPlatform("linux")]
public sealed class FlowKernelNatTests(ITestOutputHelper output)
{
    private const int RuleSets = 12;
    private const int PacketsEach = 60;

    [Fact]
    public void The_kernel_translates_as_the_model_says()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var network = new KernelNetwork();
        SortedDictionary<string, int> kinds = new(StringComparer.Ordinal);
        var differences = new StringBuilder();
        for (int seed = 0; seed < RuleSets; seed++)
        {
            var random = new RandomFlows(3000 + seed);
            FirewallModel model = FirewallModel.Empty with { NatRules = [.. Enumerable.Range(1, 12).Select(id => NextRule(random, id))] };
            FlowPacket[] packets = [.. Enumerable.Range(1, PacketsEach).Select(number => NextPacket(random, number))];

            network.Load(NftablesCompiler.CompileFull(model).Transaction, packets);
            network.Send(packets);

            Compare(network, new FlowTranslator(model), packets, kinds, differences, seed);
        }

        output.WriteLine($"{RuleSets * PacketsEach} packets: {string.Join(", ", kinds.Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(differences.Length == 0, differences.ToString());
        Assert.True(kinds.GetValueOrDefault("Destination") > 20 && kinds.GetValueOrDefault("Redirect") > 10, "too few packets were translated to tell anything");
    }

    [Fact]
    public void The_kernel_translates_sources_as_the_model_says()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var network = new KernelNetwork();
        SortedDictionary<string, int> kinds = new(StringComparer.Ordinal);
        var differences = new StringBuilder();
        for (int seed = 0; seed < RuleSets; seed++)
        {
            var random = new RandomFlows(4000 + seed);
            FirewallModel model = FirewallModel.Empty with { NatRules = [.. Enumerable.Range(1, 12).Select(id => NextSourceRule(random, id))] };
            FlowPacket[] packets = [.. Enumerable.Range(1, PacketsEach).Select(number => NextLeaving(random, (seed * PacketsEach) + number))];

            network.Load(NftablesCompiler.CompileFull(model).Transaction, []);
            for (int i = 0; i < packets.Length; i++)
            {
                network.SendOne(packets[i], (ushort)(KernelNetwork.FirstThrough + i + 1));
            }

            CompareSources(network, new FlowTranslator(model), packets, kinds, differences, seed);
        }

        output.WriteLine($"{RuleSets * PacketsEach} packets: {string.Join(", ", kinds.Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(differences.Length == 0, differences.ToString());
        Assert.All((string[])["Source", "SourcePrefix", "Masquerade", "Exempt"], kind => Assert.True(kinds.GetValueOrDefault(kind) > 20, $"too few packets were translated by {kind} to tell anything"));
    }

    private static void CompareSources(KernelNetwork network, FlowTranslator translator, FlowPacket[] packets, SortedDictionary<string, int> kinds, StringBuilder differences, int seed)
    {
        Dictionary<int, (UInt128 Address, ushort Port)> translated = network.Sources();
        for (int i = 0; i < packets.Length; i++)
        {
            FlowTranslation translation = translator.TranslateSource(packets[i], static (link, isIPv6) => RandomFlows.LinkAddress(link, isIPv6));
            Note(
                translation, packets[i], translation.Packet.Source, translation.Packet.SourcePort,
                translated.TryGetValue(KernelNetwork.FirstThrough + i + 1, out (UInt128, ushort) sighting) ? sighting : null, kinds, differences, seed);
        }
    }

    private static void Compare(KernelNetwork network, FlowTranslator translator, FlowPacket[] packets, SortedDictionary<string, int> kinds, StringBuilder differences, int seed)
    {
        Dictionary<int, (UInt128 Address, ushort Port)> translated = network.Destinations();
        for (int i = 0; i < packets.Length; i++)
        {
            FlowTranslation translation = translator.TranslateDestination(packets[i], static (link, isIPv6) => RandomFlows.LinkAddress(link, isIPv6));
            Note(translation, packets[i], translation.Packet.Destination, translation.Packet.DestinationPort, translated.TryGetValue(i + 1, out (UInt128, ushort) sighting) ? sighting : null, kinds, differences, seed);
        }
    }

    private static void Note(
        FlowTranslation translation, FlowPacket packet, UInt128 address, ushort port, (UInt128 Address, ushort Port)? sighting, SortedDictionary<string, int> kinds, StringBuilder differences, int seed)
    {
        string kind = translation.Rule?.Kind.ToString() ?? "none";
        kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        bool isAlike = sighting is { } seen
            && (translation.PossibleAddresses is AddressRange range ? seen.Address >= range.First && seen.Address <= range.Last : seen.Address == address)
            && (translation.PossiblePorts is PortRange ports ? ports.Contains(seen.Port) : seen.Port == port);
        if (!isAlike)
        {
            differences.AppendLine($"seed {seed} {packet}");
            differences.AppendLine($"  model: {AddressRange.FromNumbers(packet.Family, address, address)} {port} by {translation.Rule}");
            differences.AppendLine($"  kernel: {(sighting is { } other ? $"{AddressRange.FromNumbers(packet.Family, other.Address, other.Address)} {other.Port}" : "not seen")}");
        }
    }

    private static FlowPacket NextPacket(RandomFlows random, int number)
    {
        FlowPacket packet = random.Packet(random.Pick<RuleDirection>([RuleDirection.Inbound, RuleDirection.Inbound, RuleDirection.Outbound]), number);
        while (packet.Protocol is not (6 or 17) || packet.State != ConnectionStates.New)
        {
            packet = random.Packet(random.Pick<RuleDirection>([RuleDirection.Inbound, RuleDirection.Inbound, RuleDirection.Outbound]), number);
        }

        // A port of its own, so that no packet belongs to the connection of another.
        return packet with { SourcePort = (ushort)(20_000 + number), IsToThisHost = packet.Direction == RuleDirection.Inbound };
    }

    // A packet through this host or of its own, whose source port no other packet has.
    private static FlowPacket NextLeaving(RandomFlows random, int number)
    {
        while (true)
        {
            FlowPacket packet = random.Packet(random.Pick<RuleDirection>([RuleDirection.Forward, RuleDirection.Forward, RuleDirection.Outbound]));
            if (packet.Protocol is 6 or 17 && packet.State == ConnectionStates.New && packet.DestinationPort > 0)
            {
                return packet with { SourcePort = (ushort)(20_000 + number) };
            }
        }
    }

    private static NatRule NextSourceRule(RandomFlows random, int id)
    {
        while (true)
        {
            bool isIPv6 = random.Chance(2);
            NatKind kind = random.Pick<NatKind>([NatKind.Source, NatKind.Source, NatKind.Masquerade, NatKind.SourcePrefix, NatKind.Exempt]);
            bool hasPorts = random.Chance(2);
            NatRule rule = new()
            {
                Id = id,
                Name = $"nat-{id}",
                Enabled = !random.Chance(10),
                Kind = kind,
                ExemptsSource = kind == NatKind.Exempt,
                Protocol = hasPorts || random.Chance(2) ? random.Pick<RuleProtocol>([RuleProtocol.Tcp, RuleProtocol.Udp]) : RuleProtocol.Any,
                AddressFamily = random.Chance(2) ? (isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4) : RuleAddressFamily.Any,
                OutputInterfaces = random.Chance(2) ? [random.Pick<string>(["in0", "in*", "wan0"])] : [],
                SourceAddresses = kind == NatKind.SourcePrefix ? [Rules.Address(isIPv6 ? "fd08::/64" : "192.168.7.0/24")]
                    : random.Chance(2) ? [Rules.Address(isIPv6 ? random.Pick<string>(["fd08::/64", "fd07::/64"]) : random.Pick<string>(["10.8.0.0/16", "203.0.113.0/24"]))] : [],
                DestinationPorts = hasPorts && random.Chance(2) ? [random.Pick<PortRange>([new(80), new(1, 1000), new(443, 9000)])] : [],
                ToAddresses = kind switch
                {
                    NatKind.Source => Rules.Address(isIPv6 ? random.Pick<string>(["fd55::2", "fd55::1-fd55::9"]) : random.Pick<string>(["10.55.0.2", "10.55.0.1-10.55.0.9"])),
                    NatKind.SourcePrefix => Rules.Address(isIPv6 ? "fd56::/64" : "10.56.1.0/24"),
                    _ => null,
                },
                ToPorts = hasPorts && kind is NatKind.Source or NatKind.Masquerade && hasPorts ? random.Pick<PortRange?>([null, new PortRange(30_000, 31_000), new PortRange(20_000, 20_800)]) : null,
                IsRandom = kind is NatKind.Source or NatKind.Masquerade && random.Chance(5),
                IsPersistent = kind == NatKind.Source && random.Chance(5),
            };
            if (FirewallRuleValidator.Validate(rule).IsEmpty)
            {
                return rule;
            }
        }
    }

    private static NatRule NextRule(RandomFlows random, int id)
    {
        while (true)
        {
            bool isIPv6 = random.Chance(2);
            NatKind kind = random.Pick<NatKind>([NatKind.Destination, NatKind.Destination, NatKind.Redirect, NatKind.DestinationPrefix, NatKind.Exempt]);
            bool hasPorts = random.Chance(2);
            RuleProtocol protocol = hasPorts || random.Chance(2) ? random.Pick<RuleProtocol>([RuleProtocol.Tcp, RuleProtocol.Udp]) : RuleProtocol.Any;
            IPAddress[] local = [.. RandomFlows.Local.Where(address => new AddressRange(address).Family == (isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4))];
            NatRule rule = new()
            {
                Id = id,
                Name = $"nat-{id}",
                Enabled = !random.Chance(10),
                Kind = kind,
                Protocol = protocol,
                AddressFamily = random.Chance(3) ? (isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4) : RuleAddressFamily.Any,
                InputInterfaces = random.Chance(4) ? [random.Pick<string>(["in0", "in*", "wan0"])] : [],
                DestinationAddresses = kind == NatKind.DestinationPrefix ? [new AddressRange(new IPNetwork(IPAddress.Parse(isIPv6 ? "fd09::" : "10.9.0.0"), isIPv6 ? 64 : 24))]
                    : random.Chance(3) ? [new AddressRange(random.Pick<IPAddress>(local))] : [],
                SourceAddresses = random.Chance(4) ? [Rules.Address(isIPv6 ? random.Pick<string>(["fd08::/64", "fd07::/64"]) : random.Pick<string>(["10.8.0.0/16", "203.0.113.0/24"]))] : [],
                DestinationPorts = hasPorts && random.Chance(2) ? [random.Pick<PortRange>([new(80), new(0, 1000), new(443, 9000)])] : [],
                IsToThisHost = random.Chance(3),
                IncludesOwnPackets = random.Chance(2),
                ToAddresses = kind switch
                {
                    NatKind.Destination => Rules.Address(isIPv6 ? random.Pick<string>(["fd09::2", "fd09::1-fd09::2"]) : random.Pick<string>(["10.9.0.2", "10.9.0.1-10.9.0.2"])),
                    NatKind.DestinationPrefix => Rules.Address(isIPv6 ? "fd09:1::/64" : "10.9.1.0/24"),
                    _ => null,
                },
                ToPorts = hasPorts && kind is NatKind.Destination or NatKind.Redirect && hasPorts ? random.Pick<PortRange?>([null, new PortRange(7000), new PortRange(440, 450)]) : null,
            };
            if (FirewallRuleValidator.Validate(rule).IsEmpty)
            {
                return rule;
            }
        }
    }
}
