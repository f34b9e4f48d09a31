using System.Text;

namespace Net.Build;

/// <summary>
/// The basics of .editorconfig for every text file (LF, final newline, no trailing spaces, no tabs, no byte order mark),
/// and <c>dotnet format whitespace</c> in folder mode for C#: no project is loaded, so all of it takes a second or two.
/// </summary>
internal static class FormatCheck
{
    private static readonly HashSet<string> TextExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".cs", ".csproj", ".props", ".targets", ".proj", ".sln", ".json", ".yml", ".yaml", ".xml", ".ps1", ".psm1", ".psd1", ".ps1xml",
        ".md", ".sh", ".txt", ".editorconfig", ".gitignore", ".gitattributes", ".service", ".js", ".html", ".css",
    };

    private static readonly HashSet<string> SkippedFolders = new(StringComparer.Ordinal) { ".git", "artifacts", "bin", "obj", "node_modules", ".vs", ".idea" };

    /// <summary>Every text file of the tree; test data is left alone, its bytes are the point.</summary>
    public static IEnumerable<string> TextFiles(string root)
    {
        Stack<string> folders = new([root]);
        while (folders.TryPop(out string? folder))
        {
            foreach (string child in Directory.EnumerateDirectories(folder).Where(child => !SkippedFolders.Contains(Path.GetFileName(child))))
            {
                if (Path.GetRelativePath(root, child).Replace('\\', '/') != "tests/data")
                {
                    folders.Push(child);
                }
            }

            foreach (string file in Directory.EnumerateFiles(folder))
            {
                if (TextExtensions.Contains(Path.GetExtension(file)) || IsScript(file))
                {
                    yield return file;
                }
            }
        }
    }

    /// <summary>What is wrong with one file's text; empty when nothing is.</summary>
    public static IReadOnlyList<string> Problems(string name, ReadOnlySpan<byte> bytes)
    {
        List<string> problems = [];
        // The solution file is written with one by dotnet itself.
        if (bytes.StartsWith(Encoding.UTF8.Preamble) && !name.EndsWith(".sln", StringComparison.Ordinal))
        {
            problems.Add($"{name}: starts with a byte order mark");
        }

        if (bytes.IsEmpty)
        {
            return problems;
        }

        if (bytes.Contains((byte)'\r'))
        {
            problems.Add($"{name}: has carriage returns");
        }

        if (bytes[^1] != '\n')
        {
            problems.Add($"{name}: has no newline at its end");
        }

        bool tabsAllowed = name.EndsWith(".sln", StringComparison.Ordinal);
        bool trailingAllowed = name.EndsWith(".md", StringComparison.Ordinal);
        int number = 0;
        foreach (Range range in bytes.Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = bytes[range].TrimEnd((byte)'\r');
            if (!trailingAllowed && line.Length > 0 && line[^1] is (byte)' ' or (byte)'\t')
            {
                problems.Add($"{name}({number}): has spaces at its end");
            }

            if (!tabsAllowed && line.Contains((byte)'\t'))
            {
                problems.Add($"{name}({number}): has a tab");
            }
        }

        return problems;
    }

    /// <summary>Checks the tree; returns one line per problem.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(BuildContext context, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        foreach (string file in TextFiles(context.Root).Order(StringComparer.Ordinal))
        {
            problems.AddRange(Problems(Path.GetRelativePath(context.Root, file), await File.ReadAllBytesAsync(file, cancellationToken)));
        }

        ProcessResult format = await RunFormatterAsync(context, ["--verify-no-changes"], cancellationToken);
        if (format.ExitCode != 0)
        {
            // One file, one problem: the formatter mends all of it at once.
            problems.AddRange(format.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Replace(context.Root + Path.DirectorySeparatorChar, string.Empty, StringComparison.Ordinal))
                .DistinctBy(line => line.Split('(')[0]));
        }

        return problems;
    }

    /// <summary>Mends what can be mended; returns how many files changed, C# layout not counted.</summary>
    public static async Task<int> FixAsync(BuildContext context, CancellationToken cancellationToken)
    {
        int changed = 0;
        foreach (string file in TextFiles(context.Root))
        {
            byte[] bytes = await File.ReadAllBytesAsync(file, cancellationToken);
            if (Problems(file, bytes).Count == 0)
            {
                continue;
            }

            IEnumerable<string> lines = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')
                .Select(line => file.EndsWith(".md", StringComparison.Ordinal) ? line : line.TrimEnd());
            string text = string.Join('\n', lines) + "\n";
            byte[] mended = Encoding.UTF8.GetBytes(file.EndsWith(".cs", StringComparison.Ordinal) ? text.Replace("\t", "    ", StringComparison.Ordinal) : text);
            if (!mended.AsSpan().SequenceEqual(bytes))
            {
                await File.WriteAllBytesAsync(file, mended, cancellationToken);
                changed++;
            }
        }

        ProcessResult format = await RunFormatterAsync(context, [], cancellationToken);
        return format.ExitCode == 0 ? changed : throw new BuildFailedException(format.Output.Trim());
    }

    private static Task<ProcessResult> RunFormatterAsync(BuildContext context, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        ProcessRunner.RunAsync(
            new ProcessRequest("dotnet", ["format", "whitespace", ".", "--folder", "--include", "./src/", "./tests/", "./build/", .. arguments])
            {
                WorkingDirectory = context.Root,
                Timeout = TimeSpan.FromMinutes(2),
            },
            cancellationToken);

    private static bool IsScript(string file)
    {
        if (Path.GetExtension(file).Length > 0)
        {
            return false;
        }

        using FileStream stream = File.OpenRead(file);
        Span<byte> start = stackalloc byte[2];
        return stream.Read(start) == 2 && start[0] == '#' && start[1] == '!';
    }
}
