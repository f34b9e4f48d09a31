using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>Locks a socket's filter before the socket goes to a process without privileges.</summary>
[SupportedOSPlatform("linux")]
public static unsafe class SocketLock
{
    /// <summary>Keeps a socket's filter as it is for as long as the socket lives (SO_LOCK_FILTER, socket(7)): nobody, whatever its capabilities, takes it
    /// off, replaces it or unlocks it. With an eBPF filter the maps it reads stay changeable for whoever holds them.</summary>
    /// <param name="socket">The socket; it stays the caller's.</param>
    /// <exception cref="SocketException">The descriptor is no socket.</exception>
    public static void Lock(SafeHandle socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        int one = 1;
        if (PacketApi.setsockopt(socket, Libc.SOL_SOCKET, PacketApi.SO_LOCK_FILTER, &one, sizeof(int)) < 0)
        {
            throw DescriptorChannel.Failure("lock a socket's filter", Marshal.GetLastPInvokeError());
        }
    }
}
