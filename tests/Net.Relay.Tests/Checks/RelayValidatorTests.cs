using System.Net;

namespace Net.Relay.Tests.Checks;

public sealed class RelayValidatorTests
{
    private static readonly RelayOutputDefinition Output = new() { Interface = "eth1" };
    private static readonly RelayRuleDefinition Rule = new()
    {
        RuleId = 1,
        Name = "a",
        Interface = "eth0",
        Destination = AddressPrefix.Parse("239.1.1.1"),
        PortFrom = 5000,
        PortTo = 5000,
        Outputs = [Output],
    };

    [Fact]
    public void A_plain_rule_has_no_problem() => Assert.Empty(RelayValidator.Validate([Rule], default));

    public static TheoryData<string, string> InvalidRules => new()
    {
        { "no outputs", "Outputs" },
        { "65 outputs", "Outputs" },
        { "no port", "Port" },
        { "port 65536", "Port" },
        { "reversed ports", "Port" },
        { "ESP with port", "Port" },
        { "ESP with output port", "Outputs[0].Port" },
        { "loopback group", "Group" },
        { "broadcast", "Group" },
        { "no address", "Group" },
        { "IPv6 source", "Source" },
        { "group as source", "Source" },
        { "allowed IPv6", "AllowedSources" },
        { "nobody allowed", "AllowedSources" },
        { "65 allowed", "AllowedSources" },
        { "preferred without standby", "PreferredSource" },
        { "preferred not taken", "PreferredSource" },
        { "preferred not allowed", "PreferredSource" },
        { "standby 5 ms", "StandbyAfter" },
        { "duplicates of one source", "Duplicates" },
        { "output TTL 0", "Outputs[0].Ttl" },
        { "output TTL 256", "Outputs[0].Ttl" },
        { "output DSCP 64", "Outputs[0].Dscp" },
        { "output port 65536", "Outputs[0].Port" },
        { "negative rate", "Outputs[0].RateLimit" },
        { "loopback destination", "Outputs[0].Destination" },
        { "fixed source missing", "Outputs[0].Source" },
        { "fixed source of the other family", "Outputs[0].Source" },
        { "fixed source a group", "Outputs[0].Source" },
        { "family change with kept source", "Outputs[0].Source" },
        { "ESP to the other family", "Outputs[0].Destination" },
    };

    [Theory]
    [MemberData(nameof(InvalidRules))]
    public void What_does_not_fit_together_is_said_with_the_property(string name, string property)
    {
        RelayRuleDefinition esp = Rule with { Protocol = RelayProtocol.Esp, PortFrom = 0, PortTo = 0 };
        RelayRuleDefinition With(RelayOutputDefinition output) => Rule with { Outputs = [output] };
        RelayRuleDefinition rule = name switch
        {
            "no outputs" => Rule with { Outputs = [] },
            "65 outputs" => Rule with { Outputs = [.. Enumerable.Range(0, 65).Select(index => Output with { Interface = $"out{index}" })] },
            "no port" => Rule with { PortFrom = 0, PortTo = 0 },
            "port 65536" => Rule with { PortTo = 65536 },
            "reversed ports" => Rule with { PortFrom = 5001 },
            "ESP with port" => Rule with { Protocol = RelayProtocol.Esp },
            "ESP with output port" => esp with { Outputs = [Output with { Port = 5 }] },
            "loopback group" => Rule with { Destination = AddressPrefix.Parse("127.0.0.1") },
            "broadcast" => Rule with { Destination = AddressPrefix.Parse("255.255.255.255") },
            "no address" => Rule with { Destination = AddressPrefix.Parse("::") },
            "IPv6 source" => Rule with { Source = AddressPrefix.Parse("2001:db8::1") },
            "group as source" => Rule with { Source = AddressPrefix.Parse("239.1.1.1") },
            "allowed IPv6" => Rule with { AllowedSources = [AddressPrefix.Parse("2001:db8::1")] },
            "nobody allowed" => Rule with { Source = AddressPrefix.Parse("10.0.0.1"), AllowedSources = [AddressPrefix.Parse("10.0.0.2")] },
            "65 allowed" => Rule with { AllowedSources = [.. Enumerable.Range(0, 65).Select(host => AddressPrefix.Parse($"10.0.0.{host}"))] },
            "preferred without standby" => Rule with { PreferredSource = IPAddress.Parse("10.0.0.1") },
            "preferred not taken" => Rule with { Duplicates = DuplicateMode.Standby, PreferredSource = IPAddress.Parse("2001:db8::1") },
            "preferred not allowed" => Rule with { Duplicates = DuplicateMode.Standby, PreferredSource = IPAddress.Parse("10.0.0.1"), AllowedSources = [AddressPrefix.Parse("10.0.0.2")] },
            "standby 5 ms" => Rule with { Duplicates = DuplicateMode.Standby, StandbyAfterMilliseconds = 5 },
            "duplicates of one source" => Rule with { Duplicates = DuplicateMode.Suppress, Source = AddressPrefix.Parse("10.0.0.1") },
            "output TTL 0" => With(Output with { Ttl = 0 }),
            "output TTL 256" => With(Output with { Ttl = 256 }),
            "output DSCP 64" => With(Output with { Dscp = 64 }),
            "output port 65536" => With(Output with { Port = 65536 }),
            "negative rate" => With(Output with { BitsPerSecond = -1 }),
            "loopback destination" => With(Output with { Destination = IPAddress.Loopback }),
            "fixed source missing" => With(Output with { SourceMode = SourceMode.Fixed }),
            "fixed source of the other family" => With(Output with { SourceMode = SourceMode.Fixed, Source = IPAddress.Parse("2001:db8::1") }),
            "fixed source a group" => With(Output with { SourceMode = SourceMode.Fixed, Source = IPAddress.Parse("239.1.1.1") }),
            "family change with kept source" => With(Output with { Destination = IPAddress.Parse("ff0e::1") }),
            "ESP to the other family" => esp with { Outputs = [Output with { Destination = IPAddress.Parse("ff0e::1"), SourceMode = SourceMode.Interface }] },
            _ => throw new InvalidDataException(name),
        };

        RelayProblem problem = Assert.Single(RelayValidator.Validate([rule], default));

        Assert.Equal((RelayProblemKind.Invalid, property, 1, "a"), (problem.Kind, problem.Property, problem.RuleId, problem.RuleName));
        Assert.EndsWith(".", problem.Message, StringComparison.Ordinal);
        Assert.False(problem.IsWarning);
    }

