using System.Buffers.Binary;
using System.Net;

namespace Net.Engine.Tests.Relay.Kernel;

/// <summary>Builds Ethernet frames.</summary>
internal static class KernelFrames
{
    private static readonly byte[] OwnMac = [2, 0, 0, 0, 0, 9];

    /// <summary>A frame of UDP or ESP with a right checksum.</summary>
    public static byte[] Build(
        string source, string destination, int port, int payload, byte ttl = 16, byte protocol = 17, byte trafficClass = 0, int options = 0, bool hasChecksum = true, ushort sourcePort = 40000)
    {
        IPAddress from = IPAddress.Parse(source);
        IPAddress to = IPAddress.Parse(destination);
        bool isIPv6 = from.GetAddressBytes().Length == 16;
        int header = isIPv6 ? 40 : 20 + options;
        byte[] frame = new byte[14 + header + 8 + payload];
        byte[] group = to.GetAddressBytes();
        (isIPv6 ? [0x33, 0x33, .. group[12..]] : new byte[] { 1, 0, 0x5e, (byte)(group[1] & 0x7f), group[2], group[3] }).CopyTo(frame, 0);
        OwnMac.CopyTo(frame, 6);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), isIPv6 ? (ushort)0x86dd : (ushort)0x0800);
        Span<byte> ip = frame.AsSpan(14);
        Span<byte> udp = ip[header..];
        for (int i = 0; i < payload; i++)
        {
            udp[8 + i] = (byte)((i * 7) + port);
        }

        if (isIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(ip, 0x6000_0000u | ((uint)trafficClass << 20) | 0x12345);
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(8 + payload));
            ip[6] = protocol;
            ip[7] = ttl;
            from.GetAddressBytes().CopyTo(ip[8..]);
            to.GetAddressBytes().CopyTo(ip[24..]);
        }
        else
        {
            ip[0] = (byte)(0x40 | (header / 4));
            ip[1] = trafficClass;
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(header + 8 + payload));
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], 0x1234);
            ip[6] = 0x40;
            ip[8] = ttl;
            ip[9] = protocol;
            from.GetAddressBytes().CopyTo(ip[12..]);
            to.GetAddressBytes().CopyTo(ip[16..]);
            ip[20..header].Fill(1);
            BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip[..header]));
        }

        BinaryPrimitives.WriteUInt16BigEndian(udp, protocol == 17 ? sourcePort : (ushort)0x1111);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], protocol == 17 ? (ushort)port : (ushort)0x2222);
        if (protocol == 17)
        {
            BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(8 + payload));
            if (hasChecksum)
            {
                ushort sum = UdpChecksum(frame);
                BinaryPrimitives.WriteUInt16BigEndian(udp[6..], sum == 0 ? ushort.MaxValue : sum);
            }
        }

        return frame;
    }

    /// <summary>The checksum over a UDP datagram as it stands; 0 when the one in it is right.</summary>
    public static ushort UdpChecksum(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> ip = frame[14..];
        bool isIPv6 = ip[0] >> 4 == 6;
        ReadOnlySpan<byte> udp = ip[(isIPv6 ? 40 : (ip[0] & 15) * 4)..];
        int length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        byte[] pseudo = [.. isIPv6 ? ip.Slice(8, 32) : ip.Slice(12, 8), 0, 17, (byte)(length >> 8), (byte)length, .. udp[..length]];
        return Checksum(pseudo);
    }

    /// <summary>RFC 1071, the plain way.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        for (int i = 0; i < data.Length; i++)
        {
            sum += i % 2 == 0 ? (uint)data[i] << 8 : data[i];
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
