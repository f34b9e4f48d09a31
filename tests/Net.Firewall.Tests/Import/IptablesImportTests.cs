using static Net.Firewall.Tests.Import.ImportSamples;

namespace Net.Firewall.Tests.Import;

/// <summary>Rules of iptables decide in the model as they did there.</summary>
public sealed class IptablesImportTests
{
    [Fact]
    public void A_server_decides_as_before()
    {
        ImportedRules rules = IptablesImport.Read(Read("iptables-server.rules"));

        Assert.Empty(FirewallRuleValidator.Validate(rules.Model));
        Assert.Equal("Allow iptables INPUT 1", Ask(rules, Tcp("192.0.2.1", 9, "lo")));
        Assert.Equal("Block iptables INPUT 2", Ask(rules, Tcp("192.0.2.1", 80) with { State = ConnectionStates.Invalid }));
        Assert.Equal("Allow known connections", Ask(rules, Tcp("192.0.2.1", 9) with { State = ConnectionStates.Established }));
        Assert.Equal("Allow iptables ssh-guard 1", Ask(rules, Tcp("10.1.2.3", 22)));
        Assert.Equal("Block iptables ssh-guard 3", Ask(rules, Tcp("192.0.2.1", 22)));
        Assert.Equal("Allow iptables INPUT 6", Ask(rules, Tcp("192.0.2.1", 8005)));
        Assert.Equal("Block INPUT policy", Ask(rules, Tcp("192.0.2.1", 8011))[..18]);
        Assert.Equal("Reject iptables INPUT 11", Ask(rules, Tcp("192.0.2.1", 113)));
        Assert.StartsWith("Allow iptables INPUT 10", Ask(rules, Tcp("192.0.2.1", 9) with { Mark = 0x201 }), StringComparison.Ordinal);
        Assert.Equal("Allow iptables INPUT 9", Ask(rules, Tcp("192.0.2.1", 9) with { SourceMac = new MacAddress(0x02005e100001) }));
    }

    [Fact]
    public void A_conditional_return_goes_on_behind_the_call()
    {
        ImportedRules rules = IptablesImport.Read(Read("iptables-server.rules"));

        // Back from ssh-guard nothing takes port 22, so the policy does; but the mark still does before it.
        Assert.StartsWith("Block INPUT policy", Ask(rules, Tcp("198.51.100.9", 22)), StringComparison.Ordinal);
        Assert.StartsWith("Allow iptables INPUT 10", Ask(rules, Tcp("198.51.100.9", 22) with { Mark = 1 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_that_must_not_be_are_logged_as_before()
    {
        ImportedRules rules = IptablesImport.Read(Read("iptables-server.rules"));
        var evaluator = new FlowEvaluator(rules.Model);

        Assert.Single(evaluator.Evaluate(Tcp("192.0.2.1", 9) with { TcpFlags = 0x10 }).Logged);
        Assert.Single(evaluator.Evaluate(Tcp("192.0.2.1", 9) with { TcpFlags = 0x03 }).Logged);
        Assert.Empty(evaluator.Evaluate(Tcp("192.0.2.1", 9) with { TcpFlags = 0x02 }).Logged);
    }

    [Fact]
    public void Forwarding_asks_the_called_chain_under_the_condition_of_the_call()
    {
        ImportedRules rules = IptablesImport.Read(Read("iptables-server.rules"));
        FlowPacket packet = Tcp("192.168.7.3", 80, "lan0") with { Direction = RuleDirection.Forward, OutputInterface = "wan0" };

        Assert.Equal("Allow iptables FORWARD 3", Ask(rules, packet));
        Assert.Equal("Block iptables forward-lan 2", Ask(rules, packet with { DestinationPort = 25 }));
        Assert.Equal("Block FORWARD policy", Ask(rules, packet with { InputInterface = "wan0" }));
        Assert.Equal((ushort)0, new FlowEvaluator(rules.Model).Evaluate(packet).MaxSegmentSize);
        Assert.Equal(RejectKind.NoRoute, rules.Rules.Single(rule => rule.Name == "iptables forward-lan 1").Effects!.RejectWith);
    }

    [Fact]
    public void Nat_is_taken_over()
    {
        ImportedRules rules = IptablesImport.Read(Read("iptables-server.rules"));
        var translator = new FlowTranslator(rules.Model);

        FlowTranslation to = translator.TranslateDestination(Tcp("192.0.2.1", 8443));
        FlowPacket leaving = Tcp("192.168.7.3", 80, "lan0") with { Direction = RuleDirection.Forward, OutputInterface = "wan0" };

        Assert.Equal(("web behind", "192.168.7.10", 443), (to.Rule!.Name, to.Packet.DestinationAddress.ToString(), to.Packet.DestinationPort));
        Assert.Equal(NatKind.Masquerade, translator.TranslateSource(leaving).Rule!.Kind);
        Assert.Equal(NatKind.Exempt, translator.TranslateSource(leaving.Between(leaving.SourceAddress, System.Net.IPAddress.Parse("10.1.1.1"))).Rule!.Kind);
        Assert.Equal("10.8.0.2", translator.TranslateSource(leaving with { OutputInterface = "vpn0" }).Packet.SourceAddress.ToString());
    }

    [Fact]
    public void What_cannot_be_expressed_is_told_by_line()
    {
        ImportedRules rules = IptablesImport.Read(Read("iptables-server.rules"));

        Assert.Equal(
            [
                (39, "every interface but one cannot be expressed"),
                (40, "match recent cannot be expressed"),
            ],
            rules.Problems.Select(problem => (problem.Line, problem.Reason)));
    }

    [Fact]
    public void Ip6tables_rules_are_of_IPv6()
    {
        ImportedRules rules = IptablesImport.Read(Read("ip6tables.rules"));

        Assert.Equal("Block ip6tables INPUT 5", Ask(rules, Tcp("fd00::1", 443)));
        Assert.Equal("Allow ip6tables INPUT 6", Ask(rules, Tcp("2001:db8::5", 443)));
        Assert.Equal("Allow -", Ask(rules, Tcp("192.0.2.1", 443)));
        Assert.Equal("match hl cannot be expressed", Assert.Single(rules.Problems).Reason);
    }

    [Fact]
    public void Chains_that_call_each_other_without_end_are_bounded()
    {
        string text = "*filter\n:INPUT ACCEPT\n:a -\n:b -\n-A INPUT -j a\n-A a -s 10.0.0.0/8 -j RETURN\n-A a -j b\n-A a -j b\n-A b -s 192.0.2.0/24 -j RETURN\n-A b -j a\n-A b -j a\nCOMMIT\n";

        ImportedRules rules = IptablesImport.Read(text);

        Assert.NotEmpty(rules.Problems);
        Assert.InRange(rules.Rules.Length, 0, 20_000);
    }
}
