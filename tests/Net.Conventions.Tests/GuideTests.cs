using System.Text.RegularExpressions;

namespace Net.Conventions.Tests;

/// <summary>The guides name everything of a kind that there is: nobody looks for an error or a metric in vain.</summary>
public sealed partial class GuideTests
{
    [Fact]
    public void Every_error_id_is_in_the_troubleshooting_page() => EachStandsIn(
        "help/guides/troubleshooting.md", ErrorDefinition().Matches(PartsOf("src/Net.Contracts/Errors/ErrorCatalogue")).Select(match => match.Groups[1].Value));

    [Fact]
    public void Every_method_with_its_role_is_in_the_page_about_the_API()
    {
        string page = Repository.Read("help/guides/api.md");

        Repository.NothingIn(
            ApiMethod().Matches(PartsOf("src/Net.Contracts/Api/EngineApi"))
                .Select(match => $"| {match.Groups[1].Value} | {match.Groups[2].Value.ToLowerInvariant()} |")
                .Where(row => !page.Contains(row, StringComparison.Ordinal)),
            "Add the row to help/guides/api.md.");
    }

    [Fact]
    public void Every_metric_is_in_the_page_about_operations() => EachStandsIn(
        "help/guides/operations.md", Engine().SelectMany(source => Metric().Matches(source.Text)).Select(match => "netmod_" + match.Groups[1].Value));

    [Fact]
    public void Every_event_is_in_the_page_about_operations() => EachStandsIn(
        "help/guides/operations.md",
        Engine().SelectMany(source => Event().Matches(source.Text)).SelectMany(match => new[] { match.Groups[1].Value, match.Groups[2].Value }).Where(id => id.Length > 0));

    [Fact]
    public void Every_host_option_is_in_the_page_about_the_configuration() => EachStandsIn(
        "help/guides/configuration.md",
        HostOption().Matches(Repository.Read("src/Net.Service/HostOptionsReader.cs")).Select(match => match.Value.Trim('"')));

    // A type may stand in several files, NAME.cs and NAME.PART.cs.
    private static string PartsOf(string name) => string.Join(
        '\n', Repository.Files.Where(file => file.StartsWith($"{name}.", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)).Select(Repository.Read));

    private static IEnumerable<SourceFile> Engine() => Repository.Sources.Where(source => source.Project == "Net.Engine");

    private static void EachStandsIn(string page, IEnumerable<string> names)
    {
        string text = Repository.Read(page);
        string[] all = [.. names.Distinct(StringComparer.Ordinal)];

        Assert.NotEmpty(all);
        Repository.NothingIn(all.Where(name => !Regex.IsMatch(text, $@"(?<![\w-]){Regex.Escape(name)}(?!\w)")), $"Add what is missing to {page}.");
    }

    [GeneratedRegex(@"new\(""(\w+)"", ErrorCode\.")]
    private static partial Regex ErrorDefinition();

    [GeneratedRegex(@"new\(""([a-zA-Z]+\.[a-zA-Z]+)"", EngineRole\.(\w+)")]
    private static partial Regex ApiMethod();

    [GeneratedRegex(@"(?:Metric|Gauge)\(""(\w+)""")]
    private static partial Regex Metric();

    // The id stands first, or is one of two by a condition.
    [GeneratedRegex(@"(?:Publish|DriftReport)\((?:\w+ \? )?""([A-Z]\w+)""(?: : ""([A-Z]\w+)"")?")]
    private static partial Regex Event();

    [GeneratedRegex(@"""(?:--[a-z-]+|NETMOD_[A-Z_]+)""")]
    private static partial Regex HostOption();
}
