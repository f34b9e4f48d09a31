namespace Net.Build.Testing;

/// <summary>One test project, the source project it is about and where its things go.</summary>
internal sealed class TestProject(BuildContext context, string name)
{
    public const string Configuration = "release";

    public string Name { get; } = name;

    /// <summary>The source project with the same name, measured for coverage; null for tests of the whole tree.</summary>
    public string? Subject { get; } = File.Exists(context.PathOf("src", SubjectName(name), SubjectName(name) + ".csproj")) ? SubjectName(name) : null;

    public string ProjectFile { get; } = context.PathOf("tests", name, name + ".csproj");

    public string BuiltFolder { get; } = context.PathOf("artifacts", "bin", name, Configuration);

    /// <summary>The copy that is instrumented; the built files stay as the compiler made them.</summary>
    public string CoverageFolder { get; } = context.PathOf("artifacts", "coverage", name);

    public string ResultFile { get; } = context.PathOf("artifacts", "test-results", name + ".xml");

    /// <summary>Every test project that has a test in it and whose name contains the filter.</summary>
    public static IReadOnlyList<TestProject> Find(BuildContext context, string? filter)
    {
        return [.. Directory.EnumerateDirectories(context.PathOf("tests"), "*.Tests")
            .Select(folder => Path.GetFileName(folder))
            .Where(name => File.Exists(context.PathOf("tests", name, name + ".csproj")))
            .Where(name => filter is null || name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            .Where(name => Directory.EnumerateFiles(context.PathOf("tests", name), "*.cs", SearchOption.AllDirectories).Any())
            .Order(StringComparer.Ordinal)
            .Select(name => new TestProject(context, name))];
    }

    private static string SubjectName(string name) => name[..^".Tests".Length];
}
