using System.Text.Json;
using Net.Build;

namespace Net.Conventions.Tests;

/// <summary>Coverage floors only rise.</summary>
public sealed class CoverageFloorTests
{
    private const string FloorsFile = "build/coverage.json";

    [Fact]
    public void Every_project_with_code_has_a_floor()
    {
        Dictionary<string, double> floors = Parse(Repository.Read(FloorsFile));

        Repository.NothingIn(
            Repository.SourceProjects.Where(project => project.HasSources && !floors.ContainsKey(project.Name)).Select(project => project.Name),
            "./build.sh test --raise-floors writes it from what was measured.");
    }

    // Set anew when the overlay came in: most of its cmdlets run only in PowerShell, where Pester covers them, and its records are many. They rise again from here.
    private static readonly Dictionary<string, double> SetAnew = new(StringComparer.Ordinal)
    {
        ["Net.Contracts"] = 78,
        ["Net.Engine"] = 84,

        // Readers of other firewalls' texts have a branch for each word they may meet.
        ["Net.Firewall"] = 96,
        ["Net.PowerShell"] = 27,

        // Workers of the relay are locked: they may not write what was covered. Their host opens for them what only an engine in a namespace of its own can use.
        ["Net.Service"] = 31,
        ["Net.Worker"] = 72,
        ["Net.Workers"] = 76,
    };

    [Fact]
    public async Task No_floor_was_ever_higher_than_it_is_now()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Assert.SkipWhen(ProcessRunner.Find("git") is null, "git keeps the history of the floors; it is not here");
        ProcessResult log = await ProcessRunner.RunAsync(new ProcessRequest("git", ["log", "--format=%H", "--", FloorsFile]) { WorkingDirectory = Repository.Root }, cancellation);
        Assert.SkipUnless(log.ExitCode == 0, "this is not a git checkout");
        Dictionary<string, double> now = Parse(Repository.Read(FloorsFile));
        List<string> lowered = [];

        foreach (string commit in log.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            ProcessResult show = await ProcessRunner.RunAsync(new ProcessRequest("git", ["show", $"{commit}:{FloorsFile}"]) { WorkingDirectory = Repository.Root }, cancellation);
            if (show.ExitCode != 0)
            {
                continue;
            }

            lowered.AddRange(Parse(show.Output).Where(floor => now.TryGetValue(floor.Key, out double current) && current < Math.Min(floor.Value, SetAnew.GetValueOrDefault(floor.Key, floor.Value)))
                .Select(floor => $"{floor.Key}: {floor.Value} in {commit[..10]}, {now[floor.Key]} now"));
        }

        Repository.NothingIn(lowered.Distinct(), "A floor is raised or stays; write the tests that are missing.");
    }

    private static Dictionary<string, double> Parse(string text) => JsonSerializer.Deserialize<Dictionary<string, double>>(text) ?? [];
}
