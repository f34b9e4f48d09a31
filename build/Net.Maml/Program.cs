using System.Reflection;
using Net.Maml;

// Net.Maml write|refresh --assembly Net.PowerShell.dll --help help/en-US [--output FOLDER]
//   write    checks every page against the cmdlets and makes MAML and about_*.help.txt of them
//   refresh  writes the mechanical parts of the pages anew: syntax, the yaml of parameters, the table of errors
try
{
    Options options = Options.Parse(args);
    var assembly = Assembly.LoadFrom(Path.GetFullPath(options.Assembly));
    IReadOnlyList<CmdletModel> cmdlets = CmdletReader.Read(assembly);
    if (options.Refresh)
    {
        Refresher.Run(options.Help, cmdlets, ErrorTable.Markdown(assembly));
        return 0;
    }

    IReadOnlyList<HelpPage> pages = HelpChecker.ReadAndCheck(options.Help, cmdlets);
    Directory.CreateDirectory(options.Output);
    MamlWriter.Write(Path.Combine(options.Output, "Net.PowerShell.dll-Help.xml"), cmdlets, pages);
    foreach (string about in Directory.EnumerateFiles(options.Help, "about_*.md"))
    {
        string text = AboutText.FromMarkdown(File.ReadAllLines(about));
        File.WriteAllText(Path.Combine(options.Output, $"{Path.GetFileNameWithoutExtension(about)}.help.txt"), text);
    }

    return 0;
}
catch (HelpException exception)
{
    foreach (string problem in exception.Problems)
    {
        // The form MSBuild shows as an error of the build.
        Console.Error.WriteLine($"Net.Maml : error NM0001: {problem}");
    }

    return 1;
}
