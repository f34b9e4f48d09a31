using System.Xml.Linq;

namespace Net.Conventions.Tests;

/// <summary>One csproj.</summary>
internal sealed class ProjectFile
{
    private readonly XDocument _document;

    public ProjectFile(string path)
    {
        Path = path;
        _document = XDocument.Load(Repository.PathOf(path));
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Folder => Path[..Path.LastIndexOf('/')];

    public string AssemblyName => Property("AssemblyName") ?? Name;

    /// <summary>Names of the projects it references.</summary>
    public IEnumerable<string> Projects => Items("ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')));

    public IEnumerable<string> Packages => Items("PackageReference");

    public IEnumerable<string> Frameworks => Items("FrameworkReference");

    public bool HasSources => Repository.Sources.Any(source => source.Path.StartsWith(Folder + "/", StringComparison.Ordinal));

    /// <summary>Where the assembly lies when it was built, release, which the tests run, before debug; null when it was not.</summary>
    public string? BuiltAssembly => new[] { "release", "debug" }
        .Select(configuration => Repository.PathOf($"artifacts/bin/{Name}/{configuration}/{AssemblyName}.dll"))
        .FirstOrDefault(File.Exists);

    public string Text => _document.ToString();

    public IEnumerable<XElement> Elements(string name) => _document.Descendants(name);

    public string? Property(string name) => _document.Descendants(name).FirstOrDefault()?.Value;

    private IEnumerable<string> Items(string name) => _document.Descendants(name).Select(item => (string?)item.Attribute("Include")).OfType<string>();
}
