using System.Reflection;
using System.Text.RegularExpressions;
using Net.Maml;
using Net.PowerShell.Commands;

namespace Net.PowerShell.Tests.Conventions;

/// <summary>What ships, as files and metadata.</summary>
internal static partial class ModuleUnderTest
{
    public static Assembly Assembly { get; } = typeof(EngineCmdlet).Assembly;

    public static IReadOnlyList<CmdletModel> Cmdlets { get; } = CmdletReader.Read(Assembly);

    public static string Root { get; } = FindRoot();

    public static string Help { get; } = Path.Combine(Root, "help", "en-US");

    public static string Manifest { get; } = File.ReadAllText(Path.Combine(Root, "module", "Net.Module.psd1"));

    public static TheoryData<string> CmdletNames { get; } = [.. Cmdlets.Select(cmdlet => cmdlet.Name)];

    public static CmdletModel Cmdlet(string name) => Cmdlets.Single(cmdlet => cmdlet.Name == name);

    public static Type TypeOf(CmdletModel cmdlet) => Assembly.GetType($"Net.PowerShell.Commands.{cmdlet.Verb}{cmdlet.Noun}Command", throwOnError: true)!;

    /// <summary>The quoted texts of a list of the manifest.</summary>
    public static string[] ManifestList(string key)
    {
        Match list = Regex.Match(Manifest, $@"{key}\s*=\s*@\(([^)]*)\)");
        Assert.True(list.Success, $"the manifest has no list {key}");
        return [.. Quoted().Matches(list.Groups[1].Value).Select(match => match.Groups[1].Value)];
    }

    public static string ManifestText(string key) => Regex.Match(Manifest, $@"{key}\s*=\s*'([^']*)'").Groups[1].Value;

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Net.Module.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