    [Theory]
    [InlineData("224.0.0.0/24")]
    [InlineData("224.0.0.5")]
    [InlineData("224.0.0.0/8")]
    [InlineData("ff02::1")]
    [InlineData("ff12::1")]
    [InlineData("ff01::1")]
    [InlineData("ff00::/8")]
    public void Link_local_groups_are_never_relayed(string destination)
    {
        RelayProblem problem = Assert.Single(RelayValidator.Validate([Rule with { Destination = AddressPrefix.Parse(destination) }], new ScopePolicy(true, true)));

        Assert.Equal((RelayProblemKind.Scope, "Group"), (problem.Kind, problem.Property));
    }

    [Fact]
    public void Nothing_is_relayed_to_a_link_local_group()
    {
        RelayProblem problem = Assert.Single(RelayValidator.Validate([Rule with { Outputs = [Output with { Destination = IPAddress.Parse("224.0.0.9") }] }], new ScopePolicy(true, true)));

        Assert.Equal((RelayProblemKind.Scope, "Outputs[0].Destination"), (problem.Kind, problem.Property));
    }

    [Theory]
    [InlineData("239.255.1.1", GroupScope.Site)]
    [InlineData("239.192.1.1", GroupScope.Organization)]
    [InlineData("239.195.255.255", GroupScope.Organization)]
    [InlineData("239.196.0.0", GroupScope.Global)]
    [InlineData("ff05::1", GroupScope.Site)]
    [InlineData("ff04::1", GroupScope.Site)]
    [InlineData("ff08::1", GroupScope.Organization)]
    [InlineData("ff0e::1", GroupScope.Global)]
    [InlineData("10.0.0.1", GroupScope.Global)]
    [InlineData("2001:db8::1", GroupScope.Global)]
    [InlineData("239.0.0.0/8", GroupScope.Site)]
    public void Scoped_groups_go_further_than_a_hop_only_where_that_is_allowed(string destination, GroupScope scope)
    {
        RelayRuleDefinition Sample(int? ttl) => Rule with { Destination = AddressPrefix.Parse(destination), Outputs = [Output with { Ttl = ttl }] };
        var policy = new ScopePolicy(AllowSite: scope == GroupScope.Site, AllowOrganization: scope == GroupScope.Organization);

        Assert.Equal(scope, GroupScopes.Of(AddressPrefix.Parse(destination)));
        Assert.Empty(RelayValidator.Validate([Sample(null)], default));
        Assert.Empty(RelayValidator.Validate([Sample(1)], default));
        Assert.Empty(RelayValidator.Validate([Sample(2)], policy));
        Assert.Equal(scope == GroupScope.Global ? [] : ["Outputs[0].Ttl"], RelayValidator.Validate([Sample(2)], default).Select(problem => problem.Property));
    }

