using Net.Cli.Tests.Support;
using Net.Contracts;

namespace Net.Cli.Tests;

public sealed class ChangeTests
{
    [Fact]
    public async Task A_change_shows_its_plan_and_when_it_is_rolled_back()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("firewall add x --confirm-within 5s"));

        Assert.Equal(
            "~ firewall: rule block-web: allow -> block\n"
            + "Generation 3 is in force until 2026-01-02 03:04:05, then rolled back unless confirmed by 'netmod config confirm'.\n",
            cli.Out);
        Assert.Equal("netmod: warning: you may lock yourself out\n", cli.Error);
    }

    [Fact]
    public async Task What_if_says_that_nothing_was_changed()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.FirewallRemoveRules, new FirewallRulesChanged([], new ChangeOutcome(false, 3, Samples.Plan)));

        Assert.Equal(0, await cli.LineAsync("firewall remove block-web --what-if"));

        Assert.EndsWith("Nothing was changed: this is what would be. Generation 3 stays in force.\n", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_without_effect_says_so()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.ConfigurationRestore, new ChangeOutcome(false, 3, new ConfigurationPlan(3, [], [])));

        Assert.Equal(0, await cli.LineAsync("config restore 3"));

        Assert.Equal("Nothing to change: generation 3 stays in force.\n", cli.Out);
    }

    [Fact]
    public async Task A_file_is_applied_by_its_ending_and_standard_input_by_a_dash()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("a.yaml", "schemaVersion: 1\n");
        var cli = new CliRun { Console = { In = new StringReader("{}") } };

        Assert.Equal(0, await cli.RunAsync("config", "apply", file));
        Assert.Equal(("configuration.import", """{"text":"schemaVersion: 1\n","format":"yaml"}"""), cli.Engine.Requests[^1]);
        Assert.Equal(0, await cli.RunAsync("config", "import", "-", "--what-if"));
        Assert.Equal(("configuration.import", """{"text":"{}","change":{"whatIf":true}}"""), cli.Engine.Requests[^1]);
        Assert.Equal(0, await cli.RunAsync("config", "plan", file));
        Assert.Equal(("configuration.test", """{"text":"schemaVersion: 1\n","format":"yaml"}"""), cli.Engine.Requests[^1]);
    }

    [Fact]
    public async Task A_document_with_problems_lists_each_with_its_place()
    {
        using var folder = new TemporaryFolder();
        var cli = new CliRun();
        cli.Engine.Answer(
            EngineApi.ConfigurationTest,
            new ConfigurationTestResult(false, [new ConfigurationProblem("firewall.rules[3].localPort", "FirewallRuleInvalid", "needs tcp or udp")], false));

        Assert.Equal(1, await cli.RunAsync("config", "test", folder.Write("a.json", "{}")));

        Assert.Empty(cli.Out);
        Assert.Equal("netmod: The document has a problem. (ConfigurationInvalid)\n  firewall.rules[3].localPort: needs tcp or udp (FirewallRuleInvalid)\n", cli.Error);
    }

    [Fact]
    public async Task An_export_never_replaces_a_file_without_force()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("a.yaml", "mine");
        var cli = new CliRun();

        Assert.Equal(1, await cli.RunAsync("config", "export", file));
        Assert.Empty(cli.Engine.Requests);
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

        Assert.Equal(0, await cli.RunAsync("config", "export", file, "--force"));
        Assert.Equal("schemaVersion: 1\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_backup_is_readable_by_its_owner_only_and_asks_for_the_passphrase_twice()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are Unix's");
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "backup.bin");
        var cli = new CliRun { Console = { InIsTerminal = true } };
        cli.Console.Type("correct horse", "correct horse");

        Assert.Equal(0, await cli.RunAsync("config", "backup", file));

        Assert.Equal(("configuration.backup", """{"passphrase":"correct horse"}"""), cli.Engine.Requests[^1]);
        Assert.Equal(["Passphrase: ", "Passphrase again: "], cli.Console.Prompts);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.DoesNotContain("horse", cli.Out + cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_is_restored_with_the_passphrase_of_a_file()
    {
        using var folder = new TemporaryFolder();
        string archive = folder.Write("backup.bin", "abc");
        string passphrase = folder.Write("passphrase", "correct horse\n");
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync("config", "restore-backup", archive, "--passphrase-file", passphrase, "--comment", "moved"));

        Assert.Equal(("configuration.restoreBackup", """{"content":"YWJj","passphrase":"correct horse","change":{"whatIf":false,"comment":"moved"}}"""), cli.Engine.Requests[^1]);
    }

    [Fact]
    public async Task A_secret_comes_from_standard_input_without_its_line_end()
    {
        var cli = new CliRun { Console = { In = new StringReader("s3cret value\n") } };

        Assert.Equal(0, await cli.LineAsync("secret set token"));

        Assert.Equal(("secrets.set", """{"name":"token","value":"s3cret value"}"""), cli.Engine.Requests[^1]);
        Assert.DoesNotContain("s3cret", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_refused_on_the_command_line_and_when_two_entries_differ()
    {
        var cli = new CliRun { Console = { InIsTerminal = true } };
        cli.Console.Type("one", "two");

        Assert.Equal(2, await cli.LineAsync("secret set token value"));
        Assert.Equal(2, await cli.LineAsync("secret set token"));

        Assert.Contains("The two entries differ.", cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Engine.Requests);
    }
}
