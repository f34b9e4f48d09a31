using System.Globalization;
using Net.Benchmarks.Harness;
using Net.Benchmarks.Overlay;
using Net.Lab;

namespace Net.Benchmarks.Firewall;

/// <summary>
/// A small Debian of its own, in network, mount and process namespaces of its own: packages are unpacked into the bench's cache, never installed, so nothing of the host's is
/// changed and nothing starts with it. What runs in it writes to memory. One command runs at a time, and its time is taken inside.
/// </summary>
internal sealed class PeerSystem : IAsyncDisposable
{
    /// <summary>Where <see cref="Folder"/> is seen from inside.</summary>
    public const string Shared = "/bench";

    private const string Interface = "eth9";
    private static readonly string[] s_base = ["bash", "dash", "coreutils", "sed", "grep", "procps", "kmod", "nftables", "iptables"];

    // The upper side of the root is in memory. What maintainer scripts of the packages would have made is made here, as far as it is needed.
    private const string Boot = """
        set -e
        mount --make-rprivate /
        mount -t tmpfs tmpfs "$FOLDER/over"
        mkdir -p "$FOLDER/over/up" "$FOLDER/over/work" "$FOLDER/over/root"
        root="$FOLDER/over/root"
        mount -t overlay overlay -o "lowerdir=$LOWER,upperdir=$FOLDER/over/up,workdir=$FOLDER/over/work" "$root"
        for place in proc sys dev run tmp root bench etc; do mkdir -p "$root/$place"; done
        mount -t proc proc "$root/proc"
        mount -t sysfs sysfs "$root/sys"
        mount --rbind /dev "$root/dev"
        mount --bind "$FOLDER/shared" "$root/bench"
        for place in bin sbin lib lib64; do [ -e "$root/$place" ] || ln -s "usr/$place" "$root/$place"; done
        for name in iptables iptables-restore iptables-save ip6tables ip6tables-restore ip6tables-save; do ln -sf xtables-nft-multi "$root/usr/sbin/$name"; done
        echo 'root:x:0:0:root:/root:/bin/bash' > "$root/etc/passwd"
        echo 'root:x:0:' > "$root/etc/group"
        exec chroot "$root" /bin/bash /bench/loop
        """;

    private const string Loop = """
        export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
        echo ready
        while IFS= read -r line; do
          start=$EPOCHREALTIME
          eval "$line" > /tmp/said 2>&1 < /dev/null
          code=$?
          end=$EPOCHREALTIME
          echo "ended $code $(( ${end/./} - ${start/./} )) $(tail -n 1 /tmp/said)"
        done
        """;

    private readonly Lab.Lab _lab;
    private readonly LabProcess _shell;
    private int _seen;

    private PeerSystem(Lab.Lab lab, LabProcess shell, string folder, string version)
    {
        _lab = lab;
        _shell = shell;
        Folder = folder;
        Version = version;
    }

    /// <summary>A folder of the host that the system sees as <see cref="Shared"/>.</summary>
    public string Folder { get; }

    /// <summary>The version of the package.</summary>
    public string Version { get; }

    private static TimeSpan Patience => TimeSpan.FromSeconds(30);

    /// <summary>Makes one.</summary>
    /// <param name="package">What it is for, and names the suite of this host.</param>
    /// <param name="others">Packages it needs besides.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PeerSystem> UnpackAsync(string package, IEnumerable<string> others, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new PeerUnavailableException($"{package} runs in namespaces, which needs root");
        }

        PeerPackages packages = await PeerPackages.GetWholeAsync(Suite(), package, [package, .. s_base, .. others], cancellationToken);
        string folder = Directory.CreateTempSubdirectory("netmod-peer-").FullName;
        string shared = Directory.CreateDirectory(Path.Combine(folder, "shared")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "over"));
        await File.WriteAllTextAsync(Path.Combine(shared, "loop"), Loop, cancellationToken);
        var topology = new LabTopology
        {
            Name = "firewall-peer",
            Nodes = [LabNodeDefinition.Host("peer"), LabNodeDefinition.Host("other")],
            Links =
            [
                new LabLink
                {
                    A = new LabLinkEnd { Node = "peer", Interface = Interface, Addresses = ["10.99.0.1/24"] },
                    B = new LabLinkEnd { Node = "other", Interface = Interface, Addresses = ["10.99.0.2/24"] },
                },
            ],
        };
        Lab.Lab lab = await Net.Lab.Lab.UpAsync(topology, new LabOptions(), cancellationToken);
        LabProcess shell = lab.Node("peer").Start(
            "unshare",
            ["--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", Boot],
            new LabProcessOptions { Environment = new Dictionary<string, string?> { ["FOLDER"] = folder, ["LOWER"] = packages.Root } });
        var system = new PeerSystem(lab, shell, shared, packages.VersionOf(package));
        try
        {
            await system.ReadAsync("ready", Patience, cancellationToken);
            return system;
        }
        catch (Exception failure) when (failure is LabException or TimeoutException)
        {
            string last = string.Join(" | ", shell.Lines.TakeLast(2).Select(line => line.Text));
            await system.DisposeAsync();
            throw new PeerUnavailableException($"{package} could not be started in namespaces of its own: {failure.Message} {last}");
        }
    }

    /// <summary>Writes a file it can read.</summary>
    /// <param name="name">Its name in <see cref="Shared"/>.</param>
    /// <param name="text">Its content.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task WriteAsync(string name, string text, CancellationToken cancellationToken) => File.WriteAllTextAsync(Path.Combine(Folder, name), text, cancellationToken);

    /// <summary>Runs a command of the shell.</summary>
    /// <param name="command">One line.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its exit code, how long it took inside, and the last line it said.</returns>
    public async Task<(int Code, TimeSpan Took, string Said)> TryAsync(string command, TimeSpan limit, CancellationToken cancellationToken)
    {
        await _shell.Input.WriteLineAsync(command);
        await _shell.Input.FlushAsync(cancellationToken);
        string[] words = (await ReadAsync("ended ", limit, cancellationToken)).Split(' ', 4);
        return (int.Parse(words[1], CultureInfo.InvariantCulture), TimeSpan.FromMicroseconds(long.Parse(words[2], CultureInfo.InvariantCulture)), words[3]);
    }

    /// <summary>Runs a command that has to succeed.</summary>
    /// <returns>How long it took inside.</returns>
    public async Task<TimeSpan> RunAsync(string command, TimeSpan limit, CancellationToken cancellationToken)
    {
        (int code, TimeSpan took, string said) = await TryAsync(command, limit, cancellationToken);
        return code == 0 ? took : throw new PeerUnavailableException($"'{command}' ended with {code}: {said}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        await _lab.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    private async Task<string> ReadAsync(string start, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Lines of earlier commands begin alike.
        int wanted = _seen + 1;
        int seen = 0;
        string line = await _shell.WaitForLineAsync(
            text =>
            {
                seen += text == "ready" || text.StartsWith("ended ", StringComparison.Ordinal) ? 1 : 0;
                return seen == wanted;
            },
            limit,
            cancellationToken);
        _seen = wanted;
        return line.StartsWith(start, StringComparison.Ordinal) ? line : throw new LabException($"it said '{line}'");
    }

    private static string Suite()
    {
        const string key = "VERSION_CODENAME=";
        string? line = File.Exists("/etc/os-release") ? File.ReadLines("/etc/os-release").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null;
        return line?[key.Length..].Trim('"') ?? throw new PeerUnavailableException("this is no Debian, from which the peers are taken");
    }
}
