namespace Net.Maml;

/// <summary>Holds pages against cmdlets.</summary>
internal static class HelpChecker
{
    /// <summary>Reads every page.</summary>
    /// <exception cref="HelpException">A page is missing or says too little.</exception>
    public static IReadOnlyList<HelpPage> ReadAndCheck(string folder, IReadOnlyList<CmdletModel> cmdlets)
    {
        var problems = new List<string>();
        var pages = new List<HelpPage>();
        foreach (CmdletModel cmdlet in cmdlets)
        {
            string file = Path.Combine(folder, $"{cmdlet.Name}.md");
            if (!File.Exists(file))
            {
                problems.Add($"{cmdlet.Name} has no page {file}.");
                continue;
            }

            HelpPage page = PageReader.Read(file);
            pages.Add(page);
            problems.AddRange(Check(cmdlet, page).Select(problem => $"{file}: {problem}"));
        }

        HashSet<string> known = [.. cmdlets.Select(cmdlet => cmdlet.Name)];
        problems.AddRange(Directory.EnumerateFiles(folder, "*-*.md")
            .Where(file => !known.Contains(Path.GetFileNameWithoutExtension(file)))
            .Select(file => $"{file} is about no cmdlet."));
        return problems.Count == 0 ? pages : throw new HelpException(problems);
    }

    private static IEnumerable<string> Check(CmdletModel cmdlet, HelpPage page)
    {
        if (page.Synopsis.Length == 0)
        {
            yield return "has no synopsis.";
        }

        if (page.Description.Count == 0)
        {
            yield return "has no description.";
        }

        if (page.Examples.Count < 2)
        {
            yield return "needs two examples at least.";
        }

        if (cmdlet.Parameters.Any(parameter => parameter.Name == "WhatIf")
            && !page.Examples.Any(example => example.Code.Contains("-WhatIf", StringComparison.Ordinal)))
        {
            yield return "needs an example with -WhatIf.";
        }

        foreach (ParameterModel parameter in cmdlet.Parameters)
        {
            if (!page.Parameters.TryGetValue(parameter.Name, out IReadOnlyList<string>? text) || text.Count == 0)
            {
                yield return $"does not describe -{parameter.Name}.";
            }
        }

        foreach (string name in page.Parameters.Keys.Where(name => cmdlet.Parameters.All(parameter => parameter.Name != name)))
        {
            yield return $"describes -{name}, which does not exist.";
        }

        foreach (string type in cmdlet.OutputTypes.Where(type => page.Outputs.All(output => output.Type != type)))
        {
            yield return $"does not list its output {type}.";
        }
    }
}
