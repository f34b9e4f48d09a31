namespace Net.Firewall.Tests;

public sealed class FirewallModelValidatorTests
{
    private static readonly Rule s_in = Rules.Block(1);
    private static readonly Rule s_out = Rules.Block(1, RuleDirection.Outbound);
    private static readonly Rule s_tcp = s_in with { Protocol = RuleProtocol.Tcp, Action = RuleAction.Allow };
    private static readonly NatRule s_nat = new() { Id = 1, Name = "nat", Kind = NatKind.Destination, ToAddresses = Rules.Address("10.0.0.1") };

    public static TheoryData<string, string, Rule> RuleFaults => new()
    {
        { RuleErrorIds.ConditionDirection, "Users", With(s_in, new() { Users = [new(1)] }) },
        { RuleErrorIds.ConditionDirection, "Groups", With(s_in, new() { Groups = [new(1)] }) },
        { RuleErrorIds.ConditionDirection, "SourceMacs", With(s_out, new() { SourceMacs = [new(1)] }) },
        { RuleErrorIds.ConditionDirection, "IsReversePathMissing", With(s_out, new() { IsReversePathMissing = true }) },
        { RuleErrorIds.ConditionDirection, "Cgroup", With(Rules.Block(1, RuleDirection.Forward), new() { Cgroup = "a" }) },
        { RuleErrorIds.ConditionDirection, "MaxSegmentSize", s_tcp with { Effects = new() { MaxSegmentSize = 0 } } },
        { RuleErrorIds.ConditionNeedsProtocol, "IcmpTypes", With(s_in, new() { IcmpTypes = [new(RuleAddressFamily.IPv4, 8)] }) },
        { RuleErrorIds.ConditionNeedsProtocol, "TcpFlags", With(s_in, new() { TcpFlags = new(2, 2) }) },
        { RuleErrorIds.ConditionNeedsProtocol, "MaxSegmentSize", s_in with { Action = RuleAction.Allow, Effects = new() { MaxSegmentSize = 1300 } } },
        { RuleErrorIds.ProtocolFamilyMismatch, "IcmpTypes", With(s_in with { Protocol = RuleProtocol.IcmpV6 }, new() { IcmpTypes = [new(RuleAddressFamily.IPv4, 8)] }) },
        { RuleErrorIds.ValueUnknown, "IcmpTypes", With(s_in with { Protocol = RuleProtocol.Icmp }, new() { IcmpTypes = [new(RuleAddressFamily.Any, 8)] }) },
        { RuleErrorIds.ValueUnknown, "ConnectionStates", With(s_in, new() { ConnectionStates = (ConnectionStates)64 }) },
        { RuleErrorIds.ValueOutOfRange, "TcpFlags", With(s_tcp, new() { TcpFlags = new(2, 18) }) },
        { RuleErrorIds.ValueOutOfRange, "Dscp", With(s_in, new() { Dscp = [64] }) },
        { RuleErrorIds.ValueOutOfRange, "Mark", With(s_in, new() { Mark = new(0x100, 0xff) }) },
        { RuleErrorIds.ValueOutOfRange, "SourceMacs", With(s_in, new() { SourceMacs = [new(1ul << 48)] }) },
        { RuleErrorIds.NumberRangeReversed, "PacketLengths", With(s_in, new() { PacketLengths = [new(9, 1)] }) },
        { RuleErrorIds.NumberRangeReversed, "Users", With(s_out, new() { Users = [new(9, 1)] }) },
        { RuleErrorIds.ValueOutOfRange, "Rate", With(s_in, new() { Rate = new(0, RatePeriod.Second) }) },
        { RuleErrorIds.ValueOutOfRange, "Rate", With(s_in, new() { Rate = new(1, RatePeriod.Second) { Burst = 0 } }) },
        { RuleErrorIds.ValueOutOfRange, "Rate", With(s_in, new() { Rate = new(2_000_000, RatePeriod.Day) { InBytes = true } }) },
        { RuleErrorIds.ValueOutOfRange, "Rate", With(s_in, new() { Rate = new(2_000_000_000, RatePeriod.Second) }) },
        { RuleErrorIds.ValueUnknown, "Rate", With(s_in, new() { Rate = new(1, (RatePeriod)9) }) },
        { RuleErrorIds.ValueOutOfRange, "Connections", With(s_in, new() { Connections = new(0) }) },
        { RuleErrorIds.EffectNeedsAction, "RejectWith", s_in with { Effects = new() { RejectWith = RejectKind.NoRoute } } },
        { RuleErrorIds.EffectNeedsAction, "SetDscp", s_in with { Effects = new() { SetDscp = 1 } } },
        { RuleErrorIds.EffectNeedsAction, "SetMark", s_in with { Effects = new() { SetMark = new(1) } } },
        { RuleErrorIds.ValueOutOfRange, "SetDscp", s_tcp with { Effects = new() { SetDscp = 64 } } },
        { RuleErrorIds.ValueOutOfRange, "SetTtl", s_tcp with { Effects = new() { SetTtl = 0 } } },
        { RuleErrorIds.ValueOutOfRange, "SetMark", s_tcp with { Effects = new() { SetMark = new(2, 1) } } },
        { RuleErrorIds.ValueOutOfRange, "MaxSegmentSize", s_tcp with { Effects = new() { MaxSegmentSize = 10 } } },
        { RuleErrorIds.EffectNeedsList, "AddSourceFor", s_in with { Effects = new() { AddSourceFor = TimeSpan.FromMinutes(1) } } },
    };

