using System.Globalization;
using System.Text.Json;

namespace Net.Build.Testing;

/// <summary>Runs test projects as the programs they are, two at a time, the slowest first.</summary>
internal sealed class TestRunner(BuildContext context)
{
    private const int Parallel = 2;

    /// <summary>A project that needs longer hangs: it is killed with everything it started and counts as failed.</summary>
    public TimeSpan ProjectTimeout { get; init; } = TimeSpan.FromMinutes(9);

    private string DurationsFile => context.PathOf("artifacts", "test-results", "durations.json");

    public async Task<IReadOnlyList<TestOutcome>> RunAsync(IReadOnlyList<TestProject> projects, IReadOnlySet<TestProject> instrumented, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(context.PathOf("artifacts", "test-results"));
        Dictionary<string, double> durations = ReadDurations();
        List<TestOutcome> outcomes = [];
        ParallelOptions options = new() { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken };

        await System.Threading.Tasks.Parallel.ForEachAsync(
            projects.OrderByDescending(project => durations.GetValueOrDefault(project.Name, double.MaxValue)),
            options,
            async (project, token) =>
            {
                string folder = instrumented.Contains(project) ? project.CoverageFolder : project.BuiltFolder;
                TestOutcome outcome = await RunProjectAsync(project, folder, token);
                lock (outcomes)
                {
                    outcomes.Add(outcome);
                    durations[project.Name] = outcome.Elapsed.TotalSeconds;
                    context.Step(string.Create(CultureInfo.InvariantCulture,
                        $"  {project.Name,-26} {outcome.Passed,5} passed {outcome.Failed.Count,3} failed {outcome.Skipped.Count,3} skipped  {outcome.Elapsed.TotalSeconds,6:0.0} s"));
                }
            });

        await File.WriteAllTextAsync(DurationsFile, JsonSerializer.Serialize(durations), cancellationToken);
        return [.. outcomes.OrderBy(outcome => outcome.Group, StringComparer.Ordinal)];
    }

    private async Task<TestOutcome> RunProjectAsync(TestProject project, string folder, CancellationToken cancellationToken)
    {
        TestOutcome outcome = new(project.Name);
        string assembly = Path.Combine(folder, project.Name + ".dll");
        if (!File.Exists(assembly))
        {
            outcome.Failed.Add($"{project.Name}: {Path.GetRelativePath(context.Root, assembly)} was not built.");
            return outcome;
        }

        File.Delete(project.ResultFile);
        string mark = Guid.NewGuid().ToString("N");
        ProcessResult run = await ProcessRunner.RunAsync(
            new ProcessRequest("dotnet", [assembly, "-xml", project.ResultFile, "-noLogo", "-noColor"])
            {
                WorkingDirectory = folder,
                Timeout = ProjectTimeout,
                // Tests that start and kill programs of ours take them from here: a killed copy that counts coverage would take the counters with it.
                Environment = new Dictionary<string, string> { [StrayProcesses.Variable] = mark, ["NETMOD_TEST_PROGRAMS"] = project.BuiltFolder },
            },
            cancellationToken);
        outcome.Elapsed = run.Elapsed;
        IReadOnlyList<string> strays = await StrayProcesses.KillAsync(mark, cancellationToken);

        if (File.Exists(project.ResultFile))
        {
            XunitResults.Read(outcome, await File.ReadAllTextAsync(project.ResultFile, cancellationToken));
        }

        if (run.TimedOut)
        {
            outcome.Failed.Add($"{project.Name}: not finished after {ProjectTimeout.TotalMinutes:0} minutes, so it was killed. Its last output:\n{Tail(run.Output)}");
        }
        else if (run.ExitCode != 0 && outcome.Failed.Count == 0)
        {
            outcome.Failed.Add($"{project.Name}: ended with exit code {run.ExitCode} and no failed test. Its last output:\n{Tail(run.Output)}");
        }
        else if (strays.Count > 0)
        {
            outcome.Failed.Add($"{project.Name}: left processes running (they were killed):\n{string.Join('\n', strays.Select(stray => "      " + stray))}");
        }

        return outcome;
    }

    private static string Tail(string output) =>
        string.Join('\n', output.TrimEnd().Split('\n').TakeLast(40).Select(line => "      " + line.TrimEnd()));

    private Dictionary<string, double> ReadDurations()
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(DurationsFile)) ?? [];
        }
        catch (Exception missing) when (missing is IOException or JsonException)
        {
            return [];
        }
    }
}
