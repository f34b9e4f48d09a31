using System.Buffers.Binary;
using System.Net;
using System.Text;
using Net.Packets;

namespace Net.Worker.Tests.Support;

/// <summary>Whole IP packets as hosts send them.</summary>
internal static class TestPackets
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;

    /// <summary>TCP flags (RFC 9293 section 3.1).</summary>
    public const byte Syn = 0x02;
    public const byte SynAck = 0x12;

    public static byte[] UdpPacket(string source, string destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload, byte ttl = 64, bool dontFragment = false)
    {
        byte[] datagram = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(8));
        return Wrap(source, destination, Udp, datagram, checksumAt: 6, ttl, dontFragment);
    }

    public static byte[] UdpText(string source, string destination, string text, ushort destinationPort = 7777, byte ttl = 64) =>
        UdpPacket(source, destination, 4444, destinationPort, Encoding.UTF8.GetBytes(text), ttl);

    public static byte[] TcpPacket(string source, string destination, ushort sourcePort, ushort destinationPort, byte flags)
    {
        byte[] segment = new byte[20];
        BinaryPrimitives.WriteUInt16BigEndian(segment, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), destinationPort);
        segment[12] = 5 << 4;
        segment[13] = flags;
        return Wrap(source, destination, Tcp, segment, checksumAt: 16, ttl: 64, dontFragment: true);
    }

    public static IPAddress Source(byte[] packet) => new(packet.AsSpan(packet[0] >> 4 == 4 ? 12 : 8, packet[0] >> 4 == 4 ? 4 : 16));

    public static byte Protocol(byte[] packet) => packet[0] >> 4 == 4 ? packet[9] : packet[6];

    public static byte Ttl(byte[] packet) => packet[0] >> 4 == 4 ? packet[8] : packet[7];

    /// <summary>What follows the IP header and, of UDP, its header.</summary>
    public static ReadOnlySpan<byte> Payload(byte[] packet) => packet.AsSpan((packet[0] >> 4 == 4 ? 20 : 40) + (Protocol(packet) == Udp ? 8 : 0));

    public static string Text(byte[] packet) => Encoding.UTF8.GetString(Payload(packet));

    private static byte[] Wrap(string source, string destination, byte protocol, byte[] transport, int checksumAt, byte ttl, bool dontFragment)
    {
        byte[] from = IPAddress.Parse(source).GetAddressBytes();
        byte[] to = IPAddress.Parse(destination).GetAddressBytes();
        byte[] addresses = [.. from, .. to];
        PacketChecksum.WriteNonZero(transport.AsSpan(checksumAt), PacketChecksum.Sum(transport, PacketChecksum.PseudoHeader(addresses, protocol, transport.Length)));
        byte[] header = new byte[from.Length == 4 ? 20 : 40];
        if (from.Length == 4)
        {
            header[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(header.Length + transport.Length));
            header[6] = (byte)(dontFragment ? 0x40 : 0);
            header[8] = ttl;
            header[9] = protocol;
            addresses.CopyTo(header.AsSpan(12));
            PacketChecksum.Write(header.AsSpan(10), PacketChecksum.Sum(header));
        }
        else
        {
            header[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)transport.Length);
            header[6] = protocol;
            header[7] = ttl;
            addresses.CopyTo(header.AsSpan(8));
        }

        return [.. header, .. transport];
    }
}
