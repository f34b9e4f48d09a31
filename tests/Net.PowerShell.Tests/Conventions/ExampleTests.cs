using System.Text.RegularExpressions;
using Net.Maml;

namespace Net.PowerShell.Tests.Conventions;

/// <summary>What the examples and the guides tell people to type can be typed.</summary>
public sealed partial class ExampleTests
{
    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "WhatIf", "Confirm", "Verbose", "Debug", "ErrorAction", "ErrorVariable", "WarningAction", "WarningVariable", "OutVariable", "ProgressAction",
    };

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Path.Combine(ModuleUnderTest.Root, "examples"), "*.ps1", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Path.Combine(ModuleUnderTest.Root, "help", "guides"), "*.md"))
        .Concat(Directory.EnumerateFiles(Path.Combine(ModuleUnderTest.Root, "help", "en-US"), "about_*.md"))
        .Append(Path.Combine(ModuleUnderTest.Root, "README.md"))
        .Append(Path.Combine(ModuleUnderTest.Root, "examples", "README.md"))
        .Select(file => Path.GetRelativePath(ModuleUnderTest.Root, file))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_parameter_that_is_used_exists(string page)
    {
        var wrong = new List<string>();
        foreach (string line in LinesOf(page))
        {
            foreach (Match call in Call().Matches(line))
            {
                CmdletModel? cmdlet = ModuleUnderTest.Cmdlets.FirstOrDefault(one => string.Equals(one.Name, call.Groups["name"].Value, StringComparison.OrdinalIgnoreCase));
                if (cmdlet is null)
                {
                    wrong.Add($"there is no {call.Groups["name"].Value}: {line.Trim()}");
                    continue;
                }

                wrong.AddRange(Parameter().Matches(Plain(call.Groups["rest"].Value)).Select(match => match.Groups[1].Value)
                    .Where(name => !Common.Contains(name) && !cmdlet.Parameters.Any(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)))
                    .Select(name => $"{cmdlet.Name} has no -{name}: {line.Trim()}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_cmdlet_stands_in_an_example()
    {
        string examples = string.Join('\n', Directory.EnumerateFiles(Path.Combine(ModuleUnderTest.Root, "examples"), "*.ps1", SearchOption.AllDirectories).Select(File.ReadAllText));

        Assert.All(ModuleUnderTest.Cmdlets, cmdlet => Assert.Matches($@"\b{cmdlet.Name}\b", examples));
    }

    // Scripts whole, without comments; pages only in their PowerShell blocks.
    private static IEnumerable<string> LinesOf(string page)
    {
        bool isScript = page.EndsWith(".ps1", StringComparison.Ordinal);
        bool isInside = isScript;
        foreach (string line in File.ReadLines(Path.Combine(ModuleUnderTest.Root, page)))
        {
            if (!isScript && line.StartsWith("```", StringComparison.Ordinal))
            {
                isInside = line == "```powershell";
            }
            else if (isInside && !line.TrimStart().StartsWith('#'))
            {
                yield return line;
            }
        }
    }

    // What is in quotes, parentheses or braces belongs to another command or to none; nested ones are seen as calls of their own.
    private static string Plain(string rest)
    {
        string before;
        do
        {
            before = rest;
            rest = Quoted().Replace(rest, " ");
        }
        while (rest != before);

        return rest.Split(['|', ';', '(', ')', '{', '}'])[0];
    }

    // After Get-Help and its kin a name is an argument.
    [GeneratedRegex(@"(?<![\w-])(?<!Get-Help |Get-Command )(?<name>(?:[A-Z][a-z]+)-(?:Net(?:Configuration|Engine|Event|Flow|Path|PathRoute|Secret)|NatRule|PortForward|(?:Firewall|Overlay|Relay)[A-Za-z]*|MulticastGroup|PacketTrace))\b(?<rest>.*?)(?=(?:[A-Z][a-z]+-(?:Nat|Net|Firewall|Overlay|PortForward|Relay|Multicast|Packet))|$)")]
    private static partial Regex Call();

    [GeneratedRegex("""'[^']*'|"[^"]*"|\([^()]*\)|\{[^{}]*\}""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<=\s)-([A-Za-z]+)\b")]
    private static partial Regex Parameter();
}
