using System.Globalization;

namespace Net.Firewall.Tests.Flows;

/// <summary>Control groups (v2) of the test's own, so that sockets can be made in one of them.</summary>
internal sealed class KernelCgroups : IDisposable
{
    private readonly string _folder;
    private readonly string _before;

    private KernelCgroups(string mount, string root, string before)
    {
        Root = root;
        string name = string.Create(CultureInfo.InvariantCulture, $"fwf-{Environment.ProcessId}");
        _folder = Path.Combine(mount, name);
        _before = before == "/" ? mount : Path.Combine(mount, before.Trim('/'));
        Directory.CreateDirectory(Path.Combine(_folder, "a"));
        Directory.CreateDirectory(Path.Combine(_folder, "b"));
        Paths = [name, $"{name}/a", $"{name}/b"];
    }

    /// <summary>Where the hierarchy is below /sys/fs/cgroup.</summary>
    public string Root { get; }

    /// <summary>The groups: a parent and two below it.</summary>
    public string[] Paths { get; }

    /// <summary>Makes the groups; null where there is no hierarchy that can be written to.</summary>
    public static KernelCgroups? TryCreate()
    {
        string? own = File.Exists("/proc/self/cgroup") ? File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal)) : null;
        foreach ((string mount, string root) in ((string, string)[])[("/sys/fs/cgroup/unified", "unified"), ("/sys/fs/cgroup", "")])
        {
            try
            {
                if (own is not null && File.Exists($"{mount}/cgroup.controllers"))
                {
                    return new KernelCgroups(mount, root, own[3..]);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Does something, such as opening sockets, while the process is in a group.</summary>
    public void In(string path, Action work)
    {
        string group = Path.Combine(Path.GetDirectoryName(_folder)!, path);
        File.WriteAllText($"{group}/cgroup.procs", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        try
        {
            work();
        }
        finally
        {
            File.WriteAllText($"{_before}/cgroup.procs", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void Dispose()
    {
        foreach (string folder in (string[])[$"{_folder}/a", $"{_folder}/b", _folder])
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // A child of another test that began meanwhile is still in it; an empty group that stays behind does nothing.
            }
        }
    }
}
