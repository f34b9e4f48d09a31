using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Net.Overlay.Flows;

/// <summary>Recognises the packets that go on a flow which was just judged: whole TCP segments and UDP datagrams of the same addresses and ports that neither open nor end anything. They come in
/// runs of dozens, as a sender's kernel cuts one large packet into them.</summary>
internal struct FlowRun
{
    private const int IPv4HeaderBytes = 20;
    private const int IPv6HeaderBytes = 40;
    private const int TcpHeaderBytes = 20;
    private const int UdpHeaderBytes = 8;

    // RFC 9293, 3.1: FIN, SYN and RST move a connection's state.
    private const byte MovingFlags = 0x07;

    // Source and destination, at their places in either header.
    private ulong _first;
    private ulong _second;
    private ulong _third;
    private ulong _fourth;
    private uint _ports;
    private byte _version;
    private byte _protocol;

    /// <summary>Whether there is a flow to go on.</summary>
    public readonly bool IsActive => _version != 0;

    /// <summary>Remembers the flow of a packet, if packets that go on it can be told by their headers alone.</summary>
    /// <param name="packet">The packet from its IP header on.</param>
    public void Begin(ReadOnlySpan<byte> packet)
    {
        _version = 0;
        int headerBytes = PlainHeaderBytes(packet, out byte protocol);
        if (headerBytes == 0)
        {
            return;
        }

        _version = packet[0];
        _protocol = protocol;
        _ports = MemoryMarshal.Read<uint>(packet[headerBytes..]);
        ReadAddresses(packet, headerBytes, out _first, out _second, out _third, out _fourth);
    }

    /// <summary>Whether a packet goes on the flow.</summary>
    /// <param name="packet">The packet from its IP header on.</param>
    public readonly bool Continues(ReadOnlySpan<byte> packet)
    {
        int headerBytes = PlainHeaderBytes(packet, out byte protocol);
        if (headerBytes == 0 || protocol != _protocol || (packet[0] ^ _version) > 0x0f || MemoryMarshal.Read<uint>(packet[headerBytes..]) != _ports)
        {
            return false;
        }

        ReadAddresses(packet, headerBytes, out ulong first, out ulong second, out ulong third, out ulong fourth);
        return ((first ^ _first) | (second ^ _second) | (third ^ _third) | (fourth ^ _fourth)) == 0;
    }

    /// <summary>Forgets the flow.</summary>
    public void End() => _version = 0;

    // The size of the network header where the packet is as long as it says, no fragment, without options, and its transport header is there and moves no state; else 0.
    private static int PlainHeaderBytes(ReadOnlySpan<byte> packet, out byte protocol)
    {
        protocol = 0;
        int headerBytes;
        if (packet.Length < IPv4HeaderBytes + UdpHeaderBytes)
        {
            return 0;
        }

        if (packet[0] == 0x45)
        {
            // RFC 791: bit 13 says more fragments follow, the lower 13 bits are the offset.
            if (BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) != packet.Length || (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) != 0)
            {
                return 0;
            }

            headerBytes = IPv4HeaderBytes;
            protocol = packet[9];
        }
        else if (packet[0] >> 4 == 6 && BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) + IPv6HeaderBytes == packet.Length)
        {
            headerBytes = IPv6HeaderBytes;
            protocol = packet[6];
        }
        else
        {
            return 0;
        }

        return protocol switch
        {
            IpProtocols.Tcp => packet.Length >= headerBytes + TcpHeaderBytes && (packet[headerBytes + 13] & MovingFlags) == 0 ? headerBytes : 0,
            IpProtocols.Udp => packet.Length >= headerBytes + UdpHeaderBytes ? headerBytes : 0,
            _ => 0,
        };
    }

    private static void ReadAddresses(ReadOnlySpan<byte> packet, int headerBytes, out ulong first, out ulong second, out ulong third, out ulong fourth)
    {
        if (headerBytes == IPv4HeaderBytes)
        {
            first = MemoryMarshal.Read<ulong>(packet[12..]);
            second = third = fourth = 0;
            return;
        }

        first = MemoryMarshal.Read<ulong>(packet[8..]);
        second = MemoryMarshal.Read<ulong>(packet[16..]);
        third = MemoryMarshal.Read<ulong>(packet[24..]);
        fourth = MemoryMarshal.Read<ulong>(packet[32..]);
    }
}
