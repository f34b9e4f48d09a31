using System.Reflection;
using System.Xml.Linq;

namespace Net.PowerShell.Tests.Conventions;

public sealed class ModuleFilesTests
{
    // Types whose own views PowerShell brings along.
    private static readonly HashSet<string> WithoutView = ["System.Boolean", "System.IO.FileInfo"];

    private static readonly XDocument Format = XDocument.Load(Path.Combine(ModuleUnderTest.Root, "module", "Net.Module.Format.ps1xml"));
    private static readonly XDocument Types = XDocument.Load(Path.Combine(ModuleUnderTest.Root, "module", "Net.Module.Types.ps1xml"));

    [Fact]
    public void The_manifest_exports_every_cmdlet_by_name_and_sorted() =>
        Assert.Equal(ModuleUnderTest.Cmdlets.Select(cmdlet => cmdlet.Name), ModuleUnderTest.ManifestList("CmdletsToExport"));

    [Fact]
    public void The_manifest_exports_nothing_else()
    {
        Assert.Empty(ModuleUnderTest.ManifestList("FunctionsToExport"));
        Assert.Empty(ModuleUnderTest.ManifestList("AliasesToExport"));
        Assert.Empty(ModuleUnderTest.ManifestList("VariablesToExport"));
        Assert.DoesNotContain("DefaultCommandPrefix", ModuleUnderTest.Manifest, StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_has_the_version_of_the_build()
    {
        string version = XDocument.Load(Path.Combine(ModuleUnderTest.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

        Assert.Equal(version, ModuleUnderTest.ManifestText("ModuleVersion"));
    }

    [Fact]
    public void The_manifest_keeps_its_identity()
    {
        Assert.Equal("5f0c7a6e-3c0b-4f57-9a54-1f6d0e2b8c41", ModuleUnderTest.ManifestText("GUID"));
        Assert.Equal("7.6", ModuleUnderTest.ManifestText("PowerShellVersion"));
        Assert.Equal(["Core"], ModuleUnderTest.ManifestList("CompatiblePSEditions"));
        Assert.Equal("Net.PowerShell.dll", ModuleUnderTest.ManifestText("RootModule"));
    }

    [Fact]
    public void The_module_references_the_platform_PowerShell_and_our_own_assemblies_only()
    {
        string[] ours = ["Net.PowerShell", "Net.Client", "Net.Rpc", "Net.Contracts"];
        IEnumerable<string> foreign = ours
            .SelectMany(name => Assembly.Load(name).GetReferencedAssemblies())
            .Select(reference => reference.Name!)
            .Where(name => !ours.Contains(name) && name != "System.Management.Automation" && name != "netstandard" && !IsPlatform(name));

        Assert.Empty(foreign.Distinct());
    }

    [Fact]
    public void Every_type_that_is_written_has_a_list_view_and_most_a_table()
    {
        HashSet<string> lists = [.. Views("ListControl")];
        IEnumerable<string> written = ModuleUnderTest.Cmdlets.SelectMany(cmdlet => cmdlet.OutputTypes).Distinct().Where(type => !WithoutView.Contains(type));

        Assert.Empty(written.Except(lists));
    }

    [Fact]
    public void A_table_has_six_columns_at_most_and_fits_eighty()
    {
        foreach (XElement table in Format.Descendants("TableControl"))
        {
            XElement[] columns = [.. table.Descendants("TableColumnHeader")];
            int width = columns.Sum(column => (int?)column.Element("Width") ?? 0) + columns.Length - 1;

            Assert.InRange(columns.Length, 1, 6);
            Assert.Equal(columns.Length, table.Descendants("TableColumnItem").Count());
            Assert.InRange(width, 1, 80 - 4);
        }
    }

    [Fact]
    public void Views_and_types_name_properties_that_exist()
    {
        foreach (XElement view in Format.Descendants("View"))
        {
            Type type = Find((string)view.Descendants("TypeName").Single());
            Assert.All(view.Descendants("PropertyName"), property => Assert.NotNull(type.GetProperty(property.Value)));
        }

        foreach (XElement type in Types.Descendants("Type"))
        {
            Type known = Find((string)type.Element("Name")!);
            IEnumerable<XElement> names = type.Descendants("ReferencedMemberName").Concat(type.Descendants("ReferencedProperties").Elements("Name"));
            Assert.All(names, name => Assert.NotNull(known.GetProperty(name.Value)));
        }
    }

    [Fact]
    public void A_list_view_of_flat_properties_shows_all_of_them()
    {
        string[] whole = ["Net.Contracts.NetPath", "Net.Contracts.PathMeasurement", "Net.Contracts.NetPathRoute", "Net.Contracts.EngineEvent",
            .. Format.Descendants("TypeName").Select(type => (string)type).Where(type => (type.StartsWith("Net.Contracts.Overlay", StringComparison.Ordinal) || type.StartsWith("Net.Contracts.Relay", StringComparison.Ordinal) || type.StartsWith("Net.Contracts.Firewall", StringComparison.Ordinal) || type is "Net.Contracts.MulticastGroup" or "Net.Contracts.NatRule" or "Net.Contracts.PortForward" or "Net.Contracts.NetFlowVerdict" or "Net.Contracts.NetFlowTraceEvent") && type != "Net.Contracts.OverlayPeerChange").Distinct()];
        foreach (string name in whole)
        {
            XElement view = Format.Descendants("View").Single(one => one.Element("ListControl") is not null && (string)one.Descendants("TypeName").Single() == name);
            IEnumerable<string> shown = view.Descendants("ListItem").Select(item => (string?)item.Element("Label") ?? (string)item.Element("PropertyName")!);

            Assert.Empty(Find(name).GetProperties().Select(property => property.Name).Except(shown));
        }
    }

    [Fact]
    public void The_module_is_laid_out_with_our_assemblies_help_and_nothing_else()
    {
        string folder = Path.Combine(ModuleUnderTest.Root, "artifacts", "module", "Net.Module", ModuleUnderTest.ManifestText("ModuleVersion"));
        string[] files = [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

        Assert.Equal(
            ["Net.Client.dll", "Net.Contracts.dll", "Net.Module.Format.ps1xml", "Net.Module.Types.ps1xml", "Net.Module.psd1", "Net.PowerShell.dll", "Net.Rpc.dll"],
            files);
        Assert.True(File.Exists(Path.Combine(folder, "en-US", "Net.PowerShell.dll-Help.xml")));
        Assert.Equal(
            Directory.EnumerateFiles(ModuleUnderTest.Help, "about_*.md").Count(),
            Directory.EnumerateFiles(Path.Combine(folder, "en-US"), "about_*.help.txt").Count());
    }

    private static IEnumerable<string> Views(string control) => Format.Descendants("View")
        .Where(view => view.Element(control) is not null)
        .Select(view => (string)view.Descendants("TypeName").Single());

    private static Type Find(string name) =>
        Type.GetType($"{name}, {(name.StartsWith("Net.PowerShell.", StringComparison.Ordinal) ? "Net.PowerShell" : "Net.Contracts")}", throwOnError: true)!;

    private static bool IsPlatform(string name) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, $"{name}.dll"));
}
