using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>Makes the kernel join datagrams of one sender to a group as they come in (UDP_GRO of udp(7); udp_gro_receive in net/ipv4/udp_offload.c): up to 64 of one size travel as one buffer, also through
/// packet sockets. It takes a bound socket that wants them so; nothing is ever delivered to this one, as it is a member of no group and asks for none of others' (IP_MULTICAST_ALL of ip(7) off).
/// The interface must have GRO on. Datagrams that come one at a time are not held back.</summary>
[SupportedOSPlatform("linux")]
public static unsafe class DatagramJoiner
{
    // linux/in.h and linux/in6.h.
    private const int IP_MULTICAST_ALL = 49;
    private const int IPV6_MULTICAST_ALL = 29;

    /// <summary>Begins, in the network namespace of the calling thread.</summary>
    /// <param name="device">Name of the interface they come in by.</param>
    /// <param name="local">The group and port.</param>
    /// <returns>While it is open they are joined; the caller disposes it.</returns>
    /// <exception cref="SocketException">A step failed; the message names it. EADDRINUSE (98): a program of this host has the port and shares it with nobody.</exception>
    public static SafeHandle Open(string device, IPEndPoint local)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(local);
        bool isIPv6 = local.AddressFamily == AddressFamily.InterNetworkV6;
        SafeDescriptor fd = Libc.socket(isIPv6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        try
        {
            Check(fd.IsInvalid ? -1 : 0, "open a UDP socket");
            SetOption(fd, Libc.SOL_SOCKET, PacketApi.SO_REUSEADDR, 1, "set SO_REUSEADDR");
            if (isIPv6)
            {
                SetOption(fd, Libc.IPPROTO_IPV6, TunnelApi.IPV6_V6ONLY, 1, "set IPV6_V6ONLY");
                SetOption(fd, Libc.IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0, "set IPV6_MULTICAST_ALL");
            }
            else
            {
                SetOption(fd, Libc.IPPROTO_IP, IP_MULTICAST_ALL, 0, "set IP_MULTICAST_ALL");
            }

            byte[] name = Encoding.UTF8.GetBytes(device);
            fixed (byte* bytes = name)
            {
                Check(Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, bytes, (uint)name.Length), $"bind to {device}");
            }

            SetOption(fd, TunnelApi.IPPROTO_UDP, TunnelApi.UDP_GRO, 1, "set UDP_GRO");
            SocketEndpoint endpoint = SocketEndpoint.From(local);
            Check(Libc.bind(fd, &endpoint, (uint)endpoint.AsBytes.Length), $"bind to {local}");
            return fd;
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    private static void SetOption(SafeDescriptor fd, int level, int name, int value, string step) =>
        Check(Libc.setsockopt(fd, level, name, &value, sizeof(int)), step);

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            throw DescriptorChannel.Failure(step, Marshal.GetLastPInvokeError());
        }
    }
}
