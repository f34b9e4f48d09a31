using System.Text.Json;
using Coverlet.MSbuild.Tasks;
using Microsoft.Build.Framework;

namespace Net.Build.Testing;

/// <summary>
/// Line coverage without a second run: every measured assembly is instrumented once, put into copies of the test folders,
/// and the tests run from there as the programs they are. What a child process hits counts as well, unless it is killed.
/// </summary>
internal sealed class CoverageRun(BuildContext context, IReadOnlyList<TestProject> projects)
{
    private ITaskItem? _state;

    private string ModulesFolder => context.PathOf("artifacts", "coverage", "modules");

    private string ReportFile => context.PathOf("artifacts", "coverage", "report.json");

    /// <summary>The projects that run from an instrumented copy: all but those that measure nothing of ours.</summary>
    public IReadOnlySet<TestProject> Measured { get; } =
        projects.Where(project => project.Subject is not null && File.Exists(Path.Combine(project.BuiltFolder, project.Name + ".dll"))).ToHashSet();

    public void Instrument()
    {
        Recreate(context.PathOf("artifacts", "coverage"));
        Directory.CreateDirectory(ModulesFolder);

        // Every assembly from the folder of its own tests, with what it needs beside it.
        foreach (TestProject project in Measured)
        {
            CopyFolder(project.BuiltFolder, project.CoverageFolder);
            foreach (string file in Directory.EnumerateFiles(project.BuiltFolder, "*.dll").Concat(Directory.EnumerateFiles(project.BuiltFolder, "*.pdb")))
            {
                string target = Path.Combine(ModulesFolder, Path.GetFileName(file));
                if (!File.Exists(target) || Path.GetFileNameWithoutExtension(file) == AssemblyName(project))
                {
                    File.Copy(file, target, overwrite: true);
                }
            }
        }

        CoverletEngine engine = new();
        InstrumentationTask task = new()
        {
            BuildEngine = engine,
            // Any test assembly there stands for the folder.
            Path = Path.Combine(ModulesFolder, Measured.First().Name + ".dll"),
            // A filter takes no hyphen.
            Include = string.Join(',', Measured.Select(project => $"[{AssemblyName(project).Replace('-', '*')}]*")),
            // Not CompilerGeneratedAttribute: local functions carry it, and coverlet stumbles over the extern ones of LibraryImport.
            ExcludeByAttribute = "GeneratedCodeAttribute,ExcludeFromCodeCoverageAttribute",
            SkipAutoProps = true,
        };
        if (!task.Execute())
        {
            throw new BuildFailedException("instrumenting for coverage failed:\n" + string.Join('\n', engine.Errors));
        }

        foreach (string warning in engine.Warnings)
        {
            context.Step("coverage: " + warning);
        }

        _state = task.InstrumenterState;
        foreach (TestProject project in Measured)
        {
            foreach (string assembly in Measured.Select(measured => AssemblyName(measured) + ".dll"))
            {
                string target = Path.Combine(project.CoverageFolder, assembly);
                if (File.Exists(target))
                {
                    File.Copy(Path.Combine(ModulesFolder, assembly), target, overwrite: true);
                }
            }
        }
    }

    /// <summary>Percent of lines covered by source project, by all tests together.</summary>
    public IReadOnlyDictionary<string, double> Collect()
    {
        CoverletEngine engine = new();
        CoverageResultTask task = new()
        {
            BuildEngine = engine,
            InstrumenterState = _state,
            Output = ReportFile,
            OutputFormat = "json",
            Threshold = "0",
            ThresholdType = "line",
            ThresholdStat = "total",
        };
        TextWriter console = Console.Out;
        try
        {
            // The task prints a table of its own.
            Console.SetOut(TextWriter.Null);
            if (!task.Execute())
            {
                throw new BuildFailedException("collecting coverage failed:\n" + string.Join('\n', engine.Errors));
            }
        }
        finally
        {
            Console.SetOut(console);
        }

        IReadOnlyDictionary<string, double> byAssembly = LineCoverage(File.ReadAllText(ReportFile));
        return Measured.Where(project => byAssembly.ContainsKey(AssemblyName(project)))
            .ToDictionary(project => project.Subject!, project => byAssembly[AssemblyName(project)], StringComparer.Ordinal);
    }

    /// <summary>Percent of lines hit by assembly in a report: module, file, type, method, then line numbers with their hits.</summary>
    public static IReadOnlyDictionary<string, double> LineCoverage(string report)
    {
        Dictionary<string, double> percent = new(StringComparer.Ordinal);
        using JsonDocument document = JsonDocument.Parse(report);
        foreach (JsonProperty module in document.RootElement.EnumerateObject())
        {
            Dictionary<(string File, string Line), bool> lines = [];
            foreach (JsonProperty file in module.Value.EnumerateObject())
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

            if (lines.Count > 0)
            {
                percent[Path.GetFileNameWithoutExtension(module.Name)] = 100.0 * lines.Values.Count(hit => hit) / lines.Count;
            }
        }

        return percent;
    }

    // The assembly may be named after its program (netmod), not after its project.
    private string AssemblyName(TestProject project)
    {
        const string Open = "<AssemblyName>";
        string text = File.ReadAllText(context.PathOf("src", project.Subject!, project.Subject + ".csproj"));
        int start = text.IndexOf(Open, StringComparison.Ordinal);
        return start < 0 ? project.Subject! : text[(start + Open.Length)..text.IndexOf("</AssemblyName>", StringComparison.Ordinal)];
    }

    private static void Recreate(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
