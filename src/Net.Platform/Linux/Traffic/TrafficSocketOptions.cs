using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>The steps both ends of measured traffic are opened by.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class TrafficSocketOptions
{
    /// <summary>Index of an interface in the network namespace of the calling thread.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">There is none of that name.</exception>
    public static uint IndexOf(string name)
    {
        uint index = TrafficApi.if_nametoindex(name);
        return index != 0 ? index : throw DescriptorChannel.Failure($"find the interface {name}", Marshal.GetLastPInvokeError());
    }

    /// <summary>Opens a UDP socket that never blocks.</summary>
    public static SafeDescriptor OpenSocket(bool isIPv6)
    {
        SafeDescriptor fd = Libc.socket(isIPv6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        if (fd.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            fd.Dispose();
            throw DescriptorChannel.Failure("open a UDP socket", error);
        }

        return fd;
    }

    /// <summary>Keeps a socket to one interface.</summary>
    public static void BindToDevice(SafeDescriptor fd, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        fixed (byte* device = bytes)
        {
            Check(Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, device, (uint)bytes.Length), $"bind to {name}");
        }
    }

    /// <summary>Binds to an address, with the interface as scope where it is IPv6 and wants one.</summary>
    public static void Bind(SafeDescriptor fd, IPEndPoint local, uint interfaceIndex)
    {
        SocketEndpoint address = SocketEndpoint.From(Scoped(local, interfaceIndex));
        Check(Libc.bind(fd, &address, (uint)address.AsBytes.Length), $"bind to {local}");
    }

    /// <summary>The endpoint with the interface as scope, where it is of IPv6.</summary>
    public static IPEndPoint Scoped(IPEndPoint endPoint, uint interfaceIndex) =>
        endPoint.Address is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6, ScopeId: 0 } address && interfaceIndex != 0 && (address.IsIPv6LinkLocal || address.IsIPv6Multicast)
            ? new IPEndPoint(new IPAddress(address.GetAddressBytes(), interfaceIndex), endPoint.Port)
            : endPoint;

    /// <summary>Sets a buffer's size, by force where allowed.</summary>
    public static void SetBuffer(SafeDescriptor fd, int forced, int limited, int bytes, string step)
    {
        if (bytes > 0 && Libc.setsockopt(fd, Libc.SOL_SOCKET, forced, &bytes, sizeof(int)) < 0)
        {
            Set(fd, Libc.SOL_SOCKET, limited, bytes, step);
        }
    }

    /// <summary>Sets an option of a whole number.</summary>
    public static void Set(SafeDescriptor fd, int level, int name, int value, string step) => Check(Libc.setsockopt(fd, level, name, &value, sizeof(int)), step);

    /// <summary>Throws what the kernel said.</summary>
    public static void Check(int result, string step)
    {
        if (result < 0)
        {
            throw DescriptorChannel.Failure(step, Marshal.GetLastPInvokeError());
        }
    }
}
