namespace Net.Maml;

/// <summary>Reads pages in the form platyPS gave them.</summary>
internal static class PageReader
{
    /// <summary>Reads one page.</summary>
    public static HelpPage Read(string file)
    {
        Dictionary<string, List<string>> sections = Split(File.ReadAllLines(file), "## ");
        return new HelpPage(
            Path.GetFileNameWithoutExtension(file),
            string.Join(' ', Paragraphs(Get(sections, "SYNOPSIS"))),
            Paragraphs(Get(sections, "DESCRIPTION")),
            [.. Split(Get(sections, "EXAMPLES"), "### ").Select(example => ReadExample(example.Key, example.Value))],
            Split(Get(sections, "PARAMETERS"), "### ")
                .Where(parameter => parameter.Key.StartsWith('-'))
                .ToDictionary(parameter => parameter.Key[1..], parameter => Paragraphs(parameter.Value), StringComparer.Ordinal),
            Types(Get(sections, "INPUTS")),
            Types(Get(sections, "OUTPUTS")),
            Paragraphs(Get(sections, "NOTES")),
            [.. Get(sections, "RELATED LINKS").Where(line => line.Length > 0).Select(LinkText)]);
    }

    /// <summary>Splits lines at headings. Headings inside code blocks are code. What stands before the first heading is left out.</summary>
    public static Dictionary<string, List<string>> Split(IEnumerable<string> lines, string heading)
    {
        var sections = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string>? current = null;
        bool code = false;
        foreach (string line in lines)
        {
            code ^= line.StartsWith("```", StringComparison.Ordinal);
            if (!code && line.StartsWith(heading, StringComparison.Ordinal))
            {
                current = sections[line[heading.Length..].Trim()] = [];
            }
            else
            {
                current?.Add(line);
            }
        }

        return sections;
    }

    /// <summary>Joins lines to paragraphs without markup. Code blocks are left out; lines of a list stay lines.</summary>
    public static IReadOnlyList<string> Paragraphs(IEnumerable<string> lines)
    {
        var paragraphs = new List<string>();
        var current = new List<string>();
        bool code = false;
        foreach (string line in lines.Append(string.Empty))
        {
            bool fence = line.StartsWith("```", StringComparison.Ordinal);
            code ^= fence;
            bool item = line.StartsWith("- ", StringComparison.Ordinal);
            if ((line.Length == 0 || fence || item) && current.Count > 0)
            {
                paragraphs.Add(Plain(string.Join(' ', current)));
                current.Clear();
            }

            if (!code && !fence && line.Length > 0)
            {
                current.Add(line.Trim());
            }
        }

        return paragraphs;
    }

    /// <summary>A line without the marks of markdown.</summary>
    public static string Plain(string text) =>
        text.Replace("`", string.Empty, StringComparison.Ordinal).Replace("**", string.Empty, StringComparison.Ordinal);

    private static List<string> Get(Dictionary<string, List<string>> sections, string name) => sections.GetValueOrDefault(name) ?? [];

    private static HelpExample ReadExample(string title, List<string> lines)
    {
        IEnumerable<string> code = lines
            .SkipWhile(line => !line.StartsWith("```", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith("```", StringComparison.Ordinal));
        return new HelpExample(title, string.Join('\n', code), Paragraphs(lines));
    }

    private static List<(string Type, string Remark)> Types(List<string> lines) =>
        [.. Split(lines, "### ").Select(type => (type.Key, string.Join(' ', Paragraphs(type.Value))))];

    private static string LinkText(string line)
    {
        int end = line.IndexOf(']', StringComparison.Ordinal);
        return line.StartsWith('[') && end > 0 ? line[1..end] : line;
    }
}
