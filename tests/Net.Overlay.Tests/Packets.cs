using System.Buffers.Binary;
using System.Net;

namespace Net.Overlay.Tests;

/// <summary>Packets to ask with: the fields that are read are right, checksums are left out.</summary>
internal static class Packets
{
    public const byte Fin = 0x01;
    public const byte Syn = 0x02;
    public const byte Reset = 0x04;
    public const byte Ack = 0x10;

    public static byte[] Tcp(string source, int sourcePort, string destination, int destinationPort, byte flags, int payload = 0)
    {
        byte[] segment = new byte[20 + payload];
        BinaryPrimitives.WriteUInt16BigEndian(segment, (ushort)sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)destinationPort);
        segment[12] = 0x50;
        segment[13] = flags;
        return Ip(source, destination, 6, segment);
    }

    public static byte[] Udp(string source, int sourcePort, string destination, int destinationPort, int payload = 0)
    {
        byte[] datagram = new byte[8 + payload];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, (ushort)sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        return Ip(source, destination, 17, datagram);
    }

    public static byte[] Icmp(string source, string destination, byte type, ushort id, byte[]? quoted = null)
    {
        byte[] message = [type, 0, 0, 0, (byte)(id >> 8), (byte)id, 0, 0, .. quoted ?? []];
        return Ip(source, destination, source.Contains(':', StringComparison.Ordinal) ? (byte)58 : (byte)1, message);
    }

    public static byte[] Ip(string source, string destination, byte protocol, byte[] payload)
    {
        byte[] from = IPAddress.Parse(source).GetAddressBytes();
        byte[] to = IPAddress.Parse(destination).GetAddressBytes();
        if (from.Length == 4)
        {
            byte[] packet = [0x45, 0, 0, 0, 0, 7, 0, 0, 64, protocol, 0, 0, .. from, .. to, .. payload];
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            return packet;
        }

        byte[] packet6 = [0x60, 0, 0, 0, 0, 0, protocol, 64, .. from, .. to, .. payload];
        BinaryPrimitives.WriteUInt16BigEndian(packet6.AsSpan(4), (ushort)payload.Length);
        return packet6;
    }

    /// <summary>Splits an IPv4 packet into two fragments.</summary>
    public static (byte[] First, byte[] Later) Split(byte[] packet, int firstPayloadBytes)
    {
        byte[] first = packet[..(20 + firstPayloadBytes)];
        byte[] later = [.. packet[..20], .. packet[(20 + firstPayloadBytes)..]];
        BinaryPrimitives.WriteUInt16BigEndian(first.AsSpan(2), (ushort)first.Length);
        BinaryPrimitives.WriteUInt16BigEndian(first.AsSpan(6), 0x2000);
        BinaryPrimitives.WriteUInt16BigEndian(later.AsSpan(2), (ushort)later.Length);
        BinaryPrimitives.WriteUInt16BigEndian(later.AsSpan(6), (ushort)(firstPayloadBytes / 8));
        return (first, later);
    }
}
