using System.Text;
using Net.Build;
using Net.Build.Testing;

namespace Net.Conventions.Tests;

/// <summary>The build tool's own logic: what it reads, counts and refuses.</summary>
public sealed class BuildToolTests
{
    [Theory]
    [InlineData("a\n", 0)]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a \n", 1)]
    [InlineData("a\r\n", 1)]
    [InlineData("\ta\n", 1)]
    [InlineData("\uFEFFa\n", 1)]
    public void Formatting_problems_of_a_file_are_found(string text, int problems) =>
        Assert.Equal(problems, FormatCheck.Problems("a.cs", Encoding.UTF8.GetBytes(text)).Count);

    [Fact]
    public void Results_of_xunit_are_counted_and_reasons_kept()
    {
        const string Xml = """
            <assemblies><assembly><errors /><collection>
              <test name="A.Passes" result="Pass" />
              <test name="A.Fails" result="Fail"><failure><message>no</message><stack-trace>here</stack-trace></failure></test>
              <test name="A.Skips" result="Skip"><reason>needs root</reason></test>
              <test name="A.Explicit" result="NotRun" />
            </collection></assembly></assemblies>
            """;
        TestOutcome outcome = new("A");

        XunitResults.Read(outcome, Xml);

        Assert.Equal(1, outcome.Passed);
        Assert.Equal("A.Skips: needs root", Assert.Single(outcome.Skipped));
        Assert.StartsWith("A.Fails\n      no", Assert.Single(outcome.Failed), StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_file_cut_short_is_a_failure()
    {
        TestOutcome outcome = new("A");

        XunitResults.Read(outcome, "<assemblies><assembly>");

        Assert.Single(outcome.Failed);
    }

    [Fact]
    public void Pesters_last_line_is_counted_and_its_failures_are_named()
    {
        TestOutcome outcome = new("Pester");

        PowerShellTests.ReadPester(outcome, "  [+] works 5ms\n  [-] breaks 3ms\n  [!] waits 0ms\n1 passed, 1 failed, 1 skipped\n", 1, timedOut: false);

        Assert.Equal(1, outcome.Passed);
        Assert.StartsWith("[-] breaks 3ms", Assert.Single(outcome.Failed), StringComparison.Ordinal);
        Assert.Equal("[!] waits 0ms", Assert.Single(outcome.Skipped));
    }

    [Theory]
    [InlineData("Pester broke", 1, false)]
    [InlineData("", 0, false)]
    [InlineData("3 passed, 0 failed, 0 skipped", -1, true)]
    [InlineData("3 passed, 0 failed, 0 skipped", 3, false)]
    public void Pester_without_its_last_line_or_with_a_bad_end_is_a_failure(string output, int exitCode, bool timedOut)
    {
        TestOutcome outcome = new("Pester");

        PowerShellTests.ReadPester(outcome, output, exitCode, timedOut);

        Assert.Single(outcome.Failed);
    }

    [Fact]
    public void A_line_hit_in_one_of_its_methods_is_covered()
    {
        const string Report = """
            {"Net.A.dll":{"A.cs":{"T":{"M1":{"Lines":{"1":1,"2":0},"Branches":[]},"M2":{"Lines":{"2":3,"4":0},"Branches":[]}}}}}
            """;

        Assert.Equal(200.0 / 3, CoverageRun.LineCoverage(Report)["Net.A"], 6);
    }

    [Fact]
    public void Floors_are_raised_and_never_lowered()
    {
        string file = Path.Combine(Path.GetTempPath(), $"netmod-floors-{Guid.NewGuid():N}.json");
        try
        {
            File.WriteAllText(file, """{"A": 50, "B": 80}""");
            CoverageFloors floors = new(file);

            floors.Raise(new Dictionary<string, double> { ["A"] = 61.7, ["B"] = 70, ["C"] = 33.3 });
            CoverageFloors again = new(file);

            Assert.Equal([61, 80, 33], again.Floors.Values);
            Assert.StartsWith("B: 70.0 %", Assert.Single(again.Check(new Dictionary<string, double> { ["A"] = 60, ["B"] = 70 })), StringComparison.Ordinal);
            Assert.Contains("no floor", Assert.Single(again.Check(new Dictionary<string, double> { ["D"] = 99 })), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_program_that_hangs_is_killed_with_what_it_started()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        string mark = Guid.NewGuid().ToString("N");

        ProcessResult result = await ProcessRunner.RunAsync(
            new ProcessRequest("sh", ["-c", "echo before; sleep 600 & wait"])
            {
                Timeout = TimeSpan.FromMilliseconds(300),
                Environment = new Dictionary<string, string> { [StrayProcesses.Variable] = mark },
            },
            TestContext.Current.CancellationToken);

        Assert.True(result.TimedOut);
        Assert.Equal("before", result.Output.Trim());
        Assert.Empty(await StrayProcesses.KillAsync(mark, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_process_left_behind_is_found_by_its_mark()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        string mark = Guid.NewGuid().ToString("N");

        await ProcessRunner.RunAsync(
            new ProcessRequest("sh", ["-c", "sleep 600 > /dev/null 2>&1 < /dev/null & exit 0"])
            {
                Environment = new Dictionary<string, string> { [StrayProcesses.Variable] = mark },
            },
            TestContext.Current.CancellationToken);

        Assert.Equal("sleep 600", Assert.Single(await StrayProcesses.KillAsync(mark, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Every_task_has_a_line_in_the_help()
    {
        Assert.All(TaskList.All, task => Assert.True(task.Summary.Length is > 10 and < 110, $"{task.Name}: one line"));
        Assert.Equal(TaskList.All.Count, TaskList.All.Select(task => task.Name).Distinct().Count());
    }

    [Fact]
    public void Unknown_arguments_are_refused()
    {
        ArgumentList arguments = new(["core", "--json", "out.json", "--raise"]);

        Assert.Equal("out.json", arguments.TakeOption("--json"));
        Assert.Equal("core", arguments.TakeWord());
        Assert.Throws<BuildFailedException>(arguments.ExpectNothingMore);
        Assert.True(arguments.TakeFlag("--raise"));
        arguments.ExpectNothingMore();
    }
}