    [Fact]
    public void A_rule_whose_output_is_its_input_is_refused()
    {
        RelayRuleDefinition With(RelayOutputDefinition output) => Rule with { Outputs = [Output, output] };

        RelayProblem problem = Assert.Single(RelayValidator.Validate([With(new() { Interface = "eth0" })], default));
        Assert.Equal((RelayProblemKind.Loop, "Outputs[1]"), (problem.Kind, problem.Property));
        Assert.NotEmpty(RelayValidator.Validate([With(new() { Interface = "eth0", Destination = IPAddress.Parse("239.1.1.1"), Port = 5000 })], default));
        Assert.Empty(RelayValidator.Validate([With(new() { Interface = "eth0", Port = 5001 })], default));
        Assert.Empty(RelayValidator.Validate([With(new() { Interface = "eth0", Destination = IPAddress.Parse("239.1.1.2") })], default));
        Assert.Empty(RelayValidator.Validate([With(new() { Interface = "eth0" }) with { IsEnabled = false }], default));
    }

    [Fact]
    public void Loops_are_found_through_patterns_prefixes_and_ranges()
    {
        Assert.NotEmpty(RelayValidator.Validate([Rule with { Interface = "eth*" }], default));
        Assert.NotEmpty(RelayValidator.Validate([Rule with { Interface = "eth?" }], default));
        Assert.Empty(RelayValidator.Validate([Rule with { Interface = "br*" }], default));
        Assert.NotEmpty(RelayValidator.Validate([Rule with { Destination = AddressPrefix.Parse("239.1.0.0/16"), Outputs = [new() { Interface = "eth0", Destination = IPAddress.Parse("239.1.7.7") }] }], default));
        Assert.NotEmpty(RelayValidator.Validate([Rule with { PortTo = 6000, Outputs = [new() { Interface = "eth0", Port = 5500 }] }], default));
        Assert.Empty(RelayValidator.Validate([Rule with { PortTo = 6000, Outputs = [new() { Interface = "eth0", Port = 6001 }] }], default));
    }

    [Fact]
    public void An_output_whose_source_the_rule_does_not_take_is_no_loop()
    {
        RelayRuleDefinition one = Rule with { Source = AddressPrefix.Parse("10.0.0.1") };
        RelayOutputDefinition back = new() { Interface = "eth0" };

        Assert.NotEmpty(RelayValidator.Validate([one with { Outputs = [back] }], default));
        Assert.Empty(RelayValidator.Validate([one with { Outputs = [back with { SourceMode = SourceMode.Fixed, Source = IPAddress.Parse("10.0.0.2") }] }], default));
        Assert.Empty(RelayValidator.Validate([one with { Outputs = [back with { SourceMode = SourceMode.Interface }] }], default));
        Assert.NotEmpty(RelayValidator.Validate([Rule with { Outputs = [back with { SourceMode = SourceMode.Interface }] }], default));
        Assert.Empty(RelayValidator.Validate([Rule with { AllowedSources = [AddressPrefix.Parse("10.0.0.1")], Outputs = [back with { SourceMode = SourceMode.Fixed, Source = IPAddress.Parse("10.0.0.2") }] }], default));
    }

    [Fact]
    public void A_circle_of_rules_is_refused_with_their_names()
    {
        RelayRuleDefinition[] rules =
        [
            Rule,
            Rule with { RuleId = 2, Name = "b", Interface = "eth1", Outputs = [new() { Interface = "eth2", Destination = IPAddress.Parse("239.2.2.2") }] },
            Rule with { RuleId = 3, Name = "c", Interface = "eth2", Destination = AddressPrefix.Parse("239.2.0.0/16"), Outputs = [new() { Interface = "eth0", Destination = IPAddress.Parse("239.1.1.1") }, new() { Interface = "eth3" }] },
            Rule with { RuleId = 4, Name = "d", Interface = "eth3" , Outputs = [new() { Interface = "eth4" }] },
        ];

        RelayProblem problem = Assert.Single(RelayValidator.Validate(rules, default));

        Assert.Equal((RelayProblemKind.Loop, "c"), (problem.Kind, problem.RuleName));
        Assert.Matches("'(a|b|c)' -> '(a|b|c)' -> '(a|b|c)' -> '(a|b|c)'", problem.Message);
        Assert.Empty(RelayValidator.Validate([rules[0], rules[1], rules[2] with { IsEnabled = false }, rules[3]], default));
    }

