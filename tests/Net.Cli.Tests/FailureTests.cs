using Net.Cli.Hosting;
using Net.Cli.Tests.Support;
using Net.Contracts;

namespace Net.Cli.Tests;

public sealed class FailureTests
{
    [Theory]
    [InlineData(nameof(ErrorCatalogue.FirewallRuleNotFound), 1)]
    [InlineData(nameof(ErrorCatalogue.ConfigurationChanged), 1)]
    [InlineData(nameof(ErrorCatalogue.FirewallRuleInvalid), 2)]
    [InlineData(nameof(ErrorCatalogue.EngineNotReachable), 3)]
    [InlineData(nameof(ErrorCatalogue.ProtocolVersionMismatch), 3)]
    [InlineData(nameof(ErrorCatalogue.RoleRequired), 4)]
    [InlineData(nameof(ErrorCatalogue.InternalFault), 1)]
    public async Task A_failure_gives_its_exit_code_and_says_what_to_do_on_standard_error_only(string id, int exitCode)
    {
        var cli = new CliRun();
        ErrorDefinition definition = ErrorCatalogue.ById[id];
        cli.Engine.Fail(EngineApi.FirewallListRules, new EngineException(definition, "What happened."));

        Assert.Equal(exitCode, await cli.LineAsync("firewall list"));

        Assert.Empty(cli.Out);
        Assert.Equal($"netmod: What happened. ({id})\n  {definition.RecommendedAction}\n", cli.Error);
    }

    [Theory]
    [InlineData("", "Required command was not provided.", "netmod --help")]
    [InlineData("firewall", "Required command was not provided.", "netmod firewall --help")]
    [InlineData("nothing", "nothing", "netmod --help")]
    [InlineData("firewall add", "argument missing", "netmod firewall add --help")]
    [InlineData("firewall add x --action pass", "--action: 'pass' is none of allow, block, reject, continue.", "netmod firewall add --help")]
    [InlineData("firewall add x --protocol 6", "--protocol: '6' is none of", "netmod firewall add --help")]
    [InlineData("firewall add x --local-port 70000", "--local-port: '70000' is not a port", "netmod firewall add --help")]
    [InlineData("firewall add x --remote-address 10.0.0.1/8", "did you mean 10.0.0.0/8?", "netmod firewall add --help")]
    [InlineData("firewall add x --confirm-within 5", "--confirm-within: '5' is not a duration", "netmod firewall add --help")]
    [InlineData("firewall add x --position 0", "--position: '0' is not a whole number from 1", "netmod firewall add --help")]
    [InlineData("path route add x", "--destination", "netmod path route add --help")]
    [InlineData("path route add x --destination 10.0.0.1-10.0.0.9", "is a range", "netmod path route add --help")]
    [InlineData("events --since yesterday", "--since: 'yesterday' is neither", "netmod events --help")]
    [InlineData("log-level firewall loud", "LEVEL: 'loud' is none of", "netmod log-level --help")]
    [InlineData("status --output xml", "--output: 'xml' is none of table, json.", "netmod status --help")]
    [InlineData("path measure --count 1001", "from 1 to 1000", "netmod path measure --help")]
    public async Task A_command_line_that_is_not_usable_is_refused_with_code_2(string line, string message, string help)
    {
        var cli = new CliRun();

        Assert.Equal(2, await cli.LineAsync(line));

        Assert.Empty(cli.Out);
        Assert.StartsWith("netmod: ", cli.Error, StringComparison.Ordinal);
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
        Assert.Contains("(ArgumentInvalid)\n", cli.Error, StringComparison.Ordinal);
        Assert.EndsWith($"  See '{help}'.\n", cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, cli.Engine.Connections);
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_an_error_and_a_pattern_that_matches_nothing_is_not()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.FirewallListRules, []);

        Assert.Equal(1, await cli.LineAsync("firewall list nobody"));
        Assert.Contains("There is no firewall rule 'nobody'. (FirewallRuleNotFound)", cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, await cli.LineAsync("firewall list no*"));
        Assert.Equal(0, await cli.LineAsync("firewall disable no*"));
        Assert.Contains("nothing to change", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_starts_over_when_somebody_changed_the_configuration_in_between()
    {
        var cli = new CliRun();
        cli.Engine.Fail(EngineApi.FirewallSetRules, new EngineException(ErrorCatalogue.ConfigurationChanged, "changed"));

        Assert.Equal(0, await cli.LineAsync("firewall disable block-web"));

        Assert.Equal(6, cli.Engine.Requests.Count);
    }

    [Fact]
    public async Task A_conflict_with_the_generation_the_user_named_is_the_answer()
    {
        var cli = new CliRun();
        cli.Engine.Fail(EngineApi.FirewallSetRules, new EngineException(ErrorCatalogue.ConfigurationChanged, "changed"));

        Assert.Equal(1, await cli.LineAsync("firewall disable block-web --expect-generation 2"));

        Assert.Contains("\"expectedGeneration\":2", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_with_130_and_says_nothing()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.EventsWatch, Endless(cli.Cancellation));

        Assert.Equal(ExitCodes.Interrupted, await cli.LineAsync("events --watch"));

        Assert.Empty(cli.Error);
        Assert.Contains("PathFailed", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var cli = new CliRun();

        Assert.Equal(1, await cli.LineAsync("config apply /nowhere/x.json"));

        Assert.StartsWith("netmod: There is no file '/nowhere/x.json'. (FileNotFound)\n", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_characters_in_names_never_reach_the_terminal()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.FirewallListRules, [Samples.Rule with { Name = "x\x1b[2Jy" }]);

        Assert.Equal(0, await cli.LineAsync("firewall list"));

        Assert.DoesNotContain('\x1b', cli.Out);
    }

    private static async IAsyncEnumerable<EngineEvent> Endless(CancellationTokenSource source)
    {
        yield return Samples.Event;
        await source.CancelAsync();
        await Task.FromCanceled(source.Token);
    }
}