    public static TheoryData<string, string, NatRule> NatFaults => new()
    {
        { RuleErrorIds.NatTargetMissing, "ToAddresses", s_nat with { ToAddresses = null } },
        { RuleErrorIds.NatTargetUnexpected, "ToAddresses", s_nat with { Kind = NatKind.Masquerade } },
        { RuleErrorIds.NatTargetUnexpected, "ToPorts", s_nat with { Kind = NatKind.Exempt, ToAddresses = null, ToPorts = new(80) } },
        { RuleErrorIds.PortsNeedProtocol, "ToPorts", s_nat with { ToPorts = new(80) } },
        { RuleErrorIds.PortsNeedProtocol, "DestinationPorts", s_nat with { DestinationPorts = [new(80)] } },
        { RuleErrorIds.PortRangeReversed, "ToPorts", s_nat with { Protocol = RuleProtocol.Tcp, ToPorts = new(90, 80) } },
        { RuleErrorIds.PortRangeReversed, "ToPorts", s_nat with { Protocol = RuleProtocol.Tcp, ToPorts = new(0) } },
        { RuleErrorIds.AddressRangeReversed, "ToAddresses", s_nat with { ToAddresses = Rules.Address("10.0.0.9-10.0.0.1") } },
        { RuleErrorIds.AddressesNeverMatch, "ToAddresses", s_nat with { DestinationAddresses = [Rules.Address("::1")] } },
        { RuleErrorIds.AddressFamilyMismatch, "ToAddresses", s_nat with { AddressFamily = RuleAddressFamily.IPv6 } },
        { RuleErrorIds.NatPrefixMismatch, "DestinationAddresses", s_nat with { Kind = NatKind.DestinationPrefix } },
        { RuleErrorIds.NatPrefixMismatch, "DestinationAddresses", s_nat with { Kind = NatKind.DestinationPrefix, DestinationAddresses = [Rules.Address("192.0.2.0/24")] } },
        { RuleErrorIds.NatPrefixMismatch, "SourceAddresses", s_nat with { Kind = NatKind.SourcePrefix, SourceAddresses = [Rules.Address("192.0.2.1-192.0.2.3")], ToAddresses = Rules.Address("10.0.0.1-10.0.0.3") } },
        { RuleErrorIds.InterfaceDirection, "OutputInterfaces", s_nat with { OutputInterfaces = ["wan0"] } },
        { RuleErrorIds.InterfaceDirection, "InputInterfaces", s_nat with { Kind = NatKind.Source, InputInterfaces = ["wan0"] } },
        { RuleErrorIds.InterfaceNameInvalid, "InputInterfaces", s_nat with { InputInterfaces = ["a b"] } },
        { RuleErrorIds.NatOptionMeaningless, "IncludesOwnPackets", s_nat with { Kind = NatKind.Source, IncludesOwnPackets = true } },
        { RuleErrorIds.NatOptionMeaningless, "IsToThisHost", s_nat with { Kind = NatKind.Source, IsToThisHost = true } },
        { RuleErrorIds.NatOptionMeaningless, "ExemptsSource", s_nat with { ExemptsSource = true } },
        { RuleErrorIds.NatOptionMeaningless, "IsRandom", s_nat with { Kind = NatKind.Exempt, ToAddresses = null, IsRandom = true } },
        { RuleErrorIds.ValueUnknown, "Kind", s_nat with { Kind = (NatKind)99, ToAddresses = null } },
    };

