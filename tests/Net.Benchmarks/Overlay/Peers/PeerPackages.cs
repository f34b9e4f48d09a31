using System.ComponentModel;
using System.Diagnostics;
using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Overlay;

/// <summary>Programs of another Debian suite than the host's, unpacked with the libraries they need into the bench's cache. Nothing of the host's
/// package system is changed: lists, status and downloads are in the cache too. The host's own mirror is asked.</summary>
internal sealed class PeerPackages
{
    private const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    private static readonly TimeSpan FreshFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly SemaphoreSlim Gate = new(1, 1);

    private readonly string _root;
    private readonly Dictionary<string, string> _versions;

    private PeerPackages(string root, Dictionary<string, string> versions)
    {
        _root = root;
        _versions = versions;
    }

    /// <summary>The folder they are unpacked in.</summary>
    public string Root => _root;

    /// <summary>Unpacks packages of a suite, or takes what was unpacked within the last day; older ones serve where the mirror does not answer.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="names">Names of packages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<PeerPackages> GetAsync(string suite, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        GetAsync(suite, suite, names, isWhole: false, cancellationToken);

    /// <summary>Unpacks packages with everything they depend on, so that their folder can be the root of a system of its own.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="system">What the system is called in the cache.</param>
    /// <param name="names">Names of packages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<PeerPackages> GetWholeAsync(string suite, string system, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        GetAsync(suite, $"{suite}-{system}", names, isWhole: true, cancellationToken);

    private static async Task<PeerPackages> GetAsync(string suite, string place, IReadOnlyList<string> names, bool isWhole, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            string folder = Path.Combine(Cache(), place);
            string list = Path.Combine(folder, "versions");
            string root = Path.Combine(folder, "root");
            if (!File.Exists(list) || DateTime.UtcNow - File.GetLastWriteTimeUtc(list) > FreshFor || !Covers(Read(list), names))
            {
                try
                {
                    await FetchAsync(suite, names, isWhole, folder, cancellationToken);
                }
                catch (Exception failure) when (failure is PeerUnavailableException or Win32Exception && File.Exists(list) && Covers(Read(list), names))
                {
                    // What was fetched before is still the peer, if not the newest.
                }
                catch (Win32Exception missing)
                {
                    throw new PeerUnavailableException($"apt-get or dpkg-deb is missing: {missing.Message}");
                }
            }

            return new PeerPackages(root, Read(list));
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>The version of a package as Debian writes it.</summary>
    public string VersionOf(string package) => _versions[package];

    /// <summary>How to run a program of the packages: the loader first.</summary>
    /// <param name="path">Its path below the root, <c>usr/bin/wg</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    public (string Program, string[] Arguments) Command(string path, params IEnumerable<string> arguments) =>
        (Loader, ["--library-path", Path.GetDirectoryName(Loader)!, Path.Combine(_root, path), .. arguments]);

    // The host's C library may be older than the one these were built against: they run by the loader they came with.
    private string Loader => Directory.EnumerateFiles(Path.Combine(_root, "usr", "lib"), "ld-linux*.so.*", SearchOption.AllDirectories).FirstOrDefault()
        ?? throw new PeerUnavailableException($"no loader among the packages in {_root}");

    private static async Task FetchAsync(string suite, IReadOnlyList<string> names, bool isWhole, string folder, CancellationToken cancellationToken)
    {
        string list = Path.Combine(folder, "versions");
        string root = Path.Combine(folder, "root");
        if (!File.Exists(Keyring))
        {
            throw new PeerUnavailableException($"{Keyring} is missing (package debian-archive-keyring)");
        }

        string downloads = Path.Combine(folder, "debs");
        foreach (string one in (string[])[Path.Combine(folder, "lists", "partial"), Path.Combine(folder, "cache", "archives", "partial"), downloads])
        {
            Directory.CreateDirectory(one);
        }

        string mirror = await MirrorAsync(cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "sources.list"), $"deb [signed-by={Keyring}] {mirror} {suite} main\n", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "status"), string.Empty, cancellationToken);
        string[] options =
        [
            "-qq",
            "-o", $"Dir::Etc::sourcelist={folder}/sources.list", "-o", "Dir::Etc::sourceparts=-",
            "-o", "Dir::Etc::preferences=-", "-o", "Dir::Etc::preferencesparts=-",
            "-o", $"Dir::State::lists={folder}/lists", "-o", $"Dir::State::status={folder}/status", "-o", $"Dir::Cache={folder}/cache",
            "-o", "APT::Sandbox::User=root", "-o", "APT::Install-Recommends=false", "-o", "Acquire::Languages=none",
            "-o", "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false", "-o", "Acquire::Retries=2",
        ];
        await RunAsync("apt-get", [.. options, "update"], folder, cancellationToken);

        // With an empty status, what would be installed is all a program needs; of that the libraries and the programs themselves matter.
        string plan = await RunAsync("apt-get", [.. options, "--simulate", "install", .. names], folder, cancellationToken);
        Dictionary<string, string> versions = plan.Split('\n')
            .Where(line => line.StartsWith("Inst ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => isWhole || names.Contains(words[1]) || words[1].StartsWith("lib", StringComparison.Ordinal) || words[1].StartsWith("zlib", StringComparison.Ordinal))
            .ToDictionary(words => words[1], words => words[2].TrimStart('('), StringComparer.Ordinal);
        if (!Covers(versions, names))
        {
            throw new PeerUnavailableException($"{suite} does not have all of {string.Join(", ", names)}");
        }

        foreach (string old in Directory.EnumerateFiles(downloads))
        {
            File.Delete(old);
        }

        await RunAsync("apt-get", [.. options, "download", .. versions.Keys], downloads, cancellationToken);
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        Directory.CreateDirectory(root);
        foreach (string package in Directory.EnumerateFiles(downloads, "*.deb"))
        {
            await RunAsync("dpkg-deb", ["--extract", package, root], downloads, cancellationToken);
        }

        await File.WriteAllLinesAsync(list, versions.Select(pair => $"{pair.Key} {pair.Value}"), cancellationToken);
    }

    private static async Task<string> MirrorAsync(CancellationToken cancellationToken)
    {
        string targets = await RunAsync("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian", "Label: Debian"], null, cancellationToken);
        return targets.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()
            ?? throw new PeerUnavailableException("this host has no Debian mirror among its package sources");
    }

    private static bool Covers(Dictionary<string, string> versions, IReadOnlyList<string> names) => names.All(versions.ContainsKey);

    private static Dictionary<string, string> Read(string list) =>
        File.ReadLines(list).Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1], StringComparer.Ordinal);

    private static string Cache()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) == "artifacts")
            {
                return Path.Combine(folder, "bench-cache");
            }
        }

        return Path.Combine(AppContext.BaseDirectory, "bench-cache");
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string? folder, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? string.Empty,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            string error = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? await output : throw new PeerUnavailableException($"{program} said: {error.Trim().Split('\n')[^1]}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new PeerUnavailableException($"{program} did not end within {Patience.TotalMinutes:0} min");
        }
    }
}
