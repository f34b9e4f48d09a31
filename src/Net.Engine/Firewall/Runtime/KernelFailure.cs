using System.ComponentModel;
using Net.Platform;
using Net.Platform.Linux;

namespace Net.Engine.Firewall.Runtime;

/// <summary>Tells what a kernel refuses or a host lacks from a fault of ours.</summary>
internal static class KernelFailure
{
    /// <summary>Whether an exception says that the kernel refused or could not be asked; its message says why.</summary>
    /// <param name="exception">The exception.</param>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException or Win32Exception or InvalidOperationException or NotSupportedException
        or NetlinkException or NetworkChangeException or FirewallDatapathException;
}
