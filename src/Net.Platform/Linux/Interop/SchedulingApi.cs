using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>Attributes of scheduling (include/uapi/linux/sched/types.h); glibc has no functions for them before 2.41.</summary>
internal static unsafe partial class SchedulingApi
{
    /// <summary>The policy of threads that asked for none.</summary>
    internal const uint SCHED_OTHER = 0;

    /// <summary>Numbers of sched_setattr (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).</summary>
    internal static readonly (int X64, int Arm64) SetAttributes = (314, 274);

    /// <summary>Numbers of sched_getattr.</summary>
    internal static readonly (int X64, int Arm64) GetAttributes = (315, 275);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint syscall(nint number, int thread, sched_attr* attributes, uint third, uint fourth);

    /// <summary>The first version of the structure, 48 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct sched_attr
    {
        internal uint size;
        internal uint sched_policy;
        internal ulong sched_flags;
        internal int sched_nice;
        internal uint sched_priority;
        internal ulong sched_runtime;
        internal ulong sched_deadline;
        internal ulong sched_period;
    }
}
