namespace Net.Firewall.Tests;

/// <summary>The models whose compiled text is kept in tests/data/firewall.</summary>
internal static class GoldenModels
{
    public static IReadOnlyDictionary<string, NftTransaction> Transactions { get; } = new Dictionary<string, NftTransaction>
    {
        ["empty"] = NftablesCompiler.CompileFull(FirewallModel.Empty).Transaction,
        ["protocols"] = NftablesCompiler.CompileFull(Protocols()).Transaction,
        ["reject"] = NftablesCompiler.CompileFull(Reject()).Transaction,
        ["addresses"] = NftablesCompiler.CompileFull(Addresses()).Transaction,
        ["ports"] = NftablesCompiler.CompileFull(PortLists()).Transaction,
        ["interfaces"] = NftablesCompiler.CompileFull(Interfaces()).Transaction,
        ["chunks"] = NftablesCompiler.CompileFull(Chunks()).Transaction,
        ["conditions"] = NftablesCompiler.CompileFull(GoldenFeatures.Conditions(), options: GoldenFeatures.Options).Transaction,
        ["effects"] = NftablesCompiler.CompileFull(GoldenFeatures.Effects()).Transaction,
        ["limits"] = NftablesCompiler.CompileFull(GoldenFeatures.Limits()).Transaction,
        ["lists"] = NftablesCompiler.CompileFull(GoldenFeatures.Lists()).Transaction,
        ["nat"] = NftablesCompiler.CompileFull(GoldenFeatures.Nat()).Transaction,
        ["kept"] = NftablesCompiler.CompileFull(GoldenFeatures.Kept()).Transaction,
        ["guards"] = NftablesCompiler.CompileFull(GoldenFeatures.Guards()).Transaction,
        ["home-router"] = NftablesCompiler.CompileFull(HomeRouter(), new Dictionary<long, RuleCounter> { [3] = new(12, 720) }).Transaction,
    };

    /// <summary>A change: what stood before, and what compiling the step gives.</summary>
    public static (CompiledFirewall Before, NftTransaction Start, NftTransaction Step) Change()
    {
        FirewallCompilation before = NftablesCompiler.CompileFull(Rules.Ports(66));
        FirewallModel next = Rules.Model([
            .. Rules.Ports(66).Rules.Take(64),
            Rules.BlockPort(200, 8080, RuleDirection.Forward),
            Rules.BlockPort(2000, 81) with { Action = RuleAction.Allow },
        ]);
        return (before.Result, before.Transaction, NftablesCompiler.CompileChange(before.Result, next).Transaction);
    }

    private static FirewallModel Protocols()
    {
        RuleProtocol[] protocols =
        [
            RuleProtocol.Any, RuleProtocol.Tcp, RuleProtocol.Udp, RuleProtocol.Icmp, RuleProtocol.IcmpV4, RuleProtocol.IcmpV6,
            RuleProtocol.Esp, RuleProtocol.Ah, RuleProtocol.Gre, RuleProtocol.Sctp, RuleProtocol.FromNumber(89),
        ];
        List<Rule> rules = [];
        foreach (RuleAddressFamily family in Enum.GetValues<RuleAddressFamily>())
        {
            foreach (RuleProtocol protocol in protocols)
            {
                Rule rule = Rules.Block(rules.Count + 1) with { Protocol = protocol, AddressFamily = family };
                if (FirewallRuleValidator.Validate(rule).IsEmpty)
                {
                    rules.Add(rule);
                }
            }
        }

        return Rules.Model(rules);
    }

    private static FirewallModel Reject() => Rules.Model(
        Rules.Block(1) with { Action = RuleAction.Reject },
        Rules.Block(2) with { Action = RuleAction.Reject, Protocol = RuleProtocol.Tcp },
        Rules.BlockPort(3, 25, RuleDirection.Outbound) with { Action = RuleAction.Reject },
        Rules.Block(4, RuleDirection.Forward) with { Action = RuleAction.Reject, Protocol = RuleProtocol.Udp, DestinationPorts = [new PortRange(53)] },
        Rules.Block(5, RuleDirection.Forward) with { Action = RuleAction.Reject, SourceAddresses = [Rules.Address("192.0.2.0/24"), Rules.Address("2001:db8::/32")] });

