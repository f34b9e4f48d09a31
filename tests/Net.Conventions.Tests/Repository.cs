namespace Net.Conventions.Tests;

/// <summary>The tree as it lies on disk, without what is built.</summary>
internal static class Repository
{
    private static readonly HashSet<string> NotOurs = new(StringComparer.Ordinal) { ".git", "artifacts", "bin", "obj", "node_modules", ".vs", ".idea", "TestResults" };

    public static string Root { get; } = FindRoot();

    /// <summary>Every file, as a path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    /// <summary>Every C# file of ours.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = [.. Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).Select(file => new SourceFile(file))];

    public static IReadOnlyList<ProjectFile> Projects { get; } = [.. Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => new ProjectFile(file))];

    /// <summary>Projects with something in them; a project still being filled is named by the test that finds it empty.</summary>
    public static IEnumerable<ProjectFile> SourceProjects => Projects.Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal));

    public static string PathOf(string file) => Path.Combine(Root, file.Replace('/', Path.DirectorySeparatorChar));

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    public static bool Exists(string file) => File.Exists(PathOf(file));

    /// <summary>Fails with one line per finding and, below them, what to do.</summary>
    public static void NothingIn(IEnumerable<string> findings, string remedy)
    {
        string[] lines = [.. findings];
        Assert.True(lines.Length == 0, $"{string.Join('\n', lines)}\n{remedy}");
    }

    private static IEnumerable<string> Walk(string root)
    {
        Stack<string> folders = new([root]);
        while (folders.TryPop(out string? folder))
        {
            foreach (string child in Directory.EnumerateDirectories(folder))
            {
                if (!NotOurs.Contains(Path.GetFileName(child)))
                {
                    folders.Push(child);
                }
            }

            foreach (string file in Directory.EnumerateFiles(folder))
            {
                // In a worktree .git is a file.
                if (Path.GetFileName(file) != ".git")
                {
                    yield return Path.GetRelativePath(root, file).Replace('\\', '/');
                }
            }
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Net.Module.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Net.Module.sln is above none of the folders the tests run from.");
    }
}
