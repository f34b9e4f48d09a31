using Net.Contracts;
using Net.Engine.Firewall.Runtime;
using Net.Engine.Firewall.Runtime.Transfer;
using Net.Firewall;
using NatKind = Net.Contracts.NatKind;
using RuleAction = Net.Firewall.RuleAction;
using RuleDirection = Net.Firewall.RuleDirection;

namespace Net.Engine.Tests.RunningFirewall;

public sealed class TransferTests
{
    [Fact]
    public async Task Rules_are_taken_over_by_one_change_and_what_cannot_be_is_reported()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("ssh");
        TransferService service = Service(rig, new ImportedRules
        {
            Rules =
            [
                new Rule { Id = 1, Name = "ssh", Direction = RuleDirection.Inbound, Action = RuleAction.Allow, Protocol = RuleProtocol.Tcp, DestinationPorts = [new Net.Firewall.PortRange(22, 22)] },
                new Rule { Id = 2, Name = "l2tp", Direction = RuleDirection.Inbound, Action = RuleAction.Allow, Protocol = RuleProtocol.FromNumber(115) },
            ],
            NatRules = [new Net.Firewall.NatRule { Id = 3, Name = "out", Kind = Net.Firewall.NatKind.Masquerade, OutputInterfaces = ["wan"] }],
            Problems = [new ImportProblem(7, "-A INPUT -m string", "matching text in packets is not possible")],
        });

        FirewallImported imported = await service.ImportAsync(EngineRig.Admin, new ImportFirewall("*filter"), EngineRig.Token);

        Assert.True(imported.Outcome.Applied);
        Assert.Equal(["ssh", "ssh (2)"], rig.RuleNames());
        Assert.Equal("ssh (2)", Assert.Single(imported.Rules).Name);
        Assert.Equal((NatKind.Masquerade, "wan"), (imported.NatRules[0].Kind, imported.NatRules[0].OutInterfaceAlias[0]));
        Assert.Equal([(7, "-A INPUT -m string"), (0, "l2tp")], imported.Problems.Select(problem => (problem.Line, problem.Text)));
    }

    [Fact]
    public async Task Texts_of_iptables_and_nftables_are_told_apart_and_read()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        const string iptables = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT\n";
        const string nftables = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy accept;\n\t\tudp dport 69 drop\n\t}\n}\n";

        FirewallImported first = await rig.Runtime.Transfer.ImportAsync(EngineRig.Admin, new ImportFirewall(iptables), EngineRig.Token);
        FirewallImported second = await rig.Runtime.Transfer.ImportAsync(EngineRig.Admin, new ImportFirewall(nftables), EngineRig.Token);

        Assert.Contains(first.Rules, rule => rule is { Protocol: IpProtocol.Tcp, Action: Contracts.RuleAction.Block, LocalPort: [{ First: 23 }] });
        Assert.Contains(second.Rules, rule => rule is { Protocol: IpProtocol.Udp, Action: Contracts.RuleAction.Block, LocalPort: [{ First: 69 }] });
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => rig.Runtime.Transfer.ImportAsync(EngineRig.Admin, new ImportFirewall("hello"), EngineRig.Token));
    }

    [Fact]
    public async Task Replacing_takes_the_place_of_all_rules_and_a_plan_changes_nothing()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("old");
        TransferService service = Service(rig, new ImportedRules { Rules = [new Rule { Id = 1, Name = "new", Direction = RuleDirection.Forward, Action = RuleAction.Block }] });

        FirewallImported planned = await service.ImportAsync(EngineRig.Admin, new ImportFirewall("*filter", true, new ChangeOptions(WhatIf: true)), EngineRig.Token);
        string[] before = rig.RuleNames();
        await service.ImportAsync(EngineRig.Admin, new ImportFirewall("*filter", true), EngineRig.Token);

        Assert.False(planned.Outcome.Applied);
        Assert.Equal(["old"], before);
        Assert.Equal(["new"], rig.RuleNames());
    }

    [Fact]
    public async Task A_text_of_no_kind_that_is_known_or_without_rules_is_refused()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();

        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => Service(rig, null).ImportAsync(EngineRig.Admin, new ImportFirewall("hello"), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => Service(rig, new ImportedRules()).ImportAsync(EngineRig.Admin, new ImportFirewall("*filter"), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.ArgumentInvalid, () => Service(rig, new ImportedRules()).ImportAsync(EngineRig.Admin, new ImportFirewall(""), EngineRig.Token));
    }

    [Fact]
    public void The_words_of_a_rule_give_the_same_rule_again()
    {
        Rule rule = new()
        {
            Id = 5,
            Name = "everything",
            Direction = RuleDirection.Inbound,
            Action = RuleAction.Reject,
            Protocol = RuleProtocol.Tcp,
            AddressFamily = RuleAddressFamily.IPv4,
            SourceAddresses = [Range("10.0.0.0/8"), Range("192.0.2.5-192.0.2.9")],
            DestinationAddresses = [Range("198.51.100.1")],
            SourcePorts = [new Net.Firewall.PortRange(1024, 65535)],
            DestinationPorts = [new Net.Firewall.PortRange(80, 80)],
            InputInterfaces = ["eth*"],
            Conditions = new RuleConditions
            {
                ConnectionStates = ConnectionStates.New | ConnectionStates.Related,
                TcpFlags = new TcpFlagMatch(0x17, 0x02),
                Dscp = [46],
                PacketLengths = [new NumberRange(100, 200)],
                SourceMacs = [Mac("02:00:5e:10:00:01")],
                Mark = new MarkMatch(0x10, 0xff),
                Rate = new RateLimit(2000, RatePeriod.Minute) { InBytes = true, Burst = 100, PerSource = true, Above = true },
                Connections = new ConnectionLimit(10, PerSource: true, Above: true),
            },
            Effects = new RuleEffects { Log = true, SetDscp = 10, SetTtl = 64, SetMark = new MarkMatch(1), MaxSegmentSize = 0, RejectWith = RejectKind.HostUnreachable },
        };

        FirewallRule said = RuleWords.ToDocument(rule, out string? problem)!;
        Rule again = Firewall.FirewallTranslation.ToRule(said with { Id = 5 });

        Assert.Null(problem);
        Assert.Equal(rule, again);
    }

    [Fact]
    public async Task An_export_is_the_commands_with_names_before_their_rules_in_one_line_each()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("no web");
        await rig.AddRuleAsync("no\u2028ssh \\", port: "22");

        string text = rig.Runtime.Transfer.Export().Text;

        string[] lines = text.Split('\n');
        int web = Array.FindIndex(lines, line => line == "\t\t# rule 'no web'");
        Assert.Contains("counter name \"r", lines[web + 1], StringComparison.Ordinal);
        Assert.Contains("\t\t# rule 'no?ssh ?'", lines);
        Assert.Contains("table inet netmod {", lines);
    }

    [Fact]
    public async Task An_empty_firewall_exports_its_removal()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();

        Assert.Contains("delete table inet netmod", rig.Runtime.Transfer.Export().Text, StringComparison.Ordinal);
    }

    private static TransferService Service(EngineRig rig, ImportedRules? imported) =>
        new(rig.Manager, new FirewallModels(rig.Manager, rig.FirewallSection), _ => imported, rig.Clock);

    private static Net.Firewall.AddressRange Range(string text) => Net.Firewall.AddressRange.TryParse(text, out Net.Firewall.AddressRange range) ? range : throw new FormatException(text);

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out MacAddress address) ? address : throw new FormatException(text);
}
