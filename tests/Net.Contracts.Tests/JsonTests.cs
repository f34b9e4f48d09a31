using System.Text.Json;
using Net.Contracts.Json;

namespace Net.Contracts.Tests;

public sealed class JsonTests
{
    [Theory]
    [InlineData(IpFamily.IPv4, "\"ipv4\"")]
    [InlineData(IpFamily.IPv6, "\"ipv6\"")]
    public void Families_are_written_as_people_write_them(IpFamily family, string written)
    {
        Assert.Equal(written, JsonSerializer.Serialize(new FirewallRule { Name = "a", Family = family }, ContractsJsonContext.Default.FirewallRule).Split("\"family\":")[1].Split(',')[0]);
        Assert.Equal(family, Rule($$"""{"name":"a","family":{{written}}}""").Family);
    }

    [Fact]
    public void Enums_are_camel_case_read_in_any_case_and_never_numbers()
    {
        FirewallRule rule = Rule("""{"name":"a","direction":"FORWARD","action":"reject","protocol":"Tcp"}""");
        Assert.Equal((RuleDirection.Forward, RuleAction.Reject, IpProtocol.Tcp), (rule.Direction, rule.Action, rule.Protocol));
        Assert.Contains("\"direction\":\"forward\"", JsonSerializer.Serialize(rule, ContractsJsonContext.Default.FirewallRule), StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => Rule("""{"name":"a","action":1}"""));
        Assert.Throws<JsonException>(() => Rule("""{"name":"a","action":"1"}"""));
        Assert.Throws<JsonException>(() => Rule("""{"name":"a","action":"destroy"}"""));
    }

    [Fact]
    public void Members_that_are_left_out_keep_their_defaults()
    {
        FirewallRule rule = Rule("""{"name":"a"}""");
        Assert.True(rule.Enabled);
        Assert.Equal(IpProtocol.Any, rule.Protocol);
        Assert.Empty(rule.LocalPort);
        NetConfiguration document = JsonSerializer.Deserialize("""{"paths":{"probe":{"maxLost":5}}}""", ContractsJsonContext.Default.NetConfiguration)!;
        Assert.Equal((1, 5, 2, true), (document.SchemaVersion, document.Paths.Probe.MaxLost, document.Paths.Probe.RecoverAfter, document.Paths.Probe.Enabled));
        Assert.Equal(["group:netmod"], document.Access.Readers);
        Assert.Equal(1, document.Firewall.NextRuleId);
        Assert.True(JsonSerializer.Deserialize("{}", ContractsJsonContext.Default.ListFirewallRules)!.Counters);
        Assert.Equal(10, JsonSerializer.Deserialize("{}", ContractsJsonContext.Default.MeasurePaths)!.Count);
    }

    [Theory]
    [InlineData("""{"name":"a","colour":"red"}""")]
    [InlineData("""{"action":"block"}""")]
    [InlineData("""{"name":null}""")]
    [InlineData("""{"name":"a","localPort":null}""")]
    [InlineData("""{"name":"a","enabled":"yes"}""")]
    public void Unknown_missing_null_and_wrong_members_are_refused(string json) => Assert.Throws<JsonException>(() => Rule(json));

    [Fact]
    public void Nothing_that_is_null_is_sent() =>
        Assert.DoesNotContain("null", JsonSerializer.Serialize(new FirewallRule { Name = "a" }, ContractsJsonContext.Default.FirewallRule), StringComparison.Ordinal);

    private static FirewallRule Rule(string json) => JsonSerializer.Deserialize(json, ContractsJsonContext.Default.FirewallRule)!;
}
