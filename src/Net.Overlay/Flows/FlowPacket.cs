using System.Buffers.Binary;

namespace Net.Overlay.Flows;

/// <summary>What the flow gate reads of a packet: its key and the few fields that move a flow's state.</summary>
internal readonly ref struct FlowPacket
{
    private const int IPv4HeaderBytes = 20;
    private const int IPv6HeaderBytes = 40;

    // Nobody sends more extension headers; a longer chain is made to cost time.
    private const int MaxExtensionHeaders = 8;

    private FlowPacket(FlowKey key, byte tcpFlags, bool isLaterFragment, bool isFragment, uint fragmentId, ReadOnlySpan<byte> quoted)
    {
        Key = key;
        TcpFlags = tcpFlags;
        IsLaterFragment = isLaterFragment;
        IsFragment = isFragment;
        FragmentId = fragmentId;
        Quoted = quoted;
    }

    /// <summary>The key.</summary>
    public FlowKey Key { get; }

    /// <summary>The flags byte of the TCP header (RFC 9293, 3.1), 0 otherwise.</summary>
    public byte TcpFlags { get; }

    /// <summary>Whether it is a fragment that has no ports, being behind the first.</summary>
    public bool IsLaterFragment { get; }

    /// <summary>Whether it is any fragment.</summary>
    public bool IsFragment { get; }

    /// <summary>The identification all fragments of a packet share.</summary>
    public uint FragmentId { get; }

    /// <summary>For an ICMP error the packet it quotes, which may be cut off; empty otherwise.</summary>
    public ReadOnlySpan<byte> Quoted { get; }

    /// <summary>Reads a packet (RFC 791, RFC 8200) and checks every length against its end.</summary>
    /// <param name="packet">The packet from its IP header on.</param>
    /// <param name="parsed">What was read.</param>
    /// <param name="isQuoted">True for the packet in an ICMP error: it may end early, as long as the ports are there.</param>
    public static bool TryRead(ReadOnlySpan<byte> packet, out FlowPacket parsed, bool isQuoted = false)
    {
        parsed = default;
        return packet.Length > 0 && (packet[0] >> 4) switch
        {
            4 => TryReadIPv4(packet, out parsed, isQuoted),
            6 => TryReadIPv6(packet, out parsed, isQuoted),
            _ => false,
        };
    }

    private static bool TryReadIPv4(ReadOnlySpan<byte> packet, out FlowPacket parsed, bool isQuoted)
    {
        parsed = default;
        if (packet.Length < IPv4HeaderBytes)
        {
            return false;
        }

        int headerBytes = (packet[0] & 0xf) * 4;
        int totalBytes = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (headerBytes < IPv4HeaderBytes || totalBytes < headerBytes || headerBytes > packet.Length || (totalBytes > packet.Length && !isQuoted))
        {
            return false;
        }

        // RFC 791: bit 13 says more fragments follow, the lower 13 bits are the offset in units of 8 bytes.
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff;

        // RFC 1858, 3: a TCP fragment at offset 1 can only be there to write over the flags of the first.
        if ((fragment & 0x1fff) == 1 && packet[9] == IpProtocols.Tcp)
        {
            return false;
        }

        return TryReadPayload(
            packet.Slice(12, 4), packet.Slice(16, 4), packet[9], packet[headerBytes..Math.Min(totalBytes, packet.Length)],
            fragment != 0, (fragment & 0x1fff) != 0, BinaryPrimitives.ReadUInt16BigEndian(packet[4..]), out parsed);
    }

    private static bool TryReadIPv6(ReadOnlySpan<byte> packet, out FlowPacket parsed, bool isQuoted)
    {
        parsed = default;
        if (packet.Length < IPv6HeaderBytes)
        {
            return false;
        }

        int totalBytes = IPv6HeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (totalBytes > packet.Length && !isQuoted)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = packet[IPv6HeaderBytes..Math.Min(totalBytes, packet.Length)];
        byte next = packet[6];
        bool isFragment = false;
        bool isLater = false;
        uint id = 0;
        for (int count = 0; IsExtension(next) && !isLater; count++)
        {
            if (rest.Length < 8 || count == MaxExtensionHeaders)
            {
                return false;
            }

            // RFC 8200, 4: lengths count units of 8 bytes without the first; RFC 4302: that of AH counts 4 bytes, without the first two.
            int bytes = next switch { 44 => 8, 51 => (rest[1] + 2) * 4, _ => (rest[1] + 1) * 8 };
            if (bytes > rest.Length || (next == 43 && rest[2] == 0 && rest[3] != 0))
            {
                return false;
            }

            if (next == 44)
            {
                int offset = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) & 0xfff9;
                isFragment = offset != 0;
                isLater = (offset & 0xfff8) != 0;
                id = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
            }

            next = rest[0];
            rest = rest[bytes..];
        }

        return TryReadPayload(packet.Slice(8, 16), packet.Slice(24, 16), next, rest, isFragment, isLater, id, out parsed);
    }

    // Hop-by-hop, routing, fragment, authentication, destination options, mobility, HIP, shim6 (IANA's list of IPv6 extension headers, without ESP).
    private static bool IsExtension(byte next) => next is 0 or 43 or 44 or 51 or 60 or 135 or 139 or 140;

    private static bool TryReadPayload(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, ReadOnlySpan<byte> payload, bool isFragment, bool isLater, uint id, out FlowPacket parsed)
    {
        parsed = default;
        ushort sourcePort = 0;
        ushort destinationPort = 0;
        byte flags = 0;
        ReadOnlySpan<byte> quoted = default;
        if (!isLater)
        {
            switch (protocol)
            {
                case IpProtocols.Tcp or IpProtocols.Udp or IpProtocols.UdpLite or IpProtocols.Sctp or IpProtocols.Dccp:
                    if (payload.Length < 4)
                    {
                        return false;
                    }

                    sourcePort = BinaryPrimitives.ReadUInt16BigEndian(payload);
                    destinationPort = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
                    flags = protocol == IpProtocols.Tcp && payload.Length >= 20 ? payload[13] : (byte)0;
                    break;
                case IpProtocols.Icmp when source.Length == 4:
                case IpProtocols.IcmpV6 when source.Length == 16:
                    if (payload.Length < 8)
                    {
                        return false;
                    }

                    ReadIcmp(payload, source.Length == 16, out sourcePort, out destinationPort, out quoted);
                    break;
            }
        }

        parsed = new FlowPacket(new FlowKey(source, destination, protocol, sourcePort, destinationPort), flags, isLater, isFragment, id, quoted);
        return true;
    }

    // RFC 792: 8 and 0 are echo request and reply, 3, 4, 5, 11, 12 are errors; RFC 4443: 128 and 129, and errors are below 128.
    private static void ReadIcmp(ReadOnlySpan<byte> message, bool isIPv6, out ushort sourcePort, out ushort destinationPort, out ReadOnlySpan<byte> quoted)
    {
        byte type = message[0];
        byte request = isIPv6 ? (byte)128 : (byte)8;
        byte reply = isIPv6 ? (byte)129 : (byte)0;
        quoted = default;
        if (type == request)
        {
            sourcePort = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
            destinationPort = (ushort)(request << 8);
            return;
        }

        if (type == reply)
        {
            sourcePort = (ushort)(request << 8);
            destinationPort = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
            return;
        }

        sourcePort = 0;
        destinationPort = BinaryPrimitives.ReadUInt16BigEndian(message);
        if (isIPv6 ? type < 128 : type is 3 or 4 or 5 or 11 or 12)
        {
            quoted = message[8..];
        }
    }
}
