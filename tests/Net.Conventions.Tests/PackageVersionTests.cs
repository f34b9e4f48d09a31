using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Net.Conventions.Tests;

/// <summary>Packages from NuGet: each with one exact version, its reason, and somebody who uses it.</summary>
public sealed partial class PackageVersionTests
{
    private static readonly XDocument Versions = XDocument.Load(Repository.PathOf("Directory.Packages.props"));

    [Fact]
    public void Every_package_says_why_it_is_here() =>
        Repository.NothingIn(
            Versions.Descendants("PackageVersion").Where(package => Reason(package) is not { Length: >= 20 }).Select(package => $"{Id(package)} has no comment above it"),
            "Say in one line what it is for and why it was chosen; two packages for one purpose may share a comment.");

    [Fact]
    public void Every_package_is_used()
    {
        string build = Repository.Read("Directory.Build.targets") + Repository.Read("Directory.Build.props");

        Repository.NothingIn(
            Versions.Descendants("PackageVersion").Select(Id)
                .Where(id => !Repository.Projects.Any(project => project.Packages.Contains(id)) && !build.Contains($"\"{id}\"", StringComparison.Ordinal)),
            "A package nobody references is only a line to keep up to date.");
    }

    [Fact]
    public void Every_version_is_exact() =>
        Repository.NothingIn(
            Versions.Descendants("PackageVersion").Where(package => !Exact().IsMatch((string?)package.Attribute("Version") ?? string.Empty)).Select(Id),
            "A floating version makes two machines build two programs.");

    [Fact]
    public void Versions_stand_in_one_file() =>
        Repository.NothingIn(
            Repository.Projects.SelectMany(project => project.Elements("PackageReference")
                .Where(package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null)
                .Select(package => $"{project.Path}: {Id(package)}")),
            "Versions belong in Directory.Packages.props.");

    private static string Id(XElement package) => (string?)package.Attribute("Include") ?? string.Empty;

    // The comment right above, or above the package that stands right above.
    private static string? Reason(XElement package)
    {
        XNode? before = package.PreviousNode;
        while (before is XText or XElement { Name.LocalName: "PackageVersion" })
        {
            before = before.PreviousNode;
        }

        return (before as XComment)?.Value.Trim();
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+(\.\d+)?(-[\w.-]+)?$")]
    private static partial Regex Exact();
}
