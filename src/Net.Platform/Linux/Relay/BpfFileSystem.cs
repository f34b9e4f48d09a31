using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>The file system that keeps pinned maps, programs and links alive when no process holds them. What is pinned goes with its file.</summary>
[SupportedOSPlatform("linux")]
public static class BpfFileSystem
{
    private const string Mounts = "/proc/self/mountinfo";

    /// <summary>Whether a folder, or the one it would be made in, lies in such a file system.</summary>
    /// <param name="path">Its full path.</param>
    public static bool Contains(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string best = "";
        string kind = "";
        foreach (string line in File.ReadLines(Mounts))
        {
            // proc(5): id, parent, device, root, mount point, options, optional fields up to a dash, type.
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-");
            if (fields.Length > 4 && dash > 0 && dash + 1 < fields.Length && IsAbove(fields[4], path) && fields[4].Length >= best.Length)
            {
                best = fields[4];
                kind = fields[dash + 1];
            }
        }

        return kind == "bpf";
    }

    /// <summary>Mounts one. Needs CAP_SYS_ADMIN.</summary>
    /// <param name="path">An existing folder.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static void Mount(string path)
    {
        if (Libc.mount("bpf", path, "bpf", 0, "mode=0700") < 0)
        {
            throw new BpfException($"mount {path}", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Takes one away.</summary>
    /// <param name="path">Where it is mounted.</param>
    public static void Unmount(string path) => _ = Libc.umount2(path, Libc.MNT_DETACH);

    private static bool IsAbove(string mount, string path) => mount == "/" || path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal);
}
