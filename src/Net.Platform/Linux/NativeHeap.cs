using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>The C library's heap, which the runtime's own native parts use.</summary>
[SupportedOSPlatform("linux")]
public static class NativeHeap
{
    /// <summary>Gives what is free in it back to the kernel (malloc_trim(3)).</summary>
    public static void Trim() => _ = Libc.malloc_trim(0);
}
