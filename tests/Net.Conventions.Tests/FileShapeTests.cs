using System.Text.RegularExpressions;

namespace Net.Conventions.Tests;

/// <summary>Files that can be read in one sitting and found by their name.</summary>
public sealed partial class FileShapeTests(ITestOutputHelper output)
{
    private const int Limit = 600;
    private const int Wish = 300;

    private static readonly string[] Binary = [".dll", ".exe", ".so", ".dylib", ".a", ".lib", ".nupkg", ".zip", ".gz", ".tgz", ".jar", ".pyc"];

    private static readonly string[] Vendored = ["vendor", "vendored", "third_party", "third-party", "thirdparty", "external", "node_modules", "packages", "submodules"];

    [Fact]
    public void No_source_file_is_longer_than_600_lines()
    {
        foreach (SourceFile source in Repository.Sources.Where(source => source.Lines.Count is > Wish and <= Limit).OrderByDescending(source => source.Lines.Count))
        {
            output.WriteLine($"{source.Path}: {source.Lines.Count} lines, more than the {Wish} one can keep in mind");
        }

        Repository.NothingIn(
            Repository.Sources.Where(source => source.Lines.Count > Limit).Select(source => $"{source.Path}: {source.Lines.Count} lines"),
            "Split it along what it does.");
    }

    [Fact]
    public void A_file_is_named_after_a_type_in_it()
    {
        Repository.NothingIn(
            Repository.Sources.Where(source => !source.Path.StartsWith("tests/", StringComparison.Ordinal))
                .Where(source => source.Name is not ("Program" or "AssemblyInfo" or "GlobalUsings"))
                .Where(source => source.TopLevelTypes.Count > 0)
                // PathMonitor.Log.cs is a part of PathMonitor, ValueList{T}.cs has a generic one; FirewallRequests.cs holds the requests of one area.
                .Where(source => !source.TopLevelTypes.Contains(source.Name.Split('.', '{')[0]) && !IsGroup(source))
                .Select(source => $"{source.Path}: has {string.Join(", ", source.TopLevelTypes)}"),
            "One looks for a type by the name of its file.");
    }

    [Fact]
    public void A_file_has_few_types()
    {
        Repository.NothingIn(
            Repository.Sources.Where(source => source.IsProduct)
                .Where(source => source.TopLevelTypes.Distinct().Count() > 2 && source.Lines.Count > Wish && !IsGroup(source))
                .Select(source => $"{source.Path}: has {string.Join(", ", source.TopLevelTypes)}"),
            "One type per file; small ones that are only read together may share a short one.");
    }

    [Fact]
    public void A_namespace_starts_with_the_name_of_its_project()
    {
        Repository.NothingIn(
            Repository.Sources.Where(source => source.IsProduct)
                .SelectMany(source => source.Lines.Select(line => Namespace().Match(line)).Where(match => match.Success)
                    .Select(match => match.Groups[1].Value)
                    .Where(name => name != source.Project && !name.StartsWith(source.Project + ".", StringComparison.Ordinal))
                    .Select(name => $"{source.Path}: namespace {name}")),
            "Namespaces follow projects and folders, so that a using says where to look.");
    }

    [Fact]
    public void No_folder_is_a_copy_of_somebody_elses_code() =>
        Repository.NothingIn(
            Repository.Files.Where(file => file.Split('/').SkipLast(1).Any(folder => Vendored.Contains(folder, StringComparer.OrdinalIgnoreCase))),
            "Packages come from registries with exact versions; nothing is copied in.");

    [Fact]
    public void No_binary_is_kept_in_the_tree() =>
        Repository.NothingIn(
            Repository.Files.Where(file => !file.StartsWith("tests/data/", StringComparison.Ordinal) && Binary.Contains(Path.GetExtension(file).ToLowerInvariant())),
            "What can be built or restored is not checked in.");

    // FirewallRequests.cs: records such as CreateFirewallRules or ListFirewallRules, all of one area, used by its API methods;
    // ParamsWriters.cs: the interface IParamsWriter and its few small implementations.
    private static bool IsGroup(SourceFile source) =>
        source.Name.EndsWith("Requests", StringComparison.Ordinal) || source.TopLevelTypes.Any(type => "I" + source.Name == type + "s" || source.Name == type + "s");

    [GeneratedRegex(@"^namespace ([\w.]+)")]
    private static partial Regex Namespace();
}
