using static Net.Firewall.Tests.Import.ImportSamples;

namespace Net.Firewall.Tests.Import;

/// <summary>Rules of nft decide in the model as they did there.</summary>
public sealed class NftablesImportTests
{
    [Fact]
    public void A_router_decides_as_before()
    {
        ImportedRules rules = NftablesImport.Read(Read("router.nft"));

        Assert.Empty(FirewallRuleValidator.Validate(rules.Model));
        Assert.Equal("Allow nftables input 1", Ask(rules, Tcp("192.0.2.1", 9, "lo")));
        Assert.StartsWith("Block nftables input 2", Ask(rules, Tcp("192.0.2.1", 80) with { State = ConnectionStates.Invalid }), StringComparison.Ordinal);
        Assert.StartsWith("Allow nftables input 2", Ask(rules, Tcp("192.0.2.1", 9) with { State = ConnectionStates.Related }), StringComparison.Ordinal);
        Assert.Equal("Allow admins come in", Ask(rules, Tcp("198.51.100.9", 22)));
        Assert.StartsWith("Reject", Ask(rules, Tcp("198.51.100.10", 22)), StringComparison.Ordinal);
        Assert.StartsWith("Allow", Ask(rules, Tcp("192.0.2.77", 443)), StringComparison.Ordinal);
        Assert.Equal("Block nftables mail 1", Ask(rules, Tcp("192.0.2.77", 25)));
        Assert.StartsWith("Allow nftables mail", Ask(rules, Tcp("203.0.113.9", 25)), StringComparison.Ordinal);
        Assert.StartsWith("Allow nftables mail", Ask(rules, Tcp("2001:db8::9", 25)), StringComparison.Ordinal);
        Assert.StartsWith("Block", Ask(rules, Tcp("192.0.2.77", 9) with { TcpFlags = 0x10 }), StringComparison.Ordinal);
        Assert.StartsWith("Reject", Ask(rules, Tcp("192.0.2.77", 113)), StringComparison.Ordinal);
        FlowPacket outbound = Tcp("192.0.2.1", 9, "") with { Direction = RuleDirection.Outbound, InputInterface = null, OutputInterface = "wan0", User = 1500 };
        Assert.Equal("Allow -", Ask(rules, outbound));
        Assert.Equal("Block nftables output 1", Ask(rules, outbound.Between(System.Net.IPAddress.Parse("203.0.113.7"), System.Net.IPAddress.Parse("192.0.2.1"))));
        FlowPacket forwarded = Tcp("192.0.2.1", 9, "lan1") with { Direction = RuleDirection.Forward, OutputInterface = "wan0", IsReversePathMissing = true };
        Assert.Equal("Allow nftables forward 2", Ask(rules, forwarded));
        Assert.Equal("Block nftables forward 3", Ask(rules, forwarded with { InputInterface = "dmz0" }));
        Assert.Equal("Block forward policy", Ask(rules, forwarded with { InputInterface = "dmz0", IsReversePathMissing = false }));
    }

    [Fact]
    public void Nat_is_taken_over()
    {
        var translator = new FlowTranslator(NftablesImport.Read(Read("router.nft")).Model);
        FlowPacket leaving = Tcp("192.168.7.3", 80, "lan0") with { Direction = RuleDirection.Forward, OutputInterface = "vpn0" };

        FlowTranslation to = translator.TranslateDestination(Tcp("192.0.2.1", 8443));
        FlowTranslation from = translator.TranslateSource(leaving);

        Assert.Equal("192.168.7.10 443", $"{to.Packet.DestinationAddress} {to.Packet.DestinationPort}");
        Assert.Equal(Rules.Address("10.8.0.2-10.8.0.5"), from.PossibleAddresses);
        Assert.Contains(from.Notes, note => note.Contains("by the source alone", StringComparison.Ordinal));
        Assert.Equal(NatKind.Exempt, translator.TranslateSource(leaving.Between(leaving.SourceAddress, System.Net.IPAddress.Parse("10.1.1.1"))).Rule!.Kind);
    }

    [Fact]
    public void What_cannot_be_expressed_is_told_by_line()
    {
        ImportedRules rules = NftablesImport.Read(Read("router.nft"));

        Assert.Equal(
            [
                (34, "set banned is not known, is filled by rules or has joined values"),
                (39, "values joined by a dot cannot be expressed"),
                (74, "tables of family netdev cannot be expressed"),
            ],
            rules.Problems.Select(problem => (problem.Line, problem.Reason)));
    }

    [Fact]
    public void Our_own_rules_come_back()
    {
        FirewallModel model = Rules.Model(
            Rules.BlockPort(1, 80),
            Rules.Block(2) with { Action = RuleAction.Allow, SourceAddresses = [Rules.Address("10.0.0.0/8")], InputInterfaces = ["lan*"] });
        string text = NftablesCompiler.CompileFull(model).Transaction.ToString();

        ImportedRules rules = NftablesImport.Read(text[text.IndexOf("table inet netmod {", StringComparison.Ordinal)..]);

        FlowPacket packet = Tcp("10.1.1.1", 80, "lan0");
        Assert.StartsWith("Block", Ask(rules, packet), StringComparison.Ordinal);
        Assert.StartsWith("Allow nftables", Ask(rules, packet with { DestinationPort = 81 }), StringComparison.Ordinal);
        Assert.Equal("Allow -", Ask(rules, packet with { DestinationPort = 81, InputInterface = "wan0" }));
    }
}
