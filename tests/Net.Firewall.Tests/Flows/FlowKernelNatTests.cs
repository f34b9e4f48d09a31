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

    private static void Compare(KernelNetwork network, FlowTranslator translator, FlowPacket[] packets, SortedDictionary<string, int> kinds, StringBuilder differences, int seed)
    {
        Dictionary<int, (UInt128 Address, ushort Port)> translated = network.Destinations();
        for (int i = 0; i < packets.Length; i++)
        {
            FlowTranslation translation = translator.TranslateDestination(packets[i], static (link, isIPv6) => RandomFlows.LinkAddress(link, isIPv6));
            string kind = translation.Rule?.Kind.ToString() ?? "none";
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            if (!translated.TryGetValue(i + 1, out (UInt128 Address, ushort Port) sighting))
            {
                differences.AppendLine($"seed {seed} packet {i + 1} was not seen: {packets[i]}");
                continue;
            }

            bool isAddress = translation.PossibleAddresses is AddressRange range
                ? sighting.Address >= range.First && sighting.Address <= range.Last
                : sighting.Address == translation.Packet.Destination;
            bool isPort = translation.PossiblePorts is PortRange ports ? ports.Contains(sighting.Port) : sighting.Port == translation.Packet.DestinationPort;
            if (!isAddress || !isPort)
            {
                differences.AppendLine($"seed {seed} packet {i + 1} {packets[i]}");
                differences.AppendLine($"  model: {translation.Packet.DestinationAddress} {translation.Packet.DestinationPort} by {translation.Rule}");
                differences.AppendLine($"  kernel: {AddressRange.FromNumbers(packets[i].Family, sighting.Address, sighting.Address)} {sighting.Port}");
            }
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
