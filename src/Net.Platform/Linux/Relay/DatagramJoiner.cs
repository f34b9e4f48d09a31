using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Net.Platform.Linux.Relay;

/// <summary>Makes the kernel join datagrams of one sender to a group as they come in (UDP_GRO of udp(7); udp_gro_receive in net/ipv4/udp_offload.c): up to 64 of one size travel as one buffer, also through
/// packet sockets. It takes a bound socket that wants them so; nothing is ever delivered to this one, as it is a member of no group and asks for none of others'.
/// The interface must have GRO on. Datagrams that come one at a time are not held back.</summary>
[SupportedOSPlatform("linux")]
public static class DatagramJoiner
{
    /// <summary>Begins, in the network namespace of the calling thread. A kernel that cannot join leaves them as they are.</summary>
    /// <param name="device">Name of the interface they come in by.</param>
    /// <param name="local">The group and port.</param>
    /// <returns>While it is open they are joined; the caller disposes it.</returns>
    /// <exception cref="SocketException">A step failed; the message names it. EADDRINUSE (98): a program of this host has the port and shares it with nobody.</exception>
    public static SafeHandle Open(string device, IPEndPoint local) => UdpReceiver.Open(new UdpReceiverOptions { Device = device, Local = local, ReceivesForAll = false });
}
