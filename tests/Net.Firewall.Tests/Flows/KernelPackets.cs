using System.Buffers.Binary;
using Net.Packets;

namespace Net.Firewall.Tests.Flows;

/// <summary>Writes packets of the flow test as bytes. A number in the IPv4 identification or the IPv6 flow label tells each from the others wherever it shows up.</summary>
internal static class KernelPackets
{
    public const byte Ttl = 77;

    /// <summary>The packet from its IP header on. TCP has its number in the upper half of both its sequence numbers, where a reset that answers shows it.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="number">Its number.</param>
    /// <param name="inner">The packet an ICMP error tells of, or null.</param>
    public static byte[] Ip(in FlowPacket packet, ushort number, byte[]? inner = null)
    {
        var bytes = new byte[packet.Length];
        Span<byte> payload = bytes.AsSpan(packet.IsIPv6 ? 40 : 20);
        if (packet.IsIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, 0x60000000u | ((uint)packet.Dscp << 22) | number);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)payload.Length);
            bytes[6] = packet.Protocol;
            bytes[7] = Ttl;
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(8), packet.Source);
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(24), packet.Destination);
        }
        else
        {
            bytes[0] = 0x45;
            bytes[1] = (byte)(packet.Dscp << 2);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)bytes.Length);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), number);
            bytes[8] = Ttl;
            bytes[9] = packet.Protocol;
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(12), (uint)packet.Source);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), (uint)packet.Destination);
            PacketChecksum.Write(bytes.AsSpan(10), PacketChecksum.Sum(bytes.AsSpan(0, 20)));
        }

        switch (packet.Protocol)
        {
            case 6:
                BinaryPrimitives.WriteUInt16BigEndian(payload, packet.SourcePort);
                BinaryPrimitives.WriteUInt16BigEndian(payload[2..], packet.DestinationPort);
                BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)number << 16);
                BinaryPrimitives.WriteUInt32BigEndian(payload[8..], (uint)number << 16);
                payload[12] = 0x60;
                payload[13] = packet.TcpFlags;
                BinaryPrimitives.WriteUInt16BigEndian(payload[14..], 1024);
                payload[20] = 2;
                payload[21] = 4;
                BinaryPrimitives.WriteUInt16BigEndian(payload[22..], 1460);
                break;
            case 17:
                BinaryPrimitives.WriteUInt16BigEndian(payload, packet.SourcePort);
                BinaryPrimitives.WriteUInt16BigEndian(payload[2..], packet.DestinationPort);
                BinaryPrimitives.WriteUInt16BigEndian(payload[4..], (ushort)payload.Length);
                break;
            case 1 or 58:
                payload[0] = packet.IcmpType;
                payload[1] = packet.IcmpCode;
                inner?.CopyTo(payload[8..]);
                break;
            case 132:
                // An INIT of all that follows (RFC 9260 section 3.3.2), without a verification tag: what begins an association.
                BinaryPrimitives.WriteUInt16BigEndian(payload, packet.SourcePort);
                BinaryPrimitives.WriteUInt16BigEndian(payload[2..], packet.DestinationPort);
                payload[12] = 1;
                BinaryPrimitives.WriteUInt16BigEndian(payload[14..], (ushort)(payload.Length - 12));
                BinaryPrimitives.WriteUInt32BigEndian(payload[16..], number);
                break;
        }

        WriteChecksum(bytes, payload, packet);
        return bytes;
    }

    // The kernel refuses to answer what may be damaged: whatever it knows no other check of has to add up, with the pseudo header or without.
    private static void WriteChecksum(Span<byte> bytes, Span<byte> payload, in FlowPacket packet)
    {
        ulong addresses = PacketChecksum.PseudoHeader(packet.IsIPv6 ? bytes.Slice(8, 32) : bytes.Slice(12, 8), packet.Protocol, payload.Length);
        switch (packet.Protocol)
        {
            case 6:
                PacketChecksum.Write(payload[16..], PacketChecksum.Sum(payload, addresses));
                break;
            case 17:
                PacketChecksum.WriteNonZero(payload[6..], PacketChecksum.Sum(payload, addresses));
                break;
            case 1:
                PacketChecksum.Write(payload[2..], PacketChecksum.Sum(payload));
                break;
            case 58:
                PacketChecksum.Write(payload[2..], PacketChecksum.Sum(payload, addresses));
                break;
            case not (50 or 132):
                PacketChecksum.Write(payload[2..], PacketChecksum.Sum(payload, packet.IsIPv6 ? addresses : 0));
                break;
        }
    }

    /// <summary>The packet in an Ethernet frame.</summary>
    public static byte[] Frame(in FlowPacket packet, ushort number, MacAddress destination, byte[]? inner = null)
    {
        Span<byte> header = stackalloc byte[14];
        Write(header, destination);
        Write(header[6..], packet.SourceMac!.Value);
        BinaryPrimitives.WriteUInt16BigEndian(header[12..], packet.IsIPv6 ? (ushort)0x86dd : (ushort)0x0800);
        return [.. header, .. Ip(packet, number, inner)];
    }

    private static void Write(Span<byte> bytes, MacAddress address)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(address.Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)address.Value);
    }
}
