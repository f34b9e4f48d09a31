using System.Collections.Immutable;

namespace Net.Firewall.Tests;

public sealed class FirewallRuleValidatorTests
{
    private static readonly Rule s_plain = Rules.Block(1);

    public static TheoryData<string, string, Rule> Faults => new()
    {
        { RuleErrorIds.IdInvalid, "Id", s_plain with { Id = 0 } },
        { RuleErrorIds.IdInvalid, "Id", s_plain with { Id = Rule.LastGeneratedId + 1 } },
        { RuleErrorIds.NameEmpty, "Name", s_plain with { Name = "" } },
        { RuleErrorIds.NameEmpty, "Name", s_plain with { Name = " " } },
        { RuleErrorIds.NameTooLong, "Name", s_plain with { Name = new string('x', 129) } },
        { RuleErrorIds.NameInvalid, "Name", s_plain with { Name = "a\nb" } },
        { RuleErrorIds.NameInvalid, "Name", s_plain with { Name = "a\u001b[31mb" } },
        { RuleErrorIds.ValueUnknown, "Direction", s_plain with { Direction = (RuleDirection)7 } },
        { RuleErrorIds.ValueUnknown, "Action", s_plain with { Action = (RuleAction)7 } },
        { RuleErrorIds.ValueUnknown, "AddressFamily", s_plain with { AddressFamily = (RuleAddressFamily)7 } },
        { RuleErrorIds.PortsNeedProtocol, "DestinationPorts", s_plain with { DestinationPorts = [new PortRange(80)] } },
        { RuleErrorIds.PortsNeedProtocol, "SourcePorts", s_plain with { Protocol = RuleProtocol.Icmp, SourcePorts = [new PortRange(80)] } },
        { RuleErrorIds.PortRangeReversed, "DestinationPorts", s_plain with { Protocol = RuleProtocol.Tcp, DestinationPorts = [new PortRange(9, 1)] } },
        { RuleErrorIds.AddressRangeReversed, "SourceAddresses", s_plain with { SourceAddresses = [Rules.Address("10.0.0.2-10.0.0.1")] } },
        { RuleErrorIds.AddressFamilyMismatch, "SourceAddresses", s_plain with { AddressFamily = RuleAddressFamily.IPv6, SourceAddresses = [Rules.Address("::1"), Rules.Address("10.0.0.1")] } },
        { RuleErrorIds.AddressesNeverMatch, "DestinationAddresses", s_plain with { SourceAddresses = [Rules.Address("::1")], DestinationAddresses = [Rules.Address("10.0.0.1")] } },
        { RuleErrorIds.ProtocolFamilyMismatch, "Protocol", s_plain with { Protocol = RuleProtocol.IcmpV6, AddressFamily = RuleAddressFamily.IPv4 } },
        { RuleErrorIds.ProtocolFamilyMismatch, "Protocol", s_plain with { Protocol = RuleProtocol.IcmpV4, SourceAddresses = [Rules.Address("::1")] } },
        { RuleErrorIds.InterfaceDirection, "OutputInterfaces", s_plain with { OutputInterfaces = ["eth0"] } },
        { RuleErrorIds.InterfaceDirection, "InputInterfaces", s_plain with { Direction = RuleDirection.Outbound, InputInterfaces = ["eth0"] } },
        { RuleErrorIds.TooManyValues, "InputInterfaces", s_plain with { InputInterfaces = [.. Enumerable.Range(0, 65).Select(n => $"eth{n}")] } },
        { RuleErrorIds.TooManyValues, "DestinationPorts", s_plain with { Protocol = RuleProtocol.Udp, DestinationPorts = [.. Enumerable.Range(0, 257).Select(n => new PortRange((ushort)n))] } },
        { RuleErrorIds.TooManyValues, "DestinationAddresses", s_plain with { DestinationAddresses = [.. Enumerable.Repeat(Rules.Address("::1"), 1001)] } },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named_with_its_property_and_what_to_do(string errorId, string property, Rule rule)
    {
        RuleProblem problem = Assert.Single(FirewallRuleValidator.Validate(rule));

        Assert.Equal((errorId, property, rule.Id), (problem.ErrorId, problem.Property, problem.RuleId));
        Assert.EndsWith(".", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", problem.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain(problem.Message, char.IsControl);
        Assert.InRange(problem.Message.Length, 1, 250);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("a*b")]
    [InlineData("eth0**")]
    [InlineData("sixteen-letters-")]
    [InlineData("fifteen-letters*")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a'b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("\u007f")]
    [InlineData("eth\u00e9")]
    [InlineData("..")]
    [InlineData("\" accept; flush ruleset; #")]
    public void Names_no_rule_can_match_on_are_refused(string name)
    {
        Rule rule = s_plain with { InputInterfaces = ["lo", name] };

        RuleProblem problem = Assert.Single(FirewallRuleValidator.Validate(rule));

        Assert.Equal(RuleErrorIds.InterfaceNameInvalid, problem.ErrorId);
        Assert.DoesNotContain(problem.Message, char.IsControl);
        Assert.Throws<ArgumentException>(() => NftablesCompiler.CompileFull(Rules.Model(rule)));
    }

    [Theory]
    [InlineData("lo")]
    [InlineData("eth0.100")]
    [InlineData("wan*")]
    [InlineData("fifteen-letters")]
    [InlineData("fourteen-chars*")]
    [InlineData("a;b{}#$")]
    public void Names_an_interface_can_have_pass(string name)
    {
        Assert.Empty(FirewallRuleValidator.Validate(s_plain with { InputInterfaces = [name] }));
        Assert.True(InterfaceNames.IsValid(name));
    }

    [Fact]
    public void Names_are_unique_without_regard_to_case()
    {
        FirewallModel model = Rules.Model(Rules.Block(1) with { Name = "Web" }, Rules.Block(2) with { Name = "web" }, Rules.Block(3));

        RuleProblem problem = Assert.Single(FirewallRuleValidator.Validate(model));

        Assert.Equal((RuleErrorIds.NameDuplicate, 2L, "web"), (problem.ErrorId, problem.RuleId, problem.RuleName));
        Assert.Contains("'Web'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_are_unique_and_the_compiler_insists()
    {
        FirewallModel model = Rules.Model(Rules.Block(1), Rules.Block(1) with { Name = "other" });

        Assert.Equal(RuleErrorIds.IdDuplicate, Assert.Single(FirewallRuleValidator.Validate(model)).ErrorId);
        Assert.Throws<ArgumentException>(() => NftablesCompiler.CompileFull(model));
    }

    [Fact]
    public void Every_problem_of_every_rule_is_found_at_once()
    {
        FirewallModel model = Rules.Model(
            s_plain with { Name = "", Protocol = RuleProtocol.Icmp, SourcePorts = [new PortRange(2, 1)] },
            Rules.Block(2) with { OutputInterfaces = ["a/b"] });

        ImmutableArray<RuleProblem> problems = FirewallRuleValidator.Validate(model);

        Assert.Equal(
            [
                RuleErrorIds.NameEmpty, RuleErrorIds.PortsNeedProtocol, RuleErrorIds.PortRangeReversed,
                RuleErrorIds.InterfaceNameInvalid, RuleErrorIds.InterfaceDirection,
            ],
            problems.Select(problem => problem.ErrorId));
    }

    [Fact]
    public void A_hostile_name_never_reaches_the_datapath()
    {
        Rule rule = s_plain with { Name = "x\"; flush ruleset; #" };

        Assert.Empty(FirewallRuleValidator.Validate(rule));
        Assert.DoesNotContain("flush ruleset", NftablesCompiler.CompileFull(Rules.Model(rule)).Transaction.ToString(), StringComparison.Ordinal);
    }
}
