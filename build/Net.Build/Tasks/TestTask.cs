using System.Globalization;
using Net.Build.Publishing;
using Net.Build.Testing;

namespace Net.Build.Tasks;

internal sealed class TestTask : IBuildTask
{
    public string Name => "test";

    public string Arguments => "[filter] [--raise-floors] [--no-coverage]";

    public string Summary => "builds, checks formatting, runs every test (or the projects whose name contains filter)";

    public async Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        bool raise = context.Arguments.TakeFlag("--raise-floors");
        bool coverage = !context.Arguments.TakeFlag("--no-coverage");
        string? filter = context.Arguments.TakeWord();
        context.Arguments.ExpectNothingMore();

        IReadOnlyList<TestProject> projects = TestProject.Find(context, filter);
        bool powerShell = filter is null || "pester".Contains(filter, StringComparison.OrdinalIgnoreCase);
        if (projects.Count == 0 && !powerShell)
        {
            throw new BuildFailedException($"no test project's name contains '{filter}'.", 2);
        }

        List<TestOutcome> outcomes = [];
        try
        {
            await BuildAsync(context, filter, projects, cancellationToken);
            if (filter is null)
            {
                outcomes.Add(await CheckFormatAsync(context, cancellationToken));
            }

            if (powerShell || projects.Any(project => Publisher.IsNeededBy(project.Name)))
            {
                await new Publisher(context) { IsCompiled = filter is null }.PublishAsync(cancellationToken);
            }
        }
        catch (BuildFailedException failure)
        {
            // Whoever reads the last line must see that it did not come to the tests.
            TestOutcome build = new("build");
            build.Failed.Add(failure.Message);
            outcomes.Add(build);
            return Report(context, outcomes);
        }

        // All tests together make the coverage of a project: a part of them says nothing about the floors.
        CoverageRun? run = coverage && filter is null ? new CoverageRun(context, projects) : null;
        if (run?.Measured.Count > 0)
        {
            context.Step($"instrument {run.Measured.Count} assemblies for coverage");
            run.Instrument();
        }

        context.Step($"run {projects.Count} test projects");
        TestRunner runner = new(context);
        outcomes.AddRange(await runner.RunAsync(projects, run?.Measured ?? new HashSet<TestProject>(), cancellationToken));
        if (powerShell)
        {
            outcomes.AddRange(await RunPowerShellAsync(context, cancellationToken));
        }

        if (run?.Measured.Count > 0)
        {
            outcomes.Add(CheckCoverage(context, run.Collect(), raise));
        }

        return Report(context, outcomes);
    }

    private static async Task BuildAsync(BuildContext context, string? filter, IReadOnlyList<TestProject> projects, CancellationToken cancellationToken)
    {
        if (filter is null)
        {
            await context.DotnetAsync("build the solution (warnings are errors)", ["build", context.Solution, "-c", TestProject.Configuration, "-nologo", "-v:q", "-clp:NoSummary"], cancellationToken);
            return;
        }

        foreach (TestProject project in projects)
        {
            await context.DotnetAsync($"build {project.Name}", ["build", project.ProjectFile, "-c", TestProject.Configuration, "-nologo", "-v:q", "-clp:NoSummary"], cancellationToken);
        }
    }

    private static async Task<TestOutcome> CheckFormatAsync(BuildContext context, CancellationToken cancellationToken)
    {
        TestOutcome outcome = new("formatting");
        context.Step("check formatting");
        outcome.Failed.AddRange((await FormatCheck.CheckAsync(context, cancellationToken)).Select(problem => $"{problem} (./build.sh format mends it)"));
        outcome.Passed = outcome.Failed.Count == 0 ? 1 : 0;
        return outcome;
    }

    private static async Task<IEnumerable<TestOutcome>> RunPowerShellAsync(BuildContext context, CancellationToken cancellationToken)
    {
        if (LocalPowerShell.Find(context) is not string pwsh)
        {
            context.Step("pwsh is not here: the Pester suite and PSScriptAnalyzer do not run; './build.sh powershell' installs it");
            TestOutcome absent = new("Pester");
            absent.Skipped.Add("Pester: pwsh is not installed here; './build.sh powershell' installs it into artifacts/tools");
            return [absent];
        }

        List<TestOutcome> outcomes = [];
        if (PowerShellTests.HasPester(context))
        {
            context.Step("run the Pester suite against the laid-out module");
            outcomes.Add(await PowerShellTests.RunPesterAsync(context, pwsh, cancellationToken));
        }

        context.Step("analyze the PowerShell scripts");
        outcomes.Add(await PowerShellTests.RunAnalyzerAsync(context, pwsh, cancellationToken));
        return outcomes;
    }

    private static TestOutcome CheckCoverage(BuildContext context, IReadOnlyDictionary<string, double> measured, bool raise)
    {
        TestOutcome outcome = new("coverage");
        CoverageFloors floors = new(context.PathOf("build", "coverage.json"));
        if (raise)
        {
            foreach (string line in floors.Raise(measured))
            {
                context.Step("floor raised, " + line);
            }
        }

        outcome.Failed.AddRange(floors.Check(measured));
        outcome.Passed = measured.Count - outcome.Failed.Count;
        foreach ((string project, double percent) in measured.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"         {project,-26} {percent,5:0.0} % of lines covered, floor {floors.Floors.GetValueOrDefault(project):0} %"));
        }

        return outcome;
    }

    private static int Report(BuildContext context, List<TestOutcome> outcomes)
    {
        context.Step("done");
        foreach (string skipped in outcomes.SelectMany(outcome => outcome.Skipped))
        {
            Console.WriteLine($"SKIPPED  {skipped}");
        }

        foreach (string failed in outcomes.SelectMany(outcome => outcome.Failed))
        {
            Console.WriteLine($"FAILED   {failed}");
        }

        int failures = outcomes.Sum(outcome => outcome.Failed.Count);
        Console.WriteLine($"{outcomes.Sum(outcome => outcome.Passed)} passed, {failures} failed, {outcomes.Sum(outcome => outcome.Skipped.Count)} skipped");
        return failures == 0 ? 0 : 1;
    }
}
