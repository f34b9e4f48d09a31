using System.Buffers.Binary;
using Net.Overlay.Names;
using Net.Packets;

namespace Net.Worker.Overlay;

/// <summary>Answers questions about names that arrive as packets: the resolver's address belongs to no host, so there is no socket for it and no privileged port.</summary>
internal static class NamePacket
{
    private const byte Udp = 17;
    private const int UdpHeaderBytes = 8;
    private const ushort DnsPort = 53;
    private const byte HopLimit = 64;

    /// <summary>Answers a question.</summary>
    /// <param name="packet">The packet from its IP header on.</param>
    /// <param name="destination">Takes the answer, from its IP header on.</param>
    /// <param name="names">The names.</param>
    /// <returns>Bytes written; 0 when the packet is no question in UDP to port 53.</returns>
    public static int Answer(ReadOnlySpan<byte> packet, Span<byte> destination, NameTable names)
    {
        if (!IpPacket.TryParse(packet, out IpPacket ip) || ip.Protocol != Udp || ip.IsFragment || ip.DestinationPort != DnsPort || ip.Payload.Length < UdpHeaderBytes)
        {
            return 0;
        }

        int network = ip.Version == 4 ? 20 : 40;
        int answer = names.Answer(ip.Payload[UdpHeaderBytes..], destination[(network + UdpHeaderBytes)..]);
        if (answer == 0)
        {
            return 0;
        }

        Span<byte> whole = destination[..(network + UdpHeaderBytes + answer)];
        Span<byte> header = whole[..network];
        header.Clear();
        int transport = UdpHeaderBytes + answer;
        Span<byte> addresses;
        if (ip.Version == 4)
        {
            // RFC 791 section 3.1.
            header[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)whole.Length);
            header[8] = HopLimit;
            header[9] = Udp;
            ip.Destination.CopyTo(header[12..]);
            ip.Source.CopyTo(header[16..]);
            PacketChecksum.Write(header[10..], PacketChecksum.Sum(header));
            addresses = header[12..20];
        }
        else
        {
            // RFC 8200 section 3.
            header[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)transport);
            header[6] = Udp;
            header[7] = HopLimit;
            ip.Destination.CopyTo(header[8..]);
            ip.Source.CopyTo(header[24..]);
            addresses = header[8..40];
        }

        Span<byte> udp = whole[network..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, DnsPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], ip.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)transport);
        udp[6] = 0;
        udp[7] = 0;
        PacketChecksum.WriteNonZero(udp[6..], PacketChecksum.Sum(udp, PacketChecksum.PseudoHeader(addresses, Udp, transport)));
        return whole.Length;
    }
}
