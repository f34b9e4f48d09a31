using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Net.Build;

namespace Net.Conventions.Tests;

/// <summary>Every program that is started and every library that is loaded belongs to a package that build.sh installs.</summary>
public sealed partial class ProgramTests
{
    private static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    // Not from Debian: each is looked for, and said to be missing where it is.
    private static readonly Dictionary<string, string> Optional = new(StringComparer.Ordinal)
    {
        ["dotnet"] = "the one thing build.sh asks for",
        ["git"] = "what the tree came with",
        ["pwsh"] = "its tests are skipped with a line where it is not",
        ["sudo"] = "used where it is, else build.sh says what to install",
        ["dpkg"] = "tells where a program comes from; these tests need Debian",
        ["dpkg-deb"] = "package makes a .deb where it is",
        ["netmod"] = "ours",
        ["netmod-engine"] = "ours",
        ["netmod-worker"] = "ours",
    };

    // Words of the field that are also names of programs somebody may have installed: literals, never started.
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "accept", "bridge", "cancel", "col", "column", "comm", "conntrack", "cut", "dir", "disable", "docs", "dir", "editor", "enable", "expand", "factor",
        "file", "filter", "find", "from", "group", "head", "help", "host", "id", "info", "join", "last", "link", "list", "locale", "lo", "log", "look", "more", "mount",
        "named", "network", "nl", "open", "pager", "patch", "path", "ping4", "ping6", "pinky", "policy", "pr", "print", "ps", "reject", "rename", "reset", "route",
        "rule", "script", "see", "service", "size", "snmp", "sort", "split", "ssh", "stat", "status", "sum", "table", "tail", "tc", "tee", "test", "time", "tput", "trace", "tree",
        "true", "false", "type", "unexpand", "uniq", "unlink", "users", "view", "w", "wait", "watch", "wall", "which", "who", "write", "yes", "bash", "fish", "zsh", "pwsh",
        // Packages of the bench's peers, which are unpacked into its cache and run in there alone.
        "dbus-daemon", "firewalld", "kmod", "ufw",
        "a", "b", "bc", "x", "y", "z", "ar", "as", "at", "cc", "gold", "ld", "nm", "node", "router", "server", "client", "connect", "apply", "confirm", "export", "import", "timeout",
    };

    // Words of our own command line: its tests and the demo run them as `RunAsync("status")`.
    private static readonly HashSet<string> Commands =
        [.. Repository.Sources.Where(source => source.Path.StartsWith("src/Net.Cli/", StringComparison.Ordinal)).SelectMany(source => source.Literals).Select(literal => literal.Value)];

    // Asking dpkg takes a while, and scripts name the same programs over and over.
    private static readonly ConcurrentDictionary<string, string> Owners = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, DebianPackage> Listed =
        PackageList.Read(Repository.PathOf("build/packages.txt")).ToDictionary(package => package.Name, StringComparer.Ordinal);

    [Fact]
    public void The_package_list_can_be_read_and_gives_each_package_a_reason()
    {
        Assert.NotEmpty(Listed);
        Assert.All(Listed.Values, package => Assert.True(package.Reason.Length >= 10, $"{package.Name}: say what for"));
    }

    [Fact]
    public void Every_program_that_is_started_belongs_to_a_listed_package()
    {
        Assert.SkipUnless(ProcessRunner.Find("dpkg") is not null, "dpkg tells which package a program is from; this is not Debian");

        // Arguments of calls that start something: whatever stands there must be known, also where it is not installed.
        IEnumerable<(string Where, string Program)> started = Repository.Sources
            .Where(source => !source.Path.Contains("Net.Conventions.Tests", StringComparison.Ordinal))
            .SelectMany(source => source.Lines.Select((text, index) => (Text: text, Where: $"{source.Path}({index + 1})")))
            .SelectMany(line => StartCall().Matches(line.Text).Select(match => (line.Where, match.Groups["program"].Value)));

        // Any other literal that is the name of an installed program, unless it is a word of ours: calls can be spelt in many ways.
        IEnumerable<(string Where, string Program)> named = Repository.Sources
            .Where(source => !source.Path.Contains("Net.Conventions.Tests", StringComparison.Ordinal))
            .SelectMany(source => source.Literals.Select(literal => (Where: $"{source.Path}({literal.Line})", Program: literal.Value)))
            .Where(literal => ProgramName().IsMatch(literal.Program) && !Words.Contains(literal.Program) && PathOf(literal.Program) is not null);

        Repository.NothingIn(
            started.Concat(named).GroupBy(found => found.Program, StringComparer.Ordinal)
                .Select(group => (Problem: ProblemWith(group.Key), Found: group.First()))
                .Where(found => found.Problem is not null)
                .Select(found => $"{found.Found.Where}: {found.Problem}"),
            "Add its package to build/packages.txt with a reason (or, where it is only a word, to the words of this test).");
    }

    [Fact]
    public void Every_native_library_that_is_loaded_belongs_to_a_listed_package()
    {
        Assert.SkipUnless(ProcessRunner.Find("dpkg") is not null, "dpkg tells which package a library is from; this is not Debian");
        IEnumerable<(string Where, string Library)> loaded = Repository.Sources
            .Where(source => !source.Path.Contains("Net.Conventions.Tests", StringComparison.Ordinal))
            .SelectMany(source => Imports(source).Select(library => (source.Path, library)))
            .Distinct();

        Repository.NothingIn(
            loaded.Select(found => (found.Where, Problem: ProblemWithLibrary(found.Library))).Where(found => found.Problem is not null).Select(found => $"{found.Where}: {found.Problem}"),
            "Add its package to build/packages.txt with a reason.");
    }

    [Fact]
    public void Scripts_name_only_programs_of_listed_packages()
    {
        Assert.SkipUnless(ProcessRunner.Find("dpkg") is not null, "dpkg tells which package a program is from; this is not Debian");
        string[] scripts = [.. Repository.Files.Where(file => file.EndsWith(".sh", StringComparison.Ordinal) || file is ".ci/run" or "build/hooks/pre-commit")];

        Repository.NothingIn(
            scripts.SelectMany(script => ScriptCall().Matches(WithoutComments(script)).Select(match => (Script: script, Program: match.Groups["program"].Value)))
                .Where(found => !Words.Contains(found.Program) && PathOf(found.Program) is not null)
                .Distinct()
                .Select(found => (found.Script, Problem: ProblemWith(found.Program)))
                .Where(found => found.Problem is not null)
                .Select(found => $"{found.Script}: {found.Problem}"),
            "A script runs before anything is installed: only what every Debian has.");
    }

    private static string? ProblemWith(string program)
    {
        string name = Path.GetFileName(program);
        if (Optional.ContainsKey(name) || (Commands.Contains(name) && PathOf(name) is null) || Listed.Values.Any(package => package.Provides.Contains(name)))
        {
            return null;
        }

        if ((program.StartsWith('/') ? program : PathOf(program)) is not string path || !File.Exists(path))
        {
            return $"'{program}' is started but no listed package provides it (and it is not on this machine)";
        }

        return ProblemWithOwner(program, path);
    }

    private static string? ProblemWithLibrary(string library)
    {
        // The C library is there wherever .NET is.
        if (library is "libc" or "c")
        {
            return null;
        }

        string file = library.Contains(".so", StringComparison.Ordinal) ? library : (library.StartsWith("lib", StringComparison.Ordinal) ? library : "lib" + library) + ".so";
        string[] known = Run("ldconfig", "-p").Split('\n');
        string? line = Find(file) ?? Find(file[..(file.IndexOf(".so", StringComparison.Ordinal) + 3)]);
        return line is null ? $"'{library}' is loaded but is not on this machine: is its package listed?" : ProblemWithOwner(library, line[(line.IndexOf("=>", StringComparison.Ordinal) + 2)..].Trim());

        // Another version of a library does as well: not every release has all that are tried.
        string? Find(string start) => known.FirstOrDefault(entry => entry.TrimStart().StartsWith(start, StringComparison.Ordinal));
    }

    private static string? ProblemWithOwner(string name, string path)
    {
        // /bin is a link to /usr/bin, and packages register files on either side; alternatives are links to the real program.
        string real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        string[] candidates = [path, real, real.StartsWith("/usr/", StringComparison.Ordinal) ? real["/usr".Length..] : "/usr" + real, "/usr" + path, path.Replace("/usr", string.Empty, StringComparison.Ordinal)];
        Match owning = OwnerLine().Match(Owners.GetOrAdd(path, _ => Run("dpkg", ["-S", .. candidates.Where(File.Exists).Distinct()])));
        string? owner = owning.Success ? owning.Groups[1].Value : null;
        if (owner is null)
        {
            return $"'{name}' ({path}) belongs to no package";
        }

        if (Listed.ContainsKey(owner))
        {
            return null;
        }

        string status = Run("dpkg-query", "-W", "-f=${Essential} ${Priority}", owner);
        return status.StartsWith("yes", StringComparison.Ordinal) || status.EndsWith(" required", StringComparison.Ordinal) ? null : $"'{name}' is from the package {owner}, which is not listed";
    }

    private static string? PathOf(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    // The name stands in the attribute, or in a constant of the same file or project.
    private static IEnumerable<string> Imports(SourceFile source)
    {
        foreach (Match match in Import().Matches(source.Text))
        {
            string value = match.Groups["library"].Value;
            if (value.StartsWith('"'))
            {
                yield return value.Trim('"');
                continue;
            }

            string constant = value.Split('.')[^1];
            Match? definition = Repository.Sources.Where(other => other.Project == source.Project)
                .Select(other => Regex.Match(other.Text, $@"const string {Regex.Escape(constant)} = ""([^""]+)"""))
                .FirstOrDefault(found => found.Success);
            yield return definition?.Groups[1].Value ?? $"{value} (a constant that was not found)";
        }
    }

    private static string WithoutComments(string script) =>
        string.Join('\n', File.ReadLines(Repository.PathOf(script)).Where(line => !line.TrimStart().StartsWith('#')));

    private static string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program == "ldconfig" ? "/sbin/ldconfig" : program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text.Trim();
    }

    [GeneratedRegex("""\b(?:ProcessStartInfo|Process\.Start|ProcessRequest|Programs?\.Find|ProgramPath\.Find|ProcessRunner\.Find|Run(?:OrThrow)?(?:Async)?|Exec(?:ute)?(?:Async)?|Enter|Start(?:Process)?Async)\(\s*"(?<program>/?[a-z][a-z0-9./_-]*)"\s*[,)]""")]
    private static partial Regex StartCall();

    [GeneratedRegex(@"^[a-z][a-z0-9.+_-]+$")]
    private static partial Regex ProgramName();

    [GeneratedRegex("""\[(?:Library|Dll)Import\(\s*(?<library>"[^"]+"|[\w.]+)|NativeLibrary\.(?:Try)?Load\(\s*(?<library>"[^"]+"|[\w.]+)""")]
    private static partial Regex Import();

    [GeneratedRegex(@"^([a-z0-9][a-z0-9.+-]*)(?::[a-z0-9]+)?: /", RegexOptions.Multiline)]
    private static partial Regex OwnerLine();

    [GeneratedRegex(@"(?:^|[|;&(]|\$\(|\bthen|\bdo|\belse|\bexec)\s*(?<program>[a-z][a-z0-9-]+)(?=\s|$)", RegexOptions.Multiline)]
    private static partial Regex ScriptCall();
}
