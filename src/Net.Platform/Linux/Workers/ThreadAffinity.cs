using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Which core a thread runs on.</summary>
[SupportedOSPlatform("linux")]
public static unsafe class ThreadAffinity
{
    private const int MaxCores = 8192;

    /// <summary>Keeps the calling thread on one core from now on (sched_setaffinity(2)). Needs no capability.</summary>
    /// <param name="core">Number of the core, from 0.</param>
    /// <exception cref="Win32Exception">There is no such core, or this process may not use it.</exception>
    public static void PinCurrentThread(int core)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(core);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(core, MaxCores);
        byte* mask = stackalloc byte[MaxCores / 8];
        new Span<byte>(mask, MaxCores / 8).Clear();

        // The mask is an array of unsigned long; on a little-endian machine that is the same as bytes.
        ((nuint*)mask)[core / (8 * sizeof(nuint))] = (nuint)1 << (core % (8 * sizeof(nuint)));
        if (SpawnApi.sched_setaffinity(0, MaxCores / 8, mask) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new Win32Exception(error, string.Create(CultureInfo.InvariantCulture, $"keep a thread on core {core}: {Libc.Describe(error)} (errno {error})"));
        }
    }

    /// <summary>The memory node a core belongs to.</summary>
    /// <param name="core">Number of the core.</param>
    /// <returns>Number of the node; null when the kernel does not say, or there is no such core.</returns>
    public static int? NumaNodeOf(int core)
    {
        // The kernel links each core to its node: /sys/devices/system/cpu/cpu3/node0.
        string folder = string.Create(CultureInfo.InvariantCulture, $"/sys/devices/system/cpu/cpu{core}");
        if (!Directory.Exists(folder))
        {
            return null;
        }

        foreach (string path in Directory.EnumerateFileSystemEntries(folder, "node*"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan())["node".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int node))
            {
                return node;
            }
        }

        return null;
    }
}
