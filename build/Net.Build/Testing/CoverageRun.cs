using System.Reflection;
using System.Text.Json;

namespace Net.Build.Testing;

/// <summary>
/// Line coverage without a second run: each test folder is copied, the project it is about is instrumented there by
/// coverlet's MSBuild tasks, the tests run from the copy, and the hits are collected afterwards.
/// </summary>
internal sealed class CoverageRun(BuildContext context, IReadOnlyList<TestProject> projects)
{
    private string ListFile => context.PathOf("artifacts", "coverage", "list.txt");

    private static string ToolsPath => Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "CoverletToolsPath").Value ?? string.Empty;

    /// <summary>The projects that can be measured: those named after a source project.</summary>
    public IReadOnlySet<TestProject> Measured { get; } =
        projects.Where(project => project.Subject is not null && File.Exists(Path.Combine(project.BuiltFolder, project.Name + ".dll"))).ToHashSet();

    public async Task InstrumentAsync(CancellationToken cancellationToken)
    {
        List<string> lines = [];
        foreach (TestProject project in Measured)
        {
            CopyFolder(project.BuiltFolder, project.CoverageFolder);
            lines.Add(string.Join('|',
                Path.Combine(project.CoverageFolder, project.Name + ".dll"), AssemblyName(project), project.CoverageFolder + ".state", project.CoverageFolder + ".json"));
            File.Delete(project.CoverageFolder + ".json");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(ListFile)!);
        await File.WriteAllLinesAsync(ListFile, lines, cancellationToken);
        await RunTargetAsync("Instrument", cancellationToken);
    }

    /// <summary>Percent of lines covered by source project.</summary>
    public async Task<IReadOnlyDictionary<string, double>> CollectAsync(CancellationToken cancellationToken)
    {
        await RunTargetAsync("Collect", cancellationToken);
        Dictionary<string, double> percent = [];
        foreach (TestProject project in Measured)
        {
            string report = project.CoverageFolder + ".json";
            if (File.Exists(report) && LineCoverage(await File.ReadAllTextAsync(report, cancellationToken)) is double value)
            {
                percent[project.Subject!] = value;
            }
        }

        return percent;
    }

    /// <summary>Percent of lines hit in a report: module, file, type, method, then line numbers with their hits.</summary>
    public static double? LineCoverage(string report)
    {
        using JsonDocument document = JsonDocument.Parse(report);
        Dictionary<(string File, string Line), bool> lines = [];
        foreach (JsonProperty file in document.RootElement.EnumerateObject().SelectMany(module => module.Value.EnumerateObject()))
        {
            foreach (JsonProperty line in file.Value.EnumerateObject()
                .SelectMany(type => type.Value.EnumerateObject())
                .SelectMany(method => method.Value.GetProperty("Lines").EnumerateObject()))
            {
                // A line can belong to two methods (a lambda and its owner): hit once is hit.
                (string, string) key = (file.Name, line.Name);
                lines[key] = lines.GetValueOrDefault(key) || line.Value.GetInt64() > 0;
            }
        }

        return lines.Count == 0 ? null : 100.0 * lines.Values.Count(hit => hit) / lines.Count;
    }

    private async Task RunTargetAsync(string target, CancellationToken cancellationToken)
    {
        if (Measured.Count == 0)
        {
            return;
        }

        ProcessResult result = await ProcessRunner.RunAsync(
            new ProcessRequest("dotnet", ["msbuild", context.PathOf("build", "coverage", "Coverage.proj"), "-t:" + target, "-nologo", "-v:q", "-p:CoverletToolsPath=" + ToolsPath, "-p:TestList=" + ListFile])
            {
                WorkingDirectory = context.Root,
                Timeout = TimeSpan.FromMinutes(3),
            },
            cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new BuildFailedException($"coverage ({target}) failed:\n{result.Output.Trim()}");
        }
    }

    // The assembly may be named after its program (netmod), not after its project.
    private string AssemblyName(TestProject project)
    {
        string text = File.ReadAllText(context.PathOf("src", project.Subject!, project.Subject + ".csproj"));
        int start = text.IndexOf("<AssemblyName>", StringComparison.Ordinal);
        return start < 0 ? project.Subject! : text[(start + "<AssemblyName>".Length)..text.IndexOf("</AssemblyName>", StringComparison.Ordinal)];
    }

    private static void CopyFolder(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
