using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>How long a thread may run before others get their turn, and so how soon it gets its own.</summary>
[SupportedOSPlatform("linux")]
public static unsafe class ThreadSlice
{
    /// <summary>The shortest slice the kernel gives a thread of the normal policy: 0.1 ms (kernel/sched/syscalls.c, since Linux 6.12).</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMicroseconds(100);

    /// <summary>
    /// Gives the calling thread the shortest slice, at its nice value. It does not get more of the processor, but when a packet wakes it, it need not wait until the slice of a
    /// thread that computes on the same core is over, which is 3 ms (sched(7), Documentation/scheduler/sched-eevdf.rst). Needs no capability.
    /// </summary>
    /// <returns>False where the kernel is older or refuses; the thread then runs as before.</returns>
    public static bool TryShorten()
    {
        SchedulingApi.sched_attr attributes = default;
        if (Call(SchedulingApi.GetAttributes, &attributes, (uint)sizeof(SchedulingApi.sched_attr)) < 0 || attributes.sched_policy != SchedulingApi.SCHED_OTHER)
        {
            return false;
        }

        attributes.size = (uint)sizeof(SchedulingApi.sched_attr);
        attributes.sched_runtime = (ulong)Shortest.TotalNanoseconds;
        return Call(SchedulingApi.SetAttributes, &attributes, 0) == 0;
    }

    /// <summary>The slice of the calling thread.</summary>
    /// <returns>Null where the kernel does not say: before Linux 6.12.</returns>
    public static TimeSpan? Current()
    {
        SchedulingApi.sched_attr attributes = default;
        return Call(SchedulingApi.GetAttributes, &attributes, (uint)sizeof(SchedulingApi.sched_attr)) == 0 && attributes.sched_runtime > 0
            ? TimeSpan.FromMicroseconds(attributes.sched_runtime / 1000.0)
            : null;
    }

    // sched_setattr(thread, attributes, flags) and sched_getattr(thread, attributes, size, flags).
    private static nint Call((int X64, int Arm64) number, SchedulingApi.sched_attr* attributes, uint third) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => SchedulingApi.syscall(number.X64, 0, attributes, third, 0),
        Architecture.Arm64 => SchedulingApi.syscall(number.Arm64, 0, attributes, third, 0),
        _ => -1,
    };
}
