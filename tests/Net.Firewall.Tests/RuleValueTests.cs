namespace Net.Firewall.Tests;

public sealed class RuleValueTests
{
    [Theory]
    [InlineData("any", "any", null)]
    [InlineData("TCP", "tcp", 6)]
    [InlineData("17", "udp", 17)]
    [InlineData("icmp", "icmp", null)]
    [InlineData("icmpv4", "icmpv4", 1)]
    [InlineData("58", "icmpv6", 58)]
    [InlineData("esp", "esp", 50)]
    [InlineData("ah", "ah", 51)]
    [InlineData("gre", "gre", 47)]
    [InlineData("sctp", "sctp", 132)]
    [InlineData("0", "0", 0)]
    [InlineData("255", "255", 255)]
    public void Protocols_are_read_by_name_or_number(string text, string written, int? number)
    {
        Assert.True(RuleProtocol.TryParse(text, out RuleProtocol protocol));

        Assert.Equal(written, protocol.ToString());
        Assert.Equal(number, protocol.Number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("256")]
    [InlineData("-1")]
    [InlineData("+6")]
    [InlineData("tcp ")]
    [InlineData("tcp; drop")]
    public void Other_protocols_are_refused(string text)
    {
        Assert.False(RuleProtocol.TryParse(text, out _));
    }

    [Fact]
    public void The_default_protocol_is_any()
    {
        Assert.Equal(RuleProtocol.Any, default);
        Assert.NotEqual(RuleProtocol.Icmp, RuleProtocol.IcmpV4);
        Assert.NotEqual(RuleProtocol.Any, RuleProtocol.FromNumber(0));
    }

    [Theory]
    [InlineData("80", 80, 80, "80")]
    [InlineData("0-65535", 0, 65535, "0-65535")]
    [InlineData("90-80", 90, 80, "90-80")]
    public void Ports_are_read_as_one_or_a_range(string text, int first, int last, string written)
    {
        Assert.True(PortRange.TryParse(text, out PortRange range));

        Assert.Equal(new PortRange((ushort)first, (ushort)last), range);
        Assert.Equal(written, range.ToString());
        Assert.Equal(first <= last, range.Contains((ushort)first));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("http")]
    [InlineData("65536")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("1-2-3")]
    [InlineData(" 80")]
    public void Other_ports_are_refused(string? text)
    {
        Assert.False(PortRange.TryParse(text, out _));
    }

    [Fact]
    public void Rules_and_models_are_compared_by_their_content()
    {
        Rule first = Rules.BlockPort(1, 80) with { SourceAddresses = [Rules.Address("10.0.0.0/8")] };
        Rule same = Rules.BlockPort(1, 80) with { SourceAddresses = [Rules.Address("10.0.0.0/8")] };
        Rule other = same with { SourceAddresses = [Rules.Address("10.0.0.0/9")] };

        Assert.Equal(first, same);
        Assert.Equal(first.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(first, other);
        Assert.Equal(Rules.Model(first), Rules.Model(same));
        Assert.NotEqual(Rules.Model(first), Rules.Model(other));
        Assert.NotEqual(Rules.Model(first), Rules.Model(first with { Name = "other" }));
    }

    [Fact]
    public void A_list_that_was_never_set_is_empty()
    {
        Rule rule = Rules.Block(1) with { SourcePorts = default, InputInterfaces = default };

        Assert.Equal(Rules.Block(1), rule);
        Assert.Empty(new FirewallModel(default).Rules);
    }

    [Theory]
    [InlineData("r17", true, 17)]
    [InlineData("r9007199254740992", true, 9007199254740992)]
    [InlineData("r9007199254740993", false, 0)]
    [InlineData("n18", true, 18)]
    [InlineData("kept", false, 0)]
    [InlineData("r0", false, 0)]
    [InlineData("r01", false, 0)]
    [InlineData("r", false, 0)]
    [InlineData("x17", false, 0)]
    [InlineData("r99999999999999999999", false, 0)]
    public void Counter_names_give_back_the_rule_they_belong_to(string name, bool isOurs, long id)
    {
        Assert.Equal(isOurs, FirewallTable.TryGetRuleId(name, out long ruleId));
        if (isOurs)
        {
            Assert.Equal(id, ruleId);
            Assert.Equal(name, name[0] == 'n' ? FirewallTable.NatCounter(ruleId) : FirewallTable.Counter(ruleId));
        }
    }
}
