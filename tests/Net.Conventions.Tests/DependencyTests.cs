namespace Net.Conventions.Tests;

/// <summary>Who may know whom. A new reference is a decision: change the table and say why in the commit.</summary>
public sealed class DependencyTests
{
    // What each assembly may see, direct or through another. Everything else is forbidden for the reason given.
    private static readonly Dictionary<string, (string[] May, string Because)> Rules = new(StringComparer.Ordinal)
    {
        ["Net.Contracts"] = ([], "contracts are the bottom: both sides of the socket reference them, so they may drag nothing along"),
        ["Net.Packets"] = ([], "headers and checksums are spans in, spans out; every datapath uses them"),
        ["Net.Rpc"] = ([], "the wire knows no message of ours: it is tested against other implementations"),
        ["Net.Client"] = (["Net.Contracts", "Net.Rpc"], "a client lives in the user's process: contracts and the wire, nothing of the engine"),
        ["Net.PowerShell"] = (["Net.Client", "Net.Contracts"], "the module is a thin client; what it does not load cannot clash in the user's session"),
        ["Net.Cli"] = (["Net.Client", "Net.Contracts", "Net.Lab", "Net.Traffic"], "a face meets the engine only in the contracts; labs and measured traffic are what it runs itself"),
        ["Net.Firewall"] = (["Net.Packets"], "a domain is plain logic: no RPC, no JSON, no hosting, no system calls"),
        ["Net.Steering"] = (["Net.Packets"], "a domain is plain logic: no RPC, no JSON, no hosting, no system calls"),
        ["Net.Overlay"] = (["Net.Packets"], "a domain is plain logic: no RPC, no JSON, no hosting, no system calls"),
        ["Net.Relay"] = (["Net.Packets"], "a domain is plain logic: no RPC, no JSON, no hosting, no system calls"),
        ["Net.Platform"] = (["Net.Packets"], "the platform offers seams; it does not know who stands behind them"),
        ["Net.Workers"] = (["Net.Packets", "Net.Platform", "Net.Relay"], "what engine and workers say to each other, and how workers are kept running: both sides see it, so it knows neither; the flows of a relay cross as the domain's own records"),
        ["Net.Worker"] = (["Net.Overlay", "Net.Relay", "Net.Packets", "Net.Platform", "Net.Workers"], "a worker moves packets without privileges: it does not know the engine"),
        ["Net.Engine"] = (["Net.Contracts", "Net.Rpc", "Net.Firewall", "Net.Steering", "Net.Overlay", "Net.Relay", "Net.Packets", "Net.Platform", "Net.Traffic", "Net.Workers"], "the engine serves clients; it is not one"),
        ["Net.Service"] = (["Net.Engine", "Net.Contracts", "Net.Rpc", "Net.Platform", "Net.Firewall", "Net.Steering", "Net.Overlay", "Net.Relay", "Net.Traffic", "Net.Workers", "Net.Packets"], "the host starts the engine; it is not a client of it"),
        ["Net.Lab"] = (["Net.Platform", "Net.Packets"], "a lab stands beside the engine: it must work when the engine does not"),
        ["Net.Traffic"] = (["Net.Platform", "Net.Packets"], "traffic is measured beside the engine and inside it: it knows neither"),
        ["Net.Web"] = (["Net.Client", "Net.Contracts"], "a face meets the engine only in the contracts"),
        ["Net.Cni"] = (["Net.Client", "Net.Contracts"], "a face meets the engine only in the contracts"),
    };

    // Packages by project; a project that is not here may have none.
    private static readonly Dictionary<string, (string[] May, string Because)> PackageRules = new(StringComparer.Ordinal)
    {
        ["Net.Engine"] = (["Microsoft.Extensions.Logging.Abstractions", "YamlDotNet"], "logging and the YAML form of the document"),
        ["Net.Service"] = (["Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Logging.Console"], "only the service knows hosting"),
        ["Net.Cli"] = (["System.CommandLine", "YamlDotNet"], "parsing and completion of the command line"),
        ["Net.PowerShell"] = (["PowerShellStandard.Library"], "only the reference assembly that pwsh replaces: nothing to isolate, no load context"),
    };

    private static readonly string[] Domains = ["Net.Firewall", "Net.Steering", "Net.Overlay", "Net.Relay", "Net.Packets"];

    private static readonly string[] ForbiddenInDomains = ["System.Text.Json", "System.Net.Sockets", "Microsoft.Extensions", "System.Diagnostics.Process"];

    public static TheoryData<string> SourceProjects => [.. Repository.SourceProjects.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_project_references_only_what_it_may_know(string name)
    {
        ProjectFile project = Repository.SourceProjects.Single(candidate => candidate.Name == name);
        Assert.True(Rules.TryGetValue(name, out (string[] May, string Because) rule), $"{name} has no rule yet: add it to {nameof(DependencyTests)} with its reason.");

        Repository.NothingIn(
            project.Projects.Where(reference => !rule.May.Contains(reference)).Select(reference => $"{name} references {reference}"),
            $"because {rule.Because}.");
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_compiled_assembly_uses_only_what_it_may_know(string name)
    {
        ProjectFile project = Repository.SourceProjects.Single(candidate => candidate.Name == name);
        Assert.SkipWhen(project.BuiltAssembly is null, $"{name} is not built here; ./build.sh test builds all");
        Assert.True(Rules.TryGetValue(name, out (string[] May, string Because) rule), $"{name} has no rule yet: add it to {nameof(DependencyTests)} with its reason.");
        HashSet<string> ours = [.. Repository.SourceProjects.Select(candidate => candidate.AssemblyName)];

        Repository.NothingIn(
            AssemblyReferences.Of(project.BuiltAssembly!).Where(reference => ours.Contains(reference) && !rule.May.Contains(reference)).Select(reference => $"{name} uses {reference}"),
            $"because {rule.Because}.");
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_project_has_only_the_packages_it_may_have(string name)
    {
        ProjectFile project = Repository.SourceProjects.Single(candidate => candidate.Name == name);
        (string[] may, string because) = PackageRules.GetValueOrDefault(name, ([], "every package is one more thing to trust, to trim and to keep up to date"));

        Repository.NothingIn(project.Packages.Where(package => !may.Contains(package)).Select(package => $"{name} has the package {package}"), $"because {because}.");
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Domains_see_no_json_no_sockets_no_hosting_and_start_no_process(string name)
    {
        ProjectFile project = Repository.SourceProjects.Single(candidate => candidate.Name == name);
        if (!Domains.Contains(name) || project.BuiltAssembly is not string assembly)
        {
            return;
        }

        Repository.NothingIn(
            AssemblyReferences.Of(assembly).Where(reference => ForbiddenInDomains.Any(forbidden => reference.StartsWith(forbidden, StringComparison.Ordinal))).Select(reference => $"{name} uses {reference}"),
            "Domains are plain logic with time and packets passed in: that is why their tests take milliseconds.");
    }

    [Fact]
    public void Product_code_references_no_test_code()
    {
        Repository.NothingIn(
            Repository.SourceProjects.SelectMany(project => project.Projects.Where(reference => !Repository.SourceProjects.Any(source => source.Name == reference)).Select(reference => $"{project.Name} references {reference}")),
            "What ships is made from src alone.");
    }

    [Fact]
    public void Only_the_web_console_and_the_service_may_use_another_framework()
    {
        Repository.NothingIn(
            Repository.SourceProjects.Where(project => project.Name is not ("Net.Web" or "Net.Service")).SelectMany(project => project.Frameworks.Select(framework => $"{project.Name} references {framework}")),
            "A framework reference drags the whole framework into everyone above.");
    }
}
