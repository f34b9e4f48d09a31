using System.Runtime.Versioning;

namespace Net.Platform.Linux;

/// <summary>Finds control groups below /sys/fs/cgroup (kernel documentation, admin-guide/cgroup-v2).</summary>
[SupportedOSPlatform("linux")]
public sealed class CgroupFinder : ICgroupFinder
{
    private const string Mount = "/sys/fs/cgroup";

    // Every group of v2 has this file, and no group of v1 does.
    private const string MarkOfV2 = "cgroup.controllers";
    private const string Hybrid = "unified";

    /// <inheritdoc />
    public string Root { get; } = !File.Exists(Path.Combine(Mount, MarkOfV2)) && File.Exists(Path.Combine(Mount, Hybrid, MarkOfV2)) ? Hybrid : string.Empty;

    /// <inheritdoc />
    public ulong? Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string folder = Path.Combine(Mount, Root, path);
        return File.Exists(Path.Combine(folder, MarkOfV2)) ? UnixFiles.GetInode(folder) : null;
    }
}
