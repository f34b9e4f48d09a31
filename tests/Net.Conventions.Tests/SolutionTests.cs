using System.Text.Json;
using System.Text.RegularExpressions;

namespace Net.Conventions.Tests;

/// <summary>The solution, the projects and the version.</summary>
public sealed partial class SolutionTests
{
    private static readonly string Solution = Repository.Read("Net.Module.sln").Replace('\\', '/');

    private static string Version => VersionElement().Match(Repository.Read("Directory.Build.props")).Groups[1].Value;

    [Fact]
    public void The_solution_has_every_project() =>
        Repository.NothingIn(
            Repository.Projects.Where(project => !Solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal)).Select(project => project.Path),
            "dotnet sln add it: what is not in the solution is not tested.");

    [Fact]
    public void The_solution_has_no_project_that_is_gone() =>
        Repository.NothingIn(
            ProjectEntry().Matches(Solution).Select(match => match.Groups[1].Value).Where(path => !Repository.Exists(path)),
            "dotnet sln remove it.");

    [Fact]
    public void No_project_is_empty() =>
        Repository.NothingIn(Repository.Projects.Where(project => !project.HasSources).Select(project => project.Path), "A project exists once it has something in it.");

    [Fact]
    public void Every_source_project_has_its_tests() =>
        Repository.NothingIn(
            Repository.SourceProjects.Where(project => project.HasSources && !Repository.Exists($"tests/{project.Name}.Tests/{project.Name}.Tests.csproj")).Select(project => project.Name),
            "Its tests live in tests/<project>.Tests, where its coverage is measured from.");

    [Fact]
    public void The_changelog_knows_the_current_version() =>
        Assert.Contains($"\n## [{Version}]", Repository.Read("CHANGELOG.md"), StringComparison.Ordinal);

    [Fact]
    public void The_module_manifest_has_the_same_version() =>
        Assert.Matches($@"ModuleVersion\s*=\s*'{Regex.Escape(Version)}'", Repository.Read("module/Net.Module.psd1"));

    [Fact]
    public void The_sdk_is_pinned_to_net_10()
    {
        using JsonDocument document = JsonDocument.Parse(Repository.Read("global.json"));

        Assert.StartsWith("10.0.", document.RootElement.GetProperty("sdk").GetProperty("version").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_root_promises_is_there() =>
        Repository.NothingIn(
            new[] { "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE", "build.sh", "build.ps1", ".ci/run", ".editorconfig", "build/packages.txt", "build/coverage.json" }
                .Where(file => !Repository.Exists(file)),
            "These are the entries of the tree that people look for first.");

    [GeneratedRegex(@"<Version>([^<]+)</Version>")]
    private static partial Regex VersionElement();

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex ProjectEntry();
}
