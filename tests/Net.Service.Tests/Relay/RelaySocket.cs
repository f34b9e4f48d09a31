using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Net.Packets;
using Net.Platform.Linux;
using Net.Testing;

namespace Net.Service.Tests.Relay;

/// <summary>Sends UDP from a node, and sees whole packets that come to it.</summary>
internal sealed class RelaySocket : IDisposable
{
    private const int VirtioBytes = 10;
    private const int EthernetBytes = 14;
    private const byte NeedsChecksum = 1;

    private readonly Socket _v4;
    private readonly Socket _v6;
    private readonly PacketTap _tap;
    private readonly List<Socket> _members = [];
    private readonly string _namespace;
    private readonly int _index;

    public RelaySocket(string namespaceName, string device)
    {
        _namespace = namespaceName;
        using NetworkNamespace node = NetworkNamespace.Open(namespaceName);
        (_v4, _v6, _tap, _index) = node.Run(() =>
        {
            using var netlink = new RouteNetlink();
            int index = netlink.GetLinks().Single(link => link.Name == device).Index;
            var v4 = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            v4.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(index));
            v4.Bind(new IPEndPoint(IPAddress.Any, 0));
            var v6 = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            v6.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, index);
            v6.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
            return (v4, v6, new PacketTap(index, hasVirtioHeader: true), index);
        });
    }

    /// <summary>The port IPv4 packets are sent from.</summary>
    public int Port => ((IPEndPoint)_v4.LocalEndPoint!).Port;

    /// <summary>Sends a datagram.</summary>
    public void Send(string address, int port, string payload, int ttl = 8, int dscp = 0) => Send(address, port, Encoding.UTF8.GetBytes(payload), ttl, dscp);

    /// <summary>Sends a datagram.</summary>
    public void Send(string address, int port, byte[] payload, int ttl = 8, int dscp = 0)
    {
        IPAddress to = IPAddress.Parse(address);
        if (to.AddressFamily == AddressFamily.InterNetwork)
        {
            _v4.Ttl = (short)ttl;
            _v4.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, ttl);
            _v4.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService, dscp << 2);
            _v4.SendTo(payload, new IPEndPoint(to, port));
        }
        else
        {
            _v6.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, ttl);
            _v6.SendTo(payload, new IPEndPoint(to, port));
        }
    }

    /// <summary>Joins a group, so that its reports go out.</summary>
    public void Join(string group)
    {
        using NetworkNamespace node = NetworkNamespace.Open(_namespace);
        _members.Add(node.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(IPAddress.Parse(group), _index));
            return socket;
        }));
    }

    /// <summary>UDP packets that came since the last call.</summary>
    public List<RelayArrival> Arrivals() => [.. _tap.Drain(static _ => true).Select(Parse).OfType<RelayArrival>()];

    public void Dispose()
    {
        _v4.Dispose();
        _v6.Dispose();
        _tap.Dispose();
        _members.ForEach(member => member.Dispose());
    }

    private static RelayArrival? Parse(byte[] tapped)
    {
        const int ipv4Bytes = 20;
        const int ipv6Bytes = 40;
        const int udpBytes = 8;
        const byte udpProtocol = 17;
        bool isPartial = (tapped[0] & NeedsChecksum) != 0;
        ReadOnlySpan<byte> frame = tapped.AsSpan(VirtioBytes);
        if (frame.Length < EthernetBytes + ipv4Bytes + udpBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> packet = frame[EthernetBytes..];
        bool isIPv6 = packet[0] >> 4 == 6;
        if (isIPv6 ? packet.Length < ipv6Bytes + udpBytes || packet[6] != udpProtocol : packet[0] != 0x45 || packet[9] != udpProtocol)
        {
            return null;
        }

        ReadOnlySpan<byte> udp = isIPv6 ? packet[ipv6Bytes..] : packet[ipv4Bytes..BinaryPrimitives.ReadUInt16BigEndian(packet[2..])];
        udp = udp[..Math.Min(udp.Length, BinaryPrimitives.ReadUInt16BigEndian(udp[4..]))];
        ReadOnlySpan<byte> source = isIPv6 ? packet.Slice(8, 16) : packet.Slice(12, 4);
        ReadOnlySpan<byte> destination = isIPv6 ? packet.Slice(24, 16) : packet.Slice(16, 4);
        bool isWhole = (isIPv6 || InternetChecksum.IsValid(packet[..ipv4Bytes])) && (isPartial || IsValid(source, destination, udp));
        return new RelayArrival(
            new PhysicalAddress(frame[..6].ToArray()).ToString(), new IPAddress(source).ToString(), BinaryPrimitives.ReadUInt16BigEndian(udp), new IPAddress(destination).ToString(),
            BinaryPrimitives.ReadUInt16BigEndian(udp[2..]), isIPv6 ? packet[7] : packet[8], isIPv6 ? (BinaryPrimitives.ReadUInt16BigEndian(packet) >> 6) & 0x3f : packet[1] >> 2,
            Encoding.UTF8.GetString(udp[udpBytes..]), isWhole);
    }

    // The checksum runs over a pseudo header (RFC 768, RFC 8200 section 8.1); their sums are the same for what differs between them here.
    private static bool IsValid(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> udp)
    {
        if (udp[6] == 0 && udp[7] == 0)
        {
            return source.Length == 4;
        }

        byte[] all = [.. source, .. destination, 0, 17, (byte)(udp.Length >> 8), (byte)udp.Length, .. udp];
        return InternetChecksum.IsValid(all);
    }
}
