using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>System call filters (linux/seccomp.h, linux/audit.h, linux/prctl.h).</summary>
internal static unsafe partial class SeccompApi
{
    internal const int PR_SET_NO_NEW_PRIVS = 38;
    internal const int SECCOMP_SET_MODE_FILTER = 1;
    internal const int SECCOMP_FILTER_FLAG_TSYNC = 1;
    internal const int SECCOMP_RET_KILL_PROCESS = unchecked((int)0x80000000);
    internal const int SECCOMP_RET_ERRNO = 0x00050000;
    internal const int SECCOMP_RET_ALLOW = 0x7fff0000;
    internal const int AUDIT_ARCH_X86_64 = unchecked((int)0xC000003E);
    internal const int AUDIT_ARCH_AARCH64 = unchecked((int)0xC00000B7);
    internal const int CLONE_THREAD = 0x00010000;
    internal const int ENOSYS = 38;

    private const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint syscall(nint number, nuint first, nuint second, void* third);
}
