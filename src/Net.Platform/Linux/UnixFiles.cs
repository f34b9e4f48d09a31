using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>What .NET's file classes lack: owners, and durability of a folder.</summary>
[SupportedOSPlatform("linux")]
public static class UnixFiles
{
    // chown: leave as it is.
    private const uint Unchanged = uint.MaxValue;

    /// <summary>Sets owner and group of a path; a symbolic link itself, not what it points to.</summary>
    /// <param name="path">The path.</param>
    /// <param name="userId">Owner; null to leave it.</param>
    /// <param name="groupId">Group; null to leave it.</param>
    public static void SetOwner(string path, uint? userId, uint? groupId)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Check(Libc.lchown(path, userId ?? Unchanged, groupId ?? Unchanged), $"chown {path}");
    }

    /// <summary>The user id that owns a path; of a symbolic link, what it points to.</summary>
    /// <param name="path">The path.</param>
    public static unsafe uint GetOwner(string path)
    {
        // struct statx of linux/stat.h is 256 bytes everywhere; stx_uid stands behind stx_mask, stx_blksize, stx_attributes and stx_nlink.
        const int size = 256;
        const int uidOffset = 20;
        const uint uidWanted = 0x8;
        const int workingFolder = -100;
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte* buffer = stackalloc byte[size];
        Check(Libc.statx(workingFolder, path, 0, uidWanted, buffer), $"statx {path}");
        return *(uint*)(buffer + uidOffset);
    }

    /// <summary>The inode number of a path; of a symbolic link, what it points to. Null when there is nothing.</summary>
    /// <param name="path">The path.</param>
    public static unsafe ulong? GetInode(string path)
    {
        // struct statx of linux/stat.h: stx_ino stands behind stx_uid, stx_gid and stx_mode with its padding.
        const int size = 256;
        const int inodeOffset = 32;
        const uint inodeWanted = 0x100;
        const int workingFolder = -100;
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte* buffer = stackalloc byte[size];
        return Libc.statx(workingFolder, path, 0, inodeWanted, buffer) < 0 ? null : *(ulong*)(buffer + inodeOffset);
    }

    /// <summary>Sets the permissions of a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="mode">Permissions.</param>
    public static void SetMode(string path, UnixFileMode mode)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Check(Libc.chmod(path, (uint)mode), $"chmod {path}");
    }

    /// <summary>Makes sure that files created, renamed and deleted in a folder stay so after a power cut.</summary>
    /// <param name="path">The folder.</param>
    public static void FlushFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using SafeDescriptor folder = Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        Check(folder.IsInvalid ? -1 : 0, $"open {path}");
        Check(Libc.fsync(folder), $"fsync {path}");
    }

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw error is Libc.EACCES or Libc.EPERM
                ? new UnauthorizedAccessException($"{step}: {Libc.Describe(error)} (errno {error})")
                : new IOException($"{step}: {Libc.Describe(error)} (errno {error})", error);
        }
    }
}
