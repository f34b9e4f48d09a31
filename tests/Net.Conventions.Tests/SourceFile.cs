using System.Text.RegularExpressions;

namespace Net.Conventions.Tests;

/// <summary>One C# file.</summary>
internal sealed partial class SourceFile(string path)
{
    private readonly Lazy<string[]> _lines = new(() => File.ReadAllLines(Repository.PathOf(path)));

    public string Path { get; } = path;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The folder below src, tests or build that holds it.</summary>
    public string Project => Path.Split('/') is [_, string project, _, ..] parts && parts.Length > 2 ? project : string.Empty;

    public bool IsProduct => Path.StartsWith("src/", StringComparison.Ordinal);

    public IReadOnlyList<string> Lines => _lines.Value;

    public string Text => string.Join('\n', Lines);

    /// <summary>Names of the types at the top of the file: not indented, because namespaces are file-scoped.</summary>
    public IReadOnlyList<string> TopLevelTypes => [.. Lines.Select(line => TypeLine().Match(line)).Where(match => match.Success).Select(match => match.Groups["name"].Value)];

    /// <summary>Every string literal, quoted or verbatim, outside of comments; interpolated ones too, up to their first hole.</summary>
    public IEnumerable<(int Line, string Value)> Literals => Lines
        .Select((text, index) => (Text: text, Line: index + 1))
        .Where(line => !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal))
        .SelectMany(line => Literal().Matches(line.Text).Select(match => (line.Line, match.Groups[1].Value)));

    /// <summary>Lines that match, as "path(line): text".</summary>
    public IEnumerable<string> Find(Regex pattern) => Lines
        .Select((text, index) => (Text: text, Line: index + 1))
        .Where(line => pattern.IsMatch(line.Text))
        .Select(line => $"{Path}({line.Line}): {line.Text.Trim()}");

    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|partial|readonly|ref|unsafe)\s+)*(?:record\s+struct|record\s+class|record|class|struct|interface|enum|delegate\s+[\w<>?,\[\]. ]+?)\s+(?<name>\w+)")]
    private static partial Regex TypeLine();

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Literal();
}
