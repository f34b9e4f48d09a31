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

    [Fact]
    public void Between_programs_a_rule_is_written_without_what_a_reader_fills_in()
    {
        var rule = new FirewallRule { Name = "a", Direction = RuleDirection.Forward, Log = true, DestinationPort = [new PortRange(80)], SourceAddress = [AddressRange.Parse("10.0.0.1")] };

        string written = JsonSerializer.Serialize(rule, ContractsJsonContext.Wire.FirewallRule);

        Assert.Equal(
            """{"id":0,"name":"a","enabled":true,"direction":"forward","action":"allow","protocol":"any","family":"any","destinationPort":["80"],"sourceAddress":["10.0.0.1"],"log":true,"rejectWith":"default"}""",
            written);
    }

    [Fact]
    public void What_is_written_between_programs_and_what_is_written_whole_read_as_the_same()
    {
        var rule = new FirewallRule { Name = "a", Enabled = false, LocalPort = [new PortRange(1, 9)], User = ["root"], RatePerSource = true, ExpiresAt = DateTimeOffset.UnixEpoch };
        var document = new NetConfiguration { Firewall = new FirewallSection { Rules = [rule, new FirewallRule { Name = "b" }] } };
        string whole = JsonSerializer.Serialize(document, ContractsJsonContext.Default.NetConfiguration);
        string lean = JsonSerializer.Serialize(document, ContractsJsonContext.Wire.NetConfiguration);

        Assert.True(lean.Length < whole.Length * 3 / 4, $"{lean.Length} of {whole.Length} characters");
        Assert.Equal(whole, Again(whole, ContractsJsonContext.Wire));
        Assert.Equal(whole, Again(lean, ContractsJsonContext.Wire));
        Assert.Equal(whole, Again(lean, ContractsJsonContext.Default));

        static string Again(string json, ContractsJsonContext by) =>
            JsonSerializer.Serialize(JsonSerializer.Deserialize(json, by.NetConfiguration)!, ContractsJsonContext.Default.NetConfiguration);
    }

    [Fact]
    public void What_a_reader_fills_in_is_what_was_left_out()
    {
        var rule = new FirewallRule { Name = "a" };
        foreach (System.Reflection.PropertyInfo member in typeof(FirewallRule).GetProperties().Where(one => one.PropertyType.IsArray))
        {
            Assert.Empty((Array)member.GetValue(rule)!);
        }

        Assert.All(
            typeof(FirewallRule).GetProperties().Where(one => one.PropertyType == typeof(bool) && one.Name != nameof(FirewallRule.Enabled)),
            member => Assert.False((bool)member.GetValue(rule)!, member.Name));
    }

    private static FirewallRule Rule(string json) => JsonSerializer.Deserialize(json, ContractsJsonContext.Default.FirewallRule)!;
}
