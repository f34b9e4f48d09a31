using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>A UDP socket on one interface and port that hears any number of groups, with the kernel's time of arrival and its count of what did not fit.
/// Packets are taken by a <see cref="TrafficInbox"/>. It owns its descriptors; one thread uses it.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class TrafficReceiveSocket : IDisposable
{
    private readonly SafeDescriptor _fd;
    private readonly List<SafeDescriptor> _members = [];
    private readonly uint _index;
    private readonly bool _isIPv6;
    private uint _overruns;

    private TrafficReceiveSocket(SafeDescriptor fd, uint index, bool isIPv6)
    {
        _fd = fd;
        _index = index;
        _isIPv6 = isIPv6;
    }

    /// <summary>The descriptor, to wait for. This object keeps owning it.</summary>
    public SafeHandle Handle => _fd;

    /// <summary>Packets the kernel dropped because they were not taken in time (SO_RXQ_OVFL), as the last packet that was taken says.</summary>
    public long Overruns { get; private set; }

    /// <summary>The descriptor's number.</summary>
    internal int Number => _fd.Number;

    /// <summary>Opens and binds it in the network namespace of the calling thread. Needs no capability.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="local">Address and port: a group, so that others at the same port are not heard; any; or an address of the host's.</param>
    /// <param name="receiveBufferBytes">Bytes the kernel may hold. Beyond the host's limit only with CAP_NET_ADMIN.</param>
    /// <returns>The socket.</returns>
    /// <exception cref="SocketException">There is no such interface, or a step failed; the message names it.</exception>
    public static TrafficReceiveSocket Open(string interfaceName, IPEndPoint local, int receiveBufferBytes)
    {
        ArgumentNullException.ThrowIfNull(local);
        uint index = TrafficSocketOptions.IndexOf(interfaceName);
        bool isIPv6 = local.AddressFamily == AddressFamily.InterNetworkV6;
        SafeDescriptor fd = TrafficSocketOptions.OpenSocket(isIPv6);
        try
        {
            TrafficSocketOptions.Set(fd, Libc.SOL_SOCKET, TrafficApi.SO_REUSEADDR, 1, "set SO_REUSEADDR");
            TrafficSocketOptions.BindToDevice(fd, interfaceName);
            TrafficSocketOptions.SetBuffer(fd, Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF, receiveBufferBytes, "set the receive buffer");
            TrafficSocketOptions.Set(fd, Libc.SOL_SOCKET, Libc.SO_TIMESTAMPNS, 1, "set SO_TIMESTAMPNS");
            TrafficSocketOptions.Set(fd, Libc.SOL_SOCKET, TrafficApi.SO_RXQ_OVFL, 1, "set SO_RXQ_OVFL");

            // A kernel without it delivers each datagram by itself, which is served just as well.
            int joined = 1;
            _ = Libc.setsockopt(fd, TunnelApi.IPPROTO_UDP, TunnelApi.UDP_GRO, &joined, sizeof(int));
            TrafficSocketOptions.Bind(fd, local, index);
            return new TrafficReceiveSocket(fd, index, isIPv6);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>Joins a group. Where a socket has no room for more (igmp_max_memberships, IGMP's and MLD's optmem_max), further ones hold the rest: any socket of a host
    /// hears what any other joined, unless it asked not to.</summary>
    /// <param name="group">The group.</param>
    /// <param name="source">The one source to hear (RFC 3678); null for any.</param>
    /// <exception cref="SocketException">The kernel refused.</exception>
    public void Join(IPAddress group, IPAddress? source)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (_members.Count > 0 && TryJoin(_members[^1], group, source) == 0)
        {
            return;
        }

        SafeDescriptor member = TrafficSocketOptions.OpenSocket(_isIPv6);
        int error = TryJoin(member, group, source);
        if (error != 0)
        {
            member.Dispose();
            throw DescriptorChannel.Failure($"join {group}", error);
        }

        _members.Add(member);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _fd.Dispose();
        foreach (SafeDescriptor member in _members)
        {
            member.Dispose();
        }
    }

    /// <summary>Takes the kernel's count of what it dropped, which wraps around at 32 bits.</summary>
    internal void SetOverruns(uint count)
    {
        Overruns += unchecked(count - _overruns);
        _overruns = count;
    }

    private int TryJoin(SafeDescriptor fd, IPAddress group, IPAddress? source)
    {
        int level = _isIPv6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP;
        SocketEndpoint joined = SocketEndpoint.From(new IPEndPoint(group, 0));
        int result;
        if (source is null)
        {
            TrafficApi.group_req request = new() { gr_interface = _index, gr_group = joined };
            result = Libc.setsockopt(fd, level, TrafficApi.MCAST_JOIN_GROUP, &request, (uint)sizeof(TrafficApi.group_req));
        }
        else
        {
            TrafficApi.group_source_req request = new() { gsr_interface = _index, gsr_group = joined, gsr_source = SocketEndpoint.From(new IPEndPoint(source, 0)) };
            result = Libc.setsockopt(fd, level, TrafficApi.MCAST_JOIN_SOURCE_GROUP, &request, (uint)sizeof(TrafficApi.group_source_req));
        }

        return result < 0 ? Marshal.GetLastPInvokeError() : 0;
    }
}
