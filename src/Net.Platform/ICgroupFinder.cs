namespace Net.Platform;

/// <summary>Finds control groups of the v2 hierarchy. Calls may come from any thread.</summary>
public interface ICgroupFinder
{
    /// <summary>Where the hierarchy is mounted below /sys/fs/cgroup: empty where it is mounted there itself, a folder's name where v1 stands beside it.</summary>
    string Root { get; }

    /// <summary>The inode number of a group, which the kernel knows it by.</summary>
    /// <param name="path">Its path below the root, without a slash at either end.</param>
    /// <returns>The number; null when there is no such group.</returns>
    ulong? Find(string path);
}
