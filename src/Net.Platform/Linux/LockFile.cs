using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Holds a file exclusively, so that one process alone works in a folder. The kernel lets go of it when the process ends, however it ends.</summary>
[SupportedOSPlatform("linux")]
public sealed class LockFile : IDisposable
{
    private const uint OwnerReadWrite = 0x180;
    private readonly SafeDescriptor _fd;

    private LockFile(SafeDescriptor fd) => _fd = fd;

    /// <summary>Tries to take the lock. The file is made when it is missing and holds the process number for people.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The lock; null when another process holds it.</returns>
    public static unsafe LockFile? TryAcquire(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeDescriptor fd = Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, OwnerReadWrite);
        if (fd.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new IOException($"open {path}: {Libc.Describe(error)} (errno {error})", error);
        }

        if (Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            fd.Dispose();
            return error == Libc.EAGAIN ? null : throw new IOException($"lock {path}: {Libc.Describe(error)} (errno {error})", error);
        }

        byte[] text = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        fixed (byte* bytes = text)
        {
            // For people only: a full disk must not keep the lock from being held.
            if (Libc.ftruncate(fd, 0) == 0)
            {
                Libc.write(fd, bytes, (nuint)text.Length);
            }
        }

        return new LockFile(fd);
    }

    /// <inheritdoc />
    public void Dispose() => _fd.Dispose();
}
