using System.Text.RegularExpressions;
using Net.Build;

namespace Net.Conventions.Tests;

/// <summary>What the documents tell people to type exists.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Documents =
    [
        "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md", "examples/README.md",
        .. Repository.Files.Where(file => file.StartsWith("help/guides/", StringComparison.Ordinal)),
    ];

    /// <summary>Cmdlet names by the attribute on their classes.</summary>
    private static IReadOnlyList<string> Cmdlets { get; } =
        [.. Repository.Sources.Where(source => source.Project == "Net.PowerShell").SelectMany(source => CmdletAttribute().Matches(source.Text))
            .Select(match => $"{match.Groups["verb"].Value}-{match.Groups["noun"].Value}").Distinct().Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_task_in_a_code_block_exists() =>
        Repository.NothingIn(
            CodeLines().SelectMany(line => BuildTask().Matches(line.Text).Select(match => (line.Document, Task: match.Groups["task"].Value)))
                .Where(found => TaskList.Find(found.Task) is null)
                .Select(found => $"{found.Document}: {found.Task}"),
            "See ./build.sh help.");

    [Fact]
    public void Every_cmdlet_in_a_code_block_exists()
    {
        Assert.NotEmpty(Cmdlets);

        Repository.NothingIn(
            CodeLines().SelectMany(line => CmdletCall().Matches(line.Text).Select(match => (line.Document, Name: match.Value)))
                .Where(found => !Cmdlets.Contains(found.Name, StringComparer.Ordinal))
                .Select(found => $"{found.Document}: {found.Name}"),
            "Names of cmdlets are read from the attributes in src/Net.PowerShell.");
    }

    [Fact]
    public void Every_netmod_command_in_a_code_block_exists()
    {
        HashSet<string> words = [.. Repository.Sources.Where(source => source.Project == "Net.Cli").SelectMany(source => source.Literals).Select(literal => literal.Value)];
        Assert.NotEmpty(words);

        Repository.NothingIn(
            CodeLines().SelectMany(line => NetmodCall().Matches(line.Text).Select(match => (line.Document, line.Text, Words: match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))))
                .SelectMany(call => call.Words.Take(1).Where(word => !words.Contains(word)).Select(word => $"{call.Document}: {call.Text.Trim()}: '{word}' is no command")),
            "See netmod --help.");
    }

    [Fact]
    public void Every_file_the_documents_link_to_exists() =>
        Repository.NothingIn(
            Documents.Where(Repository.Exists).SelectMany(document => Link().Matches(Repository.Read(document)).Select(match => (document, Target: match.Groups["target"].Value)))
                .Where(link => !link.Target.Contains("://", StringComparison.Ordinal) && !link.Target.StartsWith('#') && !link.Target.StartsWith("mailto:", StringComparison.Ordinal))
                .Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(Repository.PathOf(link.document))!, link.Target.Split('#')[0])))
                .Select(link => $"{link.document}: {link.Target}"),
            "Mend the link.");

    [Fact]
    public void Every_heading_the_documents_link_to_exists() =>
        Repository.NothingIn(
            Documents.Where(Repository.Exists).SelectMany(document => Link().Matches(Repository.Read(document)).Select(match => (document, Target: match.Groups["target"].Value)))
                .Where(link => link.Target.Contains('#', StringComparison.Ordinal) && !link.Target.Contains("://", StringComparison.Ordinal))
                .Where(link => !AnchorsOf(link.document, link.Target.Split('#')[0]).Contains(link.Target.Split('#')[1]))
                .Select(link => $"{link.document}: {link.Target}"),
            "Mend the link.");

    [Fact]
    public void Every_cmdlet_has_a_help_page() =>
        Repository.NothingIn(Cmdlets.Where(cmdlet => !Repository.Exists($"help/en-US/{cmdlet}.md")), "Write help/en-US/<cmdlet>.md.");

    [Fact]
    public void Every_help_page_has_its_cmdlet()
    {
        Repository.NothingIn(
            Repository.Files.Where(file => file.StartsWith("help/en-US/", StringComparison.Ordinal) && PageName().IsMatch(Path.GetFileName(file)))
                .Where(file => !Cmdlets.Contains(Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal)),
            "Remove the page, or bring the cmdlet back.");
    }

    [Fact]
    public void The_architecture_page_names_every_source_project()
    {
        string page = Repository.Read("ARCHITECTURE.md");

        Repository.NothingIn(Repository.SourceProjects.Select(project => project.Name).Where(name => !page.Contains(name, StringComparison.Ordinal)), "One line per project in ARCHITECTURE.md.");
    }

    // As code hosts make them: lower case, spaces become hyphens, punctuation goes.
    private static HashSet<string> AnchorsOf(string document, string file)
    {
        string path = file.Length == 0 ? Repository.PathOf(document) : Path.Combine(Path.GetDirectoryName(Repository.PathOf(document))!, file);
        return [.. File.ReadLines(path).Where(line => line.StartsWith('#')).Select(line =>
            string.Concat(line.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-').Where(character => char.IsLetterOrDigit(character) || character is '-' or '_')))];
    }

    private static IEnumerable<(string Document, string Text)> CodeLines()
    {
        foreach (string document in Documents.Where(Repository.Exists))
        {
            bool inside = false;
            foreach (string line in File.ReadLines(Repository.PathOf(document)))
            {
                if (line.StartsWith("```", StringComparison.Ordinal))
                {
                    inside = !inside;
                }
                else if (inside)
                {
                    yield return (document, line);
                }
            }
        }
    }

    [GeneratedRegex("""\[Cmdlet\(\s*(?:Verbs\w+\.)?"?(?<verb>[A-Za-z]+)"?\s*,\s*"(?<noun>\w+)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CmdletAttribute();

    [GeneratedRegex(@"\./build\.(?:sh|ps1(?: -Task)?) (?<task>[a-z]+)")]
    private static partial Regex BuildTask();

    [GeneratedRegex(@"\b[A-Z][a-z]+-(?:Net|Firewall|Relay|Overlay)\w*\b")]
    private static partial Regex CmdletCall();

    [GeneratedRegex(@"(?:^|[\s/$])netmod(?<words>(?: [a-z][a-z-]*)+)")]
    private static partial Regex NetmodCall();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[A-Z][a-z]+-\w+\.md$")]
    private static partial Regex PageName();
}