    [Fact]
    public void Two_directions_with_different_senders_are_no_circle()
    {
        RelayRuleDefinition there = Rule with { AllowedSources = [AddressPrefix.Parse("10.0.0.0/24")] };
        RelayRuleDefinition back = Rule with { RuleId = 2, Name = "b", Interface = "eth1", AllowedSources = [AddressPrefix.Parse("10.0.1.0/24")], Outputs = [new() { Interface = "eth0" }] };

        Assert.Empty(RelayValidator.Validate([there, back], default));
        Assert.Single(RelayValidator.Validate([there with { AllowedSources = [] }, back with { AllowedSources = [] }], default));
    }

    [Fact]
    public void Rules_that_share_packets_are_warned_of()
    {
        RelayRuleDefinition second = Rule with { RuleId = 2, Name = "b", Outputs = [new() { Interface = "eth2" }] };

        RelayProblem problem = Assert.Single(RelayValidator.Validate([Rule, second], default));
        Assert.True(problem.IsWarning);
        Assert.Contains("'a'", problem.Message, StringComparison.Ordinal);
        Assert.NotEmpty(RelayValidator.Validate([Rule, second with { Destination = AddressPrefix.Parse("239.0.0.0/8") }], default));
        Assert.NotEmpty(RelayValidator.Validate([Rule, second with { PortTo = 6000 }], default));
        Assert.NotEmpty(RelayValidator.Validate([Rule, second with { Interface = "e*0" }], default));
        Assert.NotEmpty(RelayValidator.Validate([Rule with { Interface = "e*0" }, second], default));
        Assert.NotEmpty(RelayValidator.Validate([Rule with { PortTo = 5001 }, second with { PortFrom = 4000 }], default));
        Assert.Empty(RelayValidator.Validate([Rule, second with { Interface = "eth5" }], default));
        Assert.Empty(RelayValidator.Validate([Rule with { Source = AddressPrefix.Parse("10.0.0.1") }, second with { Source = AddressPrefix.Parse("10.0.0.2") }], default));
        Assert.Empty(RelayValidator.Validate([Rule with { AllowedSources = [AddressPrefix.Parse("10.0.0.1")] }, second with { AllowedSources = [AddressPrefix.Parse("10.0.0.2")] }], default));
    }

    [Fact]
    public void Two_outputs_that_send_the_same_are_warned_of()
    {
        RelayProblem problem = Assert.Single(RelayValidator.Validate([Rule with { Outputs = [Output, Output with { Port = 9 }, Output with { Ttl = 5 }] }], default));

        Assert.Equal((RelayProblemKind.Overlap, "Outputs[2]"), (problem.Kind, problem.Property));
    }

    [Fact]
    public void An_engine_that_cannot_do_what_the_rule_needs_is_refused_before_it_is_tried()
    {
        RelayProblem problem = Assert.Single(RelayValidator.Validate([Rule with { Engine = RelayEngineKind.Tcx, AnalyzeSequence = true }], default));

        Assert.Equal((RelayProblemKind.Engine, "Engine"), (problem.Kind, problem.Property));
        Assert.Equal("The rule asks for tcx, but counting of sequence numbers is not possible in the kernel.", problem.Message);
        Assert.Empty(RelayValidator.Validate([Rule with { Engine = RelayEngineKind.Packet, AnalyzeSequence = true, Outputs = [Output with { Oversize = OversizeAction.Fragment }] }], default));
    }

    [Theory]
    [InlineData("groups")]
    [InlineData("ports")]
    [InlineData("ranges")]
    [InlineData("chain")]
    public void Ten_thousand_rules_are_judged_without_searching_them_pair_by_pair(string kind)
    {
        RelayRuleDefinition[] rules =
        [
            .. Enumerable.Range(0, 10_000).Select(index => kind switch
            {
                "groups" => Rule with { RuleId = index, Name = $"{index}", Destination = AddressPrefix.Parse($"239.1.{index >> 8}.{index & 255}") },
                "ports" => Rule with { RuleId = index, Name = $"{index}", PortFrom = index + 1, PortTo = index + 1 },
                "ranges" => Rule with { RuleId = index, Name = $"{index}", Destination = AddressPrefix.Parse($"239.1.{index >> 8}.{index & 255}"), PortTo = 6000 },
                _ => Rule with { RuleId = index, Name = $"{index}", Interface = $"eth{index}", Outputs = [new() { Interface = $"eth{index + 1}" }] },
            }),
        ];

        Assert.Empty(RelayValidator.Validate(rules, default));
        if (kind == "chain")
        {
            rules[^1] = rules[^1] with { Outputs = [new() { Interface = "eth0" }] };
            RelayProblem problem = Assert.Single(RelayValidator.Validate(rules, default));
            Assert.Equal(RelayProblemKind.Loop, problem.Kind);
        }
    }
}
