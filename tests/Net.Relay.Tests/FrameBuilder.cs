using System.Buffers.Binary;
using System.Net;

namespace Net.Relay.Tests;

/// <summary>Builds whole frames the plain way, with checksums summed in full: the reference the fast code is compared with.</summary>
internal sealed record FrameBuilder
{
    public static readonly byte[] SenderMac = [2, 0, 0, 0, 0, 1];
    public static readonly byte[] RelayMac = [2, 0, 0, 0, 0, 2];

    public IPAddress Source { get; init; } = IPAddress.Parse("10.0.0.5");

    public IPAddress Destination { get; init; } = IPAddress.Parse("239.1.1.1");

    public byte[]? DestinationMac { get; init; }

    public byte[] SourceMac { get; init; } = SenderMac;

    public bool HasEthernet { get; init; } = true;

    public byte[] Tags { get; init; } = [];

    public ushort SourcePort { get; init; } = 4000;

    public ushort Port { get; init; } = 5000;

    public byte Protocol { get; init; } = 17;

    public byte Ttl { get; init; } = 64;

    public byte TrafficClass { get; init; }

    public ushort Identification { get; init; } = 0x1234;

    public ushort Fragment { get; init; } = 0x4000;

    public byte[] Options { get; init; } = [];

    public byte[] Payload { get; init; } = [1, 2, 3, 4, 5];

    public bool HasNoChecksum { get; init; }

    public int Padding { get; init; }

    public bool IsIPv6 => Destination.GetAddressBytes().Length == 16;

    public byte[] Build()
    {
        byte[] ip = BuildIP();
        byte[] link = HasEthernet
            ? [.. DestinationMac ?? GroupMac(Destination), .. SourceMac, .. Tags, .. IsIPv6 ? new byte[] { 0x86, 0xDD } : [0x08, 0x00]]
            : [];
        return [.. link, .. ip, .. new byte[Padding]];
    }

    public static byte[] GroupMac(IPAddress group)
    {
        byte[] bytes = group.GetAddressBytes();
        return bytes.Length == 16 ? [0x33, 0x33, .. bytes[12..]] : [0x01, 0x00, 0x5E, (byte)(bytes[1] & 0x7F), bytes[2], bytes[3]];
    }

    public static ushort Checksum(params byte[][] parts)
    {
        byte[] all = [.. parts.SelectMany(part => part)];
        uint sum = 0;
        for (int index = 0; index < all.Length; index += 2)
        {
            sum += (uint)((all[index] << 8) | (index + 1 < all.Length ? all[index + 1] : 0));
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    public static byte[] PseudoHeader(byte[] source, byte[] destination, byte protocol, int length) =>
        source.Length == 16
            ? [.. source, .. destination, .. BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(length)), 0, 0, 0, protocol]
            : [.. source, .. destination, 0, protocol, (byte)(length >> 8), (byte)length];

    private byte[] BuildIP()
    {
        byte[] source = Source.GetAddressBytes();
        byte[] destination = Destination.GetAddressBytes();
        byte[] transport = Protocol == 17 ? BuildUdp(source, destination) : Payload;
        if (IsIPv6)
        {
            byte[] head6 = [.. new byte[8], .. source, .. destination];
            BinaryPrimitives.WriteUInt32BigEndian(head6, 0x60012345u | ((uint)TrafficClass << 20));
            BinaryPrimitives.WriteUInt16BigEndian(head6.AsSpan(4), (ushort)transport.Length);
            head6[6] = Protocol;
            head6[7] = Ttl;
            return [.. head6, .. transport];
        }

        byte[] head = [.. new byte[12], .. source, .. destination, .. Options];
        head[0] = (byte)(0x40 | (head.Length / 4));
        head[1] = TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(head.Length + transport.Length));
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(4), Identification);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(6), Fragment);
        head[8] = Ttl;
        head[9] = Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(10), Checksum(head));
        return [.. head, .. transport];
    }

    private byte[] BuildUdp(byte[] source, byte[] destination)
    {
        byte[] udp = [.. new byte[8], .. Payload];
        BinaryPrimitives.WriteUInt16BigEndian(udp, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        if (!HasNoChecksum)
        {
            ushort checksum = Checksum(PseudoHeader(source, destination, 17, udp.Length), udp);
            BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(6), checksum == 0 ? (ushort)0xFFFF : checksum);
        }

        return udp;
    }
}