    private static FirewallModel Addresses() => Rules.Model(
        Rules.Block(1) with { SourceAddresses = [Rules.Address("192.0.2.1")] },
        Rules.Block(2) with { SourceAddresses = [Rules.Address("192.0.2.1"), Rules.Address("2001:db8::1")] },
        Rules.Block(3) with { SourceAddresses = [Rules.Address("2001:db8::/32")], DestinationAddresses = [Rules.Address("2001:db8:1::5-2001:db8:1::9")] },
        Rules.Block(4) with { AddressFamily = RuleAddressFamily.IPv4, DestinationAddresses = [Rules.Address("0.0.0.0/0")] },
        Rules.Block(5) with { DestinationAddresses = [Rules.Address("::/0")] },
        // Overlapping, touching, repeated and out of order: one interval is left.
        Rules.Block(6) with
        {
            SourceAddresses =
            [
                Rules.Address("10.0.0.128/25"), Rules.Address("10.0.0.0/25"), Rules.Address("10.0.0.7"), Rules.Address("10.0.0.7"),
            ],
        },
        Rules.Block(7) with { SourceAddresses = [Rules.Address("10.0.0.0/8"), Rules.Address("192.168.0.5-192.168.0.9"), Rules.Address("255.255.255.255")] },
        // Sources of both versions, destinations of one: the other version cannot match.
        Rules.Block(8) with { SourceAddresses = [Rules.Address("10.0.0.1"), Rules.Address("::1")], DestinationAddresses = [Rules.Address("10.0.0.2")] },
        Rules.Block(9) with { SourceAddresses = [Rules.Address("::ffff:192.0.2.1"), Rules.Address("::192.0.2.1"), Rules.Address("2001:0:0:1::1"), Rules.Address("fe80::5efe:c000:201")] });

    private static FirewallModel PortLists() => Rules.Model(
        Rules.BlockPort(1, 22),
        Rules.BlockPort(2, 0) with { DestinationPorts = [new PortRange(0, 65535)] },
        Rules.BlockPort(3, 0) with { DestinationPorts = [new PortRange(443), new PortRange(80), new PortRange(80), new PortRange(8000, 8080)] },
        Rules.BlockPort(4, 0) with { DestinationPorts = [new PortRange(1, 10), new PortRange(5, 20), new PortRange(21), new PortRange(65535)] },
        Rules.Block(5) with { Protocol = RuleProtocol.Udp, SourcePorts = [new PortRange(53), new PortRange(123)], DestinationPorts = [new PortRange(1024, 65535)] },
        Rules.Block(6) with { Protocol = RuleProtocol.Sctp, DestinationPorts = [new PortRange(2905)] },
        // Eight combinations are rules of their own, nine are sets.
        Rules.BlockPort(7, 0) with { DestinationPorts = [.. Enumerable.Range(1, 8).Select(n => new PortRange((ushort)(n * 10)))] },
        Rules.BlockPort(8, 0) with { DestinationPorts = [.. Enumerable.Range(1, 9).Select(n => new PortRange((ushort)(n * 10)))] },
        Rules.BlockPort(9, 0) with
        {
            DestinationPorts = [new PortRange(1), new PortRange(3)],
            SourcePorts = [new PortRange(1), new PortRange(3)],
            DestinationAddresses = [Rules.Address("10.0.0.1"), Rules.Address("10.0.0.3"), Rules.Address("::1")],
            InputInterfaces = ["a", "b"],
        });

    private static FirewallModel Interfaces() => Rules.Model(
        Rules.Block(1) with { InputInterfaces = ["wan0"] },
        Rules.Block(2) with { InputInterfaces = ["wan*"] },
        Rules.Block(3, RuleDirection.Outbound) with { OutputInterfaces = ["wan0", "lo", "wan0"] },
        Rules.Block(4, RuleDirection.Forward) with { InputInterfaces = ["eth*", "eth0", "ethe*", "lan0"], OutputInterfaces = ["fifteen-letters"] },
        Rules.Block(5) with { InputInterfaces = ["a;b{}#$", "eth0.100", "@x", "fourteen-chars*"] });

    private static FirewallModel Chunks() => Rules.Model([
        .. Rules.Ports(130).Rules.Select(rule => rule.Id % 50 == 0 ? rule with { Enabled = false } : rule),
        Rules.Block(1000, RuleDirection.Outbound),
    ]);

    private static FirewallModel HomeRouter() => Rules.Model(
        Rules.BlockPort(1, 22) with { Name = "ssh from lan", Action = RuleAction.Allow, InputInterfaces = ["lan*"] },
        Rules.Block(2) with { Name = "ping", Action = RuleAction.Allow, Protocol = RuleProtocol.Icmp },
        Rules.BlockPort(3, 22) with { Name = "no ssh from outside", InputInterfaces = ["wan0"] },
        Rules.Block(4, RuleDirection.Forward) with
        {
            Name = "guests stay out",
            Action = RuleAction.Reject,
            InputInterfaces = ["guest0"],
            DestinationAddresses = [Rules.Address("192.168.1.0/24"), Rules.Address("fd00:1::/64")],
        },
        Rules.BlockPort(5, 25, RuleDirection.Forward) with { Name = "no mail out", OutputInterfaces = ["wan0"], Enabled = false },
        Rules.Block(6, RuleDirection.Outbound) with { Name = "no bogons", OutputInterfaces = ["wan0"], DestinationAddresses = [Rules.Address("10.0.0.0/8"), Rules.Address("172.16.0.0/12"), Rules.Address("192.168.0.0/16")] });
}
