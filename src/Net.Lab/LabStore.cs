using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Net.Lab;

/// <summary>Knows every lab on this machine by its state file, written before anything is created and removed after everything is gone.</summary>
internal static class LabStore
{
    public const string Folder = "/run/netmod-lab";
    private const string Extension = ".json";
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SettleDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>Removes abandoned labs, then claims an instance for this process (or for nobody, if kept).</summary>
    public static async Task<LabState> RegisterAsync(LabTopology topology, LabOptions options, CancellationToken cancellationToken)
    {
        string instance = options.Instance ?? $"{topology.Name[..Math.Min(topology.Name.Length, 30)].TrimEnd('-')}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        if (!TopologyValidator.IsName(instance))
        {
            throw new LabException($"The instance name '{instance}' is not made of up to {TopologyValidator.LongestName} lower-case letters, digits and dashes.");
        }

        var state = new LabState
        {
            Instance = instance,
            Kept = options.Keep,
            OwnerProcessId = options.Keep ? 0 : Environment.ProcessId,
            OwnerStartTime = options.Keep ? 0 : StartTimeOf(Environment.ProcessId) ?? throw new LabException("The start time of this process is not in /proc."),
            CreatedAt = TimeProvider.System.GetUtcNow(),
            Topology = topology,
        };
        using FileStream held = await LockAsync(cancellationToken).ConfigureAwait(false);
        await CleanUpLockedAsync(cancellationToken).ConfigureAwait(false);
        if (File.Exists(PathOf(instance)))
        {
            throw new LabException($"There is a lab '{instance}' already; take it down first or choose another instance name.");
        }

        if (state.Namespaces.FirstOrDefault(NamespaceFiles.Exists) is { } taken)
        {
            throw new LabException($"There is a network namespace '{taken}' already, of another lab or of something else; choose another instance name.");
        }

        Write(state);
        return state;
    }

    public static async Task<LabState> ReadAsync(string instance, CancellationToken cancellationToken)
    {
        string path = PathOf(instance);
        if (!TopologyValidator.IsName(instance) || !File.Exists(path))
        {
            throw new LabException($"There is no lab '{instance}'.");
        }

        return await ReadFileAsync(path, cancellationToken).ConfigureAwait(false) ?? throw new LabException(
            $"The state file {path} cannot be read: another version wrote it, or it was changed. Remove the namespaces nm-{instance}-* (ip netns del) and the file by hand.");
    }

