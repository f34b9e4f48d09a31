using System.Buffers.Binary;
using System.Net;
using Net.Packets;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Reads addresses and ports of packets of which only the first bytes are there. Whatever bytes arrive, nothing is thrown.</summary>
internal static class PacketTupleParser
{
    /// <summary>Bytes of a packet that are looked at, at most: IPv6 with its extension headers and TCP.</summary>
    public const int MaxBytes = 256;

    private const byte LengthOffset4 = 2;
    private const byte LengthOffset6 = 4;
    private const int Ipv6HeaderBytes = 40;
    private const int TcpFlagsOffset = 13;

    /// <summary>Reads a packet in one piece, perhaps cut.</summary>
    /// <param name="packet">From the IP header on.</param>
    /// <returns>What it says; null when it is no IP or cut before its addresses end.</returns>
    public static PacketTuple? Parse(ReadOnlySpan<byte> packet) => Parse(packet, default);

    /// <summary>Reads a packet in two pieces.</summary>
    /// <param name="network">The IP header, perhaps cut.</param>
    /// <param name="transport">The transport header, perhaps cut; empty when it follows in the first piece.</param>
    /// <returns>What it says; null when it is no IP or cut before its addresses end.</returns>
    public static PacketTuple? Parse(ReadOnlySpan<byte> network, ReadOnlySpan<byte> transport)
    {
        network = network.Length > MaxBytes ? network[..MaxBytes] : network;
        transport = transport.Length > MaxBytes ? transport[..MaxBytes] : transport;
        Span<byte> copy = stackalloc byte[2 * MaxBytes];
        network.CopyTo(copy);
        transport.CopyTo(copy[network.Length..]);
        Span<byte> packet = copy[..(network.Length + transport.Length)];
        if (packet.Length < 20 || !TryFitLength(packet, out int length) || !IpPacket.TryParse(packet, out IpPacket ip))
        {
            return null;
        }

        var source = new IPAddress(ip.Source);
        var destination = new IPAddress(ip.Destination);
        if (ip.IsLaterFragment)
        {
            return new PacketTuple(ip.Protocol, source, destination, LengthBytes: length);
        }

        ReadOnlySpan<byte> payload = ip.Payload;
        bool isIcmp = ip.Protocol is IpPacket.Icmp or IpPacket.IcmpV6;
        bool hasPorts = ip.Protocol is IpPacket.Tcp or IpPacket.Udp or 33 or 132 or 136 /* DCCP, SCTP, UDP-Lite */ && payload.Length >= 4;
        return new PacketTuple(
            ip.Protocol,
            source,
            destination,
            hasPorts ? ip.SourcePort : null,
            hasPorts ? ip.DestinationPort : null,
            isIcmp && payload.Length > 0 ? payload[0] : null,
            isIcmp && payload.Length > 1 ? payload[1] : null,
            ip.Protocol == IpPacket.Tcp && payload.Length > TcpFlagsOffset ? payload[TcpFlagsOffset] : null,
            length);
    }

    // The reader of whole packets refuses one that is shorter than its header says: the header is made to say what is there.
    private static bool TryFitLength(Span<byte> packet, out int length)
    {
        length = 0;
        switch (packet[0] >> 4)
        {
            case 4:
                length = BinaryPrimitives.ReadUInt16BigEndian(packet[LengthOffset4..]);
                if (length == 0 || length > packet.Length)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(packet[LengthOffset4..], (ushort)packet.Length);
                }

                return true;
            case 6 when packet.Length >= Ipv6HeaderBytes:
                int payload = BinaryPrimitives.ReadUInt16BigEndian(packet[LengthOffset6..]);
                length = Ipv6HeaderBytes + payload;
                if (payload == 0 || length > packet.Length)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(packet[LengthOffset6..], (ushort)(packet.Length - Ipv6HeaderBytes));
                }

                return true;
            default:
                return false;
        }
    }
}
