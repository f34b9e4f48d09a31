using Net.Cli.Commands;
using Net.Cli.Completion;
using Net.Cli.Engine;
using Net.Cli.Tests.Support;

namespace Net.Cli.Tests;

public sealed class CompletionTests
{
    private static readonly CommandWords[] All = [.. CommandWords.Of(CommandTree.CreateAll(new CliRun().Services))];

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task A_script_knows_every_command_and_option(string shell)
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync("completion", shell));

        Assert.All(All.Where(command => command.Path.Length > 0), command => Assert.True(
            cli.Out.Contains($"'{command.Path}'", StringComparison.Ordinal) || cli.Out.Contains($"\"{command.Path}\"", StringComparison.Ordinal), command.Path));
        Assert.All(All.SelectMany(command => command.Words).Where(word => word.StartsWith("--", StringComparison.Ordinal)).Distinct(), option =>
            Assert.True(cli.Out.Contains(option, StringComparison.Ordinal) || cli.Out.Contains($"-l {option[2..]}", StringComparison.Ordinal), option));
    }

    [Fact]
    public void Every_command_says_what_it_does_and_ends_in_an_action()
    {
        static IEnumerable<System.CommandLine.Command> Walk(System.CommandLine.Command command) => command.Subcommands.SelectMany(Walk).Prepend(command);

        Assert.All(Walk(CommandTree.CreateAll(new CliRun().Services)), command =>
        {
            Assert.False(string.IsNullOrEmpty(command.Description), command.Name);
            Assert.True(command.Subcommands.Count > 0 || command.Action is not null, command.Name);
            Assert.All(command.Options, option => Assert.False(string.IsNullOrEmpty(option.Description), $"{command.Name} {option.Name}"));
            Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrEmpty(argument.Description), $"{command.Name} {argument.Name}"));
        });
        Assert.True(All.Length > 45);
    }

    [Fact]
    public void Every_changing_command_can_only_plan_wait_for_confirmation_and_carry_a_comment()
    {
        string[] changing =
        [
            "firewall add", "firewall set", "firewall remove", "firewall enable", "firewall disable",
            "firewall rule add", "firewall rule set", "firewall rule remove", "firewall rule enable", "firewall rule disable", "firewall group enable", "firewall group disable",
            "firewall address-list add", "firewall address-list set", "firewall address-list remove", "firewall address-list put", "firewall address-list take",
            "firewall port-list add", "firewall port-list set", "firewall port-list remove", "firewall zone add", "firewall zone set", "firewall zone remove",
            "firewall profile set", "firewall detection set", "firewall nat add", "firewall nat set", "firewall nat remove", "firewall nat enable", "firewall nat disable",
            "firewall forward add", "firewall forward set", "firewall forward remove", "firewall forward enable", "firewall forward disable", "firewall import",
            "path route add", "path route set", "path route remove", "config apply", "config import", "config restore", "config restore-backup",
            "overlay add", "overlay set", "overlay remove", "overlay start", "overlay stop", "overlay peer add", "overlay peer set", "overlay peer remove",
            "overlay route add", "overlay route remove", "overlay policy add", "overlay policy set", "overlay policy remove",
            "relay rule add", "relay rule set", "relay rule remove", "relay rule enable", "relay rule disable", "relay settings set",
        ];

        Assert.All(changing, path => Assert.Superset(
            new HashSet<string> { "--what-if", "--confirm-within", "--comment" }, All.Single(command => command.Path == path).Words.ToHashSet()));
    }

    [Theory]
    [InlineData("netmod fire", "firewall")]
    [InlineData("netmod firewall ", "add address-list connection detection disable enable export forward group import list log nat port-list profile remove reset rule set stat zone")]
    [InlineData("netmod firewall zone ", "add list remove set")]
    [InlineData("netmod firewall nat add x --kind ", "destination exempt masquerade one-to-one redirect source")]
    [InlineData("netmod flow ", "test trace")]
    [InlineData("netmod firewall add x --dir", "--direction")]
    [InlineData("netmod firewall add x --direction ", "forward inbound outbound")]
    [InlineData("netmod overlay peer ", "add list remove set test watch")]
    [InlineData("netmod overlay set home --topology ", "full-mesh hub-and-spoke partial")]
    [InlineData("netmod overlay set home --kill-switch ", "off on")]
    [InlineData("netmod relay rule ", "add disable enable list remove set")]
    [InlineData("netmod relay rule add x --engine ", "auto packet socket tcx xdp")]
    [InlineData("netmod -o json path route ", "add list remove set")]
    [InlineData("netmod status --output ", "json table")]
    [InlineData("netmod errors FirewallRuleN", "FirewallRuleNotFound")]
    public async Task Bash_completes(string line, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "bash is not installed");
        using var folder = new TemporaryFolder();
        string script = folder.Write("complete.bash", CompletionScripts.Write("bash", All));
        string[] words = line.Split(' ');
        string quoted = string.Join(' ', words.Select(word => $"'{word}'"));
        string program = $"netmod() {{ echo FirewallRuleNotFound; }}; source '{script}'; COMP_WORDS=({quoted}); COMP_CWORD={words.Length - 1}; _netmod; printf '%s\\n' \"${{COMPREPLY[@]}}\"";

        ProgramResult result = await new HostPrograms().RunAsync("/bin/bash", ["-c", program], TestContext.Current.CancellationToken);

        string[] found = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(word => !word.StartsWith('-') || expected.StartsWith('-')).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, string.Join(' ', found));
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "-n")]
    public async Task The_shell_accepts_its_script(string shell, string check)
    {
        string? program = new HostPrograms().Find(shell);
        Assert.SkipUnless(program is not null, $"{shell} is not installed");
        using var folder = new TemporaryFolder();
        string script = folder.Write($"netmod.{shell}", CompletionScripts.Write(shell, All));

        ProgramResult result = await new HostPrograms().RunAsync(program!, [check, script], TestContext.Current.CancellationToken);

        Assert.Empty(result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Names_come_from_the_engine_or_not_at_all()
    {
        var cli = new CliRun();
        Assert.Equal(0, await cli.LineAsync("completion names rules"));
        Assert.Equal("block-web\n", cli.Out);

        var absent = new CliRun { Connect = (_, _) => throw new Contracts.EngineException(Contracts.ErrorCatalogue.EngineNotReachable, "absent") };
        Assert.Equal(0, await absent.LineAsync("completion names rules"));
        Assert.Empty(absent.Out + absent.Error);
    }
}