    public static async Task<IReadOnlyList<LabState>> ReadAllAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }

        List<LabState> states = [];
        foreach (string path in Directory.EnumerateFiles(Folder, "*" + Extension).Order(StringComparer.Ordinal))
        {
            if (await ReadFileAsync(path, cancellationToken).ConfigureAwait(false) is { } state)
            {
                states.Add(state);
            }
        }

        return states;
    }

    public static LabInfo Describe(LabState state) => new()
    {
        Instance = state.Instance,
        Kept = state.Kept,
        OwnerProcessId = state.OwnerProcessId,
        Abandoned = IsAbandoned(state),
        CreatedAt = state.CreatedAt,
        Topology = state.Topology,
        Namespaces = state.Topology.Nodes.ToDictionary(node => node.Name, node => state.NamespaceOf(node.Name), StringComparer.Ordinal),
    };

    public static async Task RemoveAsync(LabState state, CancellationToken cancellationToken)
    {
        using FileStream held = await LockAsync(cancellationToken).ConfigureAwait(false);
        await RemoveLockedAsync(state, cancellationToken).ConfigureAwait(false);
    }

    public static async Task<IReadOnlyList<string>> CleanUpAbandonedAsync(CancellationToken cancellationToken)
    {
        using FileStream held = await LockAsync(cancellationToken).ConfigureAwait(false);
        return await CleanUpLockedAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string PathOf(string instance) => $"{Folder}/{instance}{Extension}";

    private static bool IsAbandoned(LabState state) => !state.Kept && StartTimeOf(state.OwnerProcessId) != state.OwnerStartTime;

    private static async Task<List<string>> CleanUpLockedAsync(CancellationToken cancellationToken)
    {
        // Written and renamed under the lock, which we hold: whoever wrote these was killed.
        foreach (string path in Directory.EnumerateFiles(Folder, "*.tmp"))
        {
            File.Delete(path);
        }

        List<string> removed = [];
        foreach (LabState state in await ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (IsAbandoned(state))
            {
                await RemoveLockedAsync(state, cancellationToken).ConfigureAwait(false);
                removed.Add(state.Instance);
            }
        }

        return removed;
    }

    private static async Task RemoveLockedAsync(LabState state, CancellationToken cancellationToken)
    {
        // Somebody else may have taken it down, and brought up another of that name: that one is not ours to remove.
        if (await ReadFileAsync(PathOf(state.Instance), cancellationToken).ConfigureAwait(false) is not { } now || now.CreatedAt != state.CreatedAt)
        {
            return;
        }

        await RemoveNamespacesAsync(state, cancellationToken).ConfigureAwait(false);
        if (IsAbandoned(state))
        {
            // Its owner may have been killed a moment ago, while a command of it still creates namespaces.
            await Task.Delay(SettleDelay, cancellationToken).ConfigureAwait(false);
            await RemoveNamespacesAsync(state, cancellationToken).ConfigureAwait(false);
        }

        File.Delete(PathOf(state.Instance));
    }

    private static async Task RemoveNamespacesAsync(LabState state, CancellationToken cancellationToken)
    {
        string[] namespaces = [.. state.Namespaces.Where(NamespaceFiles.Exists)];
        if (namespaces.Length == 0)
        {
            return;
        }

        await KillInsideAsync(namespaces, cancellationToken).ConfigureAwait(false);
        LabCommandResult result = await IpAsync(namespaces.Select(name => $"netns del {name}"), cancellationToken).ConfigureAwait(false);
        if (namespaces.FirstOrDefault(NamespaceFiles.Exists) is { } left)
        {
            throw new LabException($"The namespace '{left}' of the lab '{state.Instance}' could not be removed: {result.Error.Trim()}");
        }
    }

    private static async Task KillInsideAsync(string[] namespaces, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // One that forks meanwhile is seen in the next round.
            LabCommandResult result = await IpAsync(namespaces.Select(name => $"netns pids {name}"), cancellationToken).ConfigureAwait(false);
            int[] inside = [.. result.Output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => int.Parse(line, CultureInfo.InvariantCulture))
                .Where(id => id != Environment.ProcessId)];
            if (inside.Length == 0)
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(start) > KillTimeout)
            {
                throw new LabException($"The processes {string.Join(", ", inside)} in the lab do not end when killed.");
            }

            foreach (int id in inside)
            {
                Kill(id);
            }

            await Task.Delay(RetryDelay, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended meanwhile; if not, the next round tries again and the time limit tells.
        }
    }

    private static Task<LabCommandResult> IpAsync(IEnumerable<string> lines, CancellationToken cancellationToken) =>
        CommandRunner.RunAsync("ip", ["-force", "-batch", "-"], string.Join('\n', lines) + "\n", CommandTimeout, cancellationToken);

    private static void Write(LabState state)
    {
        Requirements.CheckPlatform();
        string temporary = PathOf(state.Instance) + ".tmp";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, state, LabJson.Default.LabState);
        }

        File.Move(temporary, PathOf(state.Instance));
    }

    private static async Task<LabState?> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            string text = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
            LabState? state = JsonSerializer.Deserialize(text, LabJson.Default.LabState);
            return state is { Version: 1 } && path == PathOf(state.Instance) && state.Topology.Validate().Count == 0 ? state : null;
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException)
        {
            return null;
        }
    }

    // An flock on a file of its own: it ends with the process, however that ends, and holds between the tasks of one process too.
    private static async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        Requirements.CheckPlatform();
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream($"{Folder}/.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e)
            {
                if (TimeProvider.System.GetElapsedTime(start) > LockTimeout)
                {
                    throw new LabException($"Another process has held the lock {Folder}/.lock for {LockTimeout.TotalSeconds:0} s.", e);
                }
            }

            await Task.Delay(RetryDelay, cancellationToken).ConfigureAwait(false);
        }
    }

    private static long? StartTimeOf(int processId)
    {
        try
        {
            // The name in field 2 is in parentheses and may hold anything: count from the last one.
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

            // A zombie has ended; only its parent has not looked yet.
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[22 - 3], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
