using System.Text;

namespace Net.Maml;

/// <summary>About topics as PowerShell shows them: plain text, 80 columns.</summary>
internal static class AboutText
{
    private const int Width = 79;

    /// <summary>Makes text of markdown: headings in capitals, code indented, tables as lists.</summary>
    public static string FromMarkdown(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        var paragraph = new List<string>();
        bool code = false;
        bool tableBody = false;
        foreach (string line in lines.Append(string.Empty))
        {
            bool fence = line.StartsWith("```", StringComparison.Ordinal);
            bool ends = code || fence || line.Length == 0 || line.StartsWith('#') || line.StartsWith('|') || line.StartsWith("- ", StringComparison.Ordinal);
            if (ends && paragraph.Count > 0)
            {
                Wrap(text, string.Join(' ', paragraph), "    ");
                paragraph.Clear();
            }

            code ^= fence;
            if (fence || (line.Length == 0 && !code))
            {
                text.Append('\n');
            }
            else if (code)
            {
                text.Append("        ").Append(line).Append('\n');
            }
            else if (line.StartsWith('#'))
            {
                text.Append(line.TrimStart('#').Trim().ToUpperInvariant()).Append('\n');
            }
            else if (line.StartsWith('|'))
            {
                tableBody = Row(text, line, tableBody);
            }
            else
            {
                paragraph.Add(line.Trim());
            }
        }

        return text.ToString();
    }

    // Head and rule of a table say nothing in a list; the first row after the rule does.
    private static bool Row(StringBuilder text, string line, bool body)
    {
        if (line.StartsWith("|---", StringComparison.Ordinal))
        {
            return true;
        }

        if (body)
        {
            string[] cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
            text.Append("    ").Append(PageReader.Plain(string.Join(", ", cells.Take(2)))).Append('\n');
            Wrap(text, string.Join(' ', cells.Skip(2)), "        ");
        }

        return body;
    }

    private static void Wrap(StringBuilder text, string paragraph, string indent)
    {
        int column = 0;
        foreach (string word in PageReader.Plain(paragraph).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                text.Append('\n');
                column = 0;
            }

            text.Append(column == 0 ? indent : " ").Append(word);
            column += (column == 0 ? indent.Length : 1) + word.Length;
        }

        if (column > 0)
        {
            text.Append('\n');
        }
    }
}
