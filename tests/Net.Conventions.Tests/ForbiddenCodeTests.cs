using System.Text.RegularExpressions;

namespace Net.Conventions.Tests;

/// <summary>What must not stand in the code, and why.</summary>
public sealed partial class ForbiddenCodeTests
{
    // Words are put together from halves, so that this file does not find itself.
    private static readonly Regex Unfinished = new(@"\b(" + string.Join('|', "TO" + "DO", "FIX" + "ME", "HA" + "CK", "XX" + "X") + @")\b|NotImplemented" + "Exception");

    private static readonly Regex Invented = new(string.Join('|', "simu" + "lated", "place" + "holder", "dummy " + "(value|data)", "hard-?" + "coded"), RegexOptions.IgnoreCase);

    private static readonly Regex Machine = new(@"(?<![\w.])(/wo" + @"rk/|/ro" + @"ot/|/ho" + @"me/[a-z]|[A-Z]:\\Us" + @"ers\\)");

    private static readonly Regex Sleeps = new(@"Thread\.Sl" + @"eep|Task\.De" + @"lay");

    private static readonly string[] TextExtensions = [".cs", ".csproj", ".props", ".targets", ".md", ".sh", ".ps1", ".psm1", ".psd1", ".ps1xml", ".json", ".yml", ".yaml", ".txt", ".service"];

    [Fact]
    public void Nothing_is_left_unfinished() =>
        Repository.NothingIn(Everywhere(Unfinished), "Finish it or open an issue; a note to oneself in the code is read by nobody.");

    [Fact]
    public void No_value_is_invented() =>
        Repository.NothingIn(
            Repository.Sources.Where(source => source.IsProduct).SelectMany(source => source.Find(Invented)),
            "Real values only: what is not known is null and shown as unknown.");

    [Fact]
    public void No_path_belongs_to_one_machine() =>
        Repository.NothingIn(Everywhere(Machine), "Make the path relative, or take it from the caller.");

    [Fact]
    public void Tests_do_not_sleep() =>
        Repository.NothingIn(
            // Benchmarks measure spans of time, so they let time pass.
            Repository.Sources.Where(source => source.Path.StartsWith("tests/", StringComparison.Ordinal) && !source.Path.StartsWith("tests/Net.Benchmarks/", StringComparison.Ordinal)).SelectMany(source => source.Find(Sleeps)),
            "Move ManualTimeProvider, or wait for the event itself: a sleep is too long on one machine and too short on another.");

    [Fact]
    public void Only_the_platform_has_unsafe_code_and_calls_into_native_libraries()
    {
        // What is asked about is the code that ships; tests of the platform may build the structures it takes.
        Repository.NothingIn(
            Repository.Sources.Where(source => source.Project is not ("Net.Platform" or "Net.Platform.Tests") && !source.Path.Contains("Net.Conventions.Tests", StringComparison.Ordinal))
                .SelectMany(source => source.Find(Native())),
            "Net.Platform is the one place to look for memory errors; put a seam there and call it.");
    }

    [Fact]
    public void Only_the_platform_may_compile_unsafe_code()
    {
        Repository.NothingIn(
            Repository.Projects.Where(project => project.Name is not ("Net.Platform" or "Net.Platform.Tests") && project.Property("AllowUnsafeBlocks") is not null).Select(project => project.Path),
            "Net.Platform is the one place to look for memory errors.");
    }

    [Fact]
    public void Product_code_is_documented_and_says_so_to_the_compiler()
    {
        IEnumerable<string> projects = Repository.SourceProjects
            .Where(project => project.Text.Contains("CS1591", StringComparison.Ordinal) || project.Property("GenerateDocumentationFile") == "false")
            .Select(project => project.Path);
        IEnumerable<string> sources = Repository.Sources.Where(source => source.IsProduct).SelectMany(source => source.Find(NoDocumentation()));

        Repository.NothingIn(projects.Concat(sources), "Everything public in src has documentation; write it instead of silencing the warning.");
        Assert.Contains("<GenerateDocumentationFile>true", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Everywhere(Regex pattern) => Repository.Files
        .Where(file => !file.StartsWith("tests/data/", StringComparison.Ordinal))
        .Where(file => TextExtensions.Contains(Path.GetExtension(file)) || Path.GetExtension(file).Length == 0)
        .SelectMany(file => new SourceFile(file).Find(pattern));

    [GeneratedRegex(@"\bunsafe\b(?!\s*code)|\[(Dll|Library)Import\b|NativeLibrary\.|\bMarshal\.(?!GetLast)|\bstackalloc\b.*\*|\bfixed\s*\(")]
    private static partial Regex Native();

    [GeneratedRegex(@"#pragma warning disable.*CS1591|SuppressMessage.*CS1591")]
    private static partial Regex NoDocumentation();
}
