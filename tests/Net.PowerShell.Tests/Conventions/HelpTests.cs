using System.Xml.Linq;
using Net.Contracts;
using Net.Maml;
using Net.PowerShell.Errors;

namespace Net.PowerShell.Tests.Conventions;

public sealed class HelpTests
{
    private static readonly string[] Topics = ["Automation", "Configuration", "Errors", "Firewall", "Overlay", "Overview", "Paths", "Relay"];

    [Fact]
    public void Every_cmdlet_has_a_page_with_two_examples_and_every_parameter_described() =>
        Assert.Equal(ModuleUnderTest.Cmdlets.Count, HelpChecker.ReadAndCheck(ModuleUnderTest.Help, ModuleUnderTest.Cmdlets).Count);

    [Fact]
    public void Syntax_and_tables_are_those_of_the_code()
    {
        string errors = ErrorTable.Markdown(ModuleUnderTest.Assembly);
        IEnumerable<string> stale = Refresher.Plan(ModuleUnderTest.Help, ModuleUnderTest.Cmdlets, errors)
            .Where(page => page.Before != page.After)
            .Select(page => Path.GetFileName(page.File));

        Assert.True(!stale.Any(), $"run 'dotnet msbuild src/Net.PowerShell -t:RefreshHelp' for {string.Join(", ", stale)}");
    }

    [Fact]
    public void Every_page_shows_a_pipeline()
    {
        // These take nothing from a pipeline and write nothing into one.
        string[] without = ["Disconnect-NetEngine", "Watch-NetPath"];
        IEnumerable<string> pages = HelpChecker.ReadAndCheck(ModuleUnderTest.Help, ModuleUnderTest.Cmdlets)
            .Where(page => !page.Examples.Any(example => example.Code.Contains('|', StringComparison.Ordinal)))
            .Select(page => page.Name);

        Assert.Empty(pages.Except(without));
    }

    [Fact]
    public void Firewall_pages_say_at_once_whose_firewall_they_mean()
    {
        IEnumerable<HelpPage> pages = HelpChecker.ReadAndCheck(ModuleUnderTest.Help, ModuleUnderTest.Cmdlets)
            .Where(page => page.Name.EndsWith("-FirewallRule", StringComparison.Ordinal));

        Assert.All(pages, page => Assert.Contains("not of Windows Firewall", page.Synopsis, StringComparison.Ordinal));
    }

    [Fact]
    public void A_parameter_without_a_description_fails()
    {
        CmdletModel cmdlet = ModuleUnderTest.Cmdlet("Get-NetEngine");
        ParameterModel extra = ModuleUnderTest.Cmdlet("Get-NetPath").Parameters[0];

        HelpException failure = Assert.Throws<HelpException>(
            () => HelpChecker.ReadAndCheck(ModuleUnderTest.Help, [cmdlet with { Parameters = [extra] }]));

        Assert.Contains(failure.Problems, problem => problem.EndsWith($"does not describe -{extra.Name}.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_about_topics_are_there() => Assert.Equal(
        Topics,
        Directory.EnumerateFiles(ModuleUnderTest.Help, "about_Net_*.md").Select(file => Path.GetFileNameWithoutExtension(file)["about_Net_".Length..]).Order(StringComparer.Ordinal));

    [Fact]
    public void About_text_fits_eighty_columns_and_keeps_code()
    {
        string text = AboutText.FromMarkdown(["# Title", string.Empty, new string('x', 40) + " " + new string('y', 60), "```powershell", "Get-NetPath", "```", "| a | b | c |", "|---|---|---|", "| 1 | 2 | three |"]);

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("TITLE\n", text, StringComparison.Ordinal);
        Assert.Contains("        Get-NetPath\n", text, StringComparison.Ordinal);
        Assert.Contains("    1, 2\n        three\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Maml_carries_every_cmdlet_with_syntax_parameters_and_examples()
    {
        string file = Path.Combine(Path.GetTempPath(), $"net-maml-{Guid.NewGuid():N}.xml");
        try
        {
            MamlWriter.Write(file, ModuleUnderTest.Cmdlets, HelpChecker.ReadAndCheck(ModuleUnderTest.Help, ModuleUnderTest.Cmdlets));
            XNamespace command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
            XElement[] commands = [.. XDocument.Load(file).Root!.Elements(command + "command")];

            Assert.Equal(ModuleUnderTest.Cmdlets.Count, commands.Length);
            Assert.All(commands.Zip(ModuleUnderTest.Cmdlets), pair =>
            {
                Assert.Equal(pair.Second.Sets.Count, pair.First.Element(command + "syntax")!.Elements().Count());
                Assert.Equal(pair.Second.Parameters.Count, pair.First.Element(command + "parameters")!.Elements().Count());
                Assert.InRange(pair.First.Element(command + "examples")!.Elements().Count(), 2, 10);
            });
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, "ObjectNotFound")]
    [InlineData(ErrorCode.AlreadyExists, "ResourceExists")]
    [InlineData(ErrorCode.InvalidArgument, "InvalidArgument")]
    [InlineData(ErrorCode.PermissionDenied, "PermissionDenied")]
    [InlineData(ErrorCode.NotSupported, "NotImplemented")]
    [InlineData(ErrorCode.Conflict, "ResourceBusy")]
    [InlineData(ErrorCode.Timeout, "OperationTimeout")]
    [InlineData(ErrorCode.Unavailable, "ConnectionError")]
    [InlineData(ErrorCode.Internal, "InvalidResult")]
    [InlineData(ErrorCode.ProtocolMismatch, "ProtocolError")]
    public void Each_code_has_its_category(ErrorCode code, string category) => Assert.Equal(category, ErrorRecords.CategoryOf(code).ToString());

    [Fact]
    public void Every_code_has_a_category() =>
        Assert.All(Enum.GetValues<ErrorCode>(), code => Assert.NotEqual("NotSpecified", ErrorRecords.CategoryOf(code).ToString()));

    [Fact]
    public void Only_failures_that_no_object_survives_end_the_pipeline()
    {
        string[] ending = [.. ErrorCatalogue.ById.Values
            .Where(definition => ErrorRecords.EndsThePipeline(new EngineException(definition, definition.Meaning)))
            .Select(definition => definition.Id)
            .Order(StringComparer.Ordinal)];

        Assert.Equal(["EngineNotReachable", "EngineStopping", "HelloRequired", "ProtocolVersionMismatch", "SocketNotPermitted"], ending);
    }
}
