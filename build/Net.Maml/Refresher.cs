namespace Net.Maml;

/// <summary>Writes the mechanical parts of pages anew and leaves the prose alone.</summary>
internal static class Refresher
{
    private const string ErrorsPage = "about_Net_Errors.md";

    /// <summary>Writes the pages that are out of date.</summary>
    public static void Run(string folder, IReadOnlyList<CmdletModel> cmdlets, string errors)
    {
        foreach ((string file, string before, string after) in Plan(folder, cmdlets, errors))
        {
            if (before != after)
            {
                File.WriteAllText(file, after);
            }
        }
    }

    /// <summary>What every page is and should be.</summary>
    public static IEnumerable<(string File, string Before, string After)> Plan(string folder, IReadOnlyList<CmdletModel> cmdlets, string errors)
    {
        foreach (CmdletModel cmdlet in cmdlets)
        {
            string file = Path.Combine(folder, $"{cmdlet.Name}.md");
            if (File.Exists(file))
            {
                string before = File.ReadAllText(file);
                yield return (file, before, Page(before, cmdlet));
            }
        }

        string about = Path.Combine(folder, ErrorsPage);
        if (File.Exists(about))
        {
            string before = File.ReadAllText(about);
            yield return (about, before, WithTable(before, errors));
        }
    }

    private static string Page(string text, CmdletModel cmdlet)
    {
        var output = new List<string>();
        string section = string.Empty;
        ParameterModel? parameter = null;
        bool yaml = false;
        foreach (string line in text.TrimEnd('\n').Split('\n').Append("## "))
        {
            bool heading = line.StartsWith("## ", StringComparison.Ordinal) || (section == "PARAMETERS" && line.StartsWith("### -", StringComparison.Ordinal));
            if (heading && parameter is not null)
            {
                TrimEnd(output);
                output.Add(string.Empty);
                output.AddRange(SyntaxText.Yaml(cmdlet, parameter));
                parameter = null;
            }

            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = line[3..];
                output.Add(line);
                if (section == "SYNTAX")
                {
                    output.AddRange(SyntaxText.Syntax(cmdlet));
                }
            }
            else if (section == "PARAMETERS" && (yaml || line.StartsWith("```yaml", StringComparison.Ordinal)))
            {
                yaml = !yaml || !line.StartsWith("```", StringComparison.Ordinal);
            }
            else if (section != "SYNTAX")
            {
                output.Add(line);
                parameter = heading ? cmdlet.Parameters.FirstOrDefault(one => one.Name == line[5..].Trim()) : parameter;
            }
        }

        output.RemoveAt(output.Count - 1);
        TrimEnd(output);
        return string.Join('\n', output) + "\n";
    }

    private static string WithTable(string text, string errors)
    {
        IEnumerable<string> before = text.Split('\n').TakeWhile(line => !line.StartsWith('|'));
        IEnumerable<string> after = text.TrimEnd('\n').Split('\n').SkipWhile(line => !line.StartsWith('|')).SkipWhile(line => line.StartsWith('|'));
        return string.Join('\n', [.. before, .. errors.TrimEnd('\n').Split('\n'), .. after]) + "\n";
    }

    private static void TrimEnd(List<string> lines)
    {
        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }
    }
}