    [Theory]
    [MemberData(nameof(RuleFaults))]
    public void A_fault_of_a_condition_or_effect_is_named(string errorId, string property, Rule rule) => Check(errorId, property, ProblemSubject.Rule, FirewallRuleValidator.Validate(rule));

    [Theory]
    [MemberData(nameof(NatFaults))]
    public void A_fault_of_a_nat_rule_is_named(string errorId, string property, NatRule rule) => Check(errorId, property, ProblemSubject.NatRule, FirewallRuleValidator.Validate(rule));

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData(".")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a;b")]
    [InlineData("a{b}")]
    [InlineData("a\n")]
    [InlineData("a$b")]
    [InlineData("a\\")]
    [InlineData("\u00e4")]
    public void A_path_no_control_group_can_be_named_by_is_refused(string path)
    {
        Rule rule = With(s_in, new() { Cgroup = path });

        Assert.Equal(RuleErrorIds.CgroupInvalid, Assert.Single(FirewallRuleValidator.Validate(rule)).ErrorId);
        Assert.Throws<ArgumentException>(() => NftablesCompiler.CompileFull(Rules.Model(rule), options: new() { Cgroups = new Dictionary<string, ulong> { [path] = 1 } }));
    }

    [Theory]
    [InlineData("system.slice/ssh.service")]
    [InlineData("system.slice/system-getty\\x2d.slice/getty@tty1.service")]
    [InlineData("user.slice/user-1000.slice/app_a:b-1.scope")]
    public void Paths_of_control_groups_pass(string path) => Assert.Empty(FirewallRuleValidator.Validate(With(s_in, new() { Cgroup = path })));

    [Fact]
    public void Lists_are_checked_with_the_rules_that_name_them()
    {
        FirewallModel model = Rules.Model(
            With(Rules.Block(1), new() { SourceLists = [7, 1, 1] }),
            Rules.Block(2) with { Effects = new() { AddSourceTo = 1 } }) with
        {
            AddressLists =
            [
                new() { Id = 1, Name = "static", Addresses = [Rules.Address("10.0.0.2-10.0.0.1")] },
                new() { Id = 1, Name = "STATIC" },
                new() { Id = 2, Name = "", IsDynamic = true, Addresses = [Rules.Address("10.0.0.1")], MaxEntries = 0, Timeout = TimeSpan.Zero },
            ],
        };

        Assert.Equal(
            [
                RuleErrorIds.AddressRangeReversed, RuleErrorIds.IdDuplicate, RuleErrorIds.NameDuplicate, RuleErrorIds.NameEmpty, RuleErrorIds.AddressListMixed,
                RuleErrorIds.ValueOutOfRange, RuleErrorIds.ValueOutOfRange, RuleErrorIds.AddressListUnknown, RuleErrorIds.AddressListRepeated, RuleErrorIds.AddressListNotDynamic,
            ],
            FirewallRuleValidator.Validate(model).Select(problem => problem.ErrorId));
    }

    private static Rule With(Rule rule, RuleConditions conditions) => rule with { Conditions = conditions };

    private static void Check(string errorId, string property, ProblemSubject subject, IEnumerable<RuleProblem> problems)
    {
        RuleProblem problem = Assert.Single(problems);
        Assert.Equal((errorId, property, subject), (problem.ErrorId, problem.Property, problem.Subject));
        Assert.EndsWith(".", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", problem.RecommendedAction, StringComparison.Ordinal);
    }
}
