using System.Buffers.Binary;
using Net.Packets;

namespace Net.Firewall;

/// <summary>Reads captured packets as the rules would see them. What a capture does not show (interfaces, mark, users, state of the connection) stays as it is by default.</summary>
public static class FlowPacketParser
{
    /// <summary>LINKTYPE_NULL: a 4-byte address family of the capturing host in front (www.tcpdump.org/linktypes.html, as the others).</summary>
    public const int LinkTypeNull = 0;

    /// <summary>LINKTYPE_ETHERNET.</summary>
    public const int LinkTypeEthernet = 1;

    /// <summary>LINKTYPE_RAW: IPv4 or IPv6 without anything in front.</summary>
    public const int LinkTypeRaw = 101;

    /// <summary>LINKTYPE_LINUX_SLL: a "cooked" header of 16 bytes.</summary>
    public const int LinkTypeLinuxSll = 113;

    /// <summary>LINKTYPE_IPV4.</summary>
    public const int LinkTypeIPv4 = 228;

    /// <summary>LINKTYPE_IPV6.</summary>
    public const int LinkTypeIPv6 = 229;

    /// <summary>LINKTYPE_LINUX_SLL2: a "cooked" header of 20 bytes.</summary>
    public const int LinkTypeLinuxSll2 = 276;

    private const int EtherTypeIPv4 = 0x0800;
    private const int EtherTypeIPv6 = 0x86dd;
    private const int MacBytes = 6;
    private const int EthernetBytes = 14;
    private const int MaxTags = 2;
    private const byte Sctp = 132;

    /// <summary>Reads a packet.</summary>
    /// <param name="captured">What was captured, link header included.</param>
    /// <param name="linkType">What the link header is, as the capture file says.</param>
    /// <param name="packet">The packet, of direction Inbound and state New.</param>
    /// <returns>False when it is no whole IP packet, a later fragment (rules only see packets put together), or a link header of another kind.</returns>
    public static bool TryParse(ReadOnlySpan<byte> captured, int linkType, out FlowPacket packet)
    {
        packet = default;
        return TrySkipLink(captured, linkType, out int offset, out MacAddress? mac)
            && IpPacket.TryParse(captured[offset..], out IpPacket ip)
            && TryRead(ip, mac, out packet);
    }

    private static bool TryRead(in IpPacket ip, MacAddress? mac, out FlowPacket packet)
    {
        packet = default;
        if (ip.IsLaterFragment)
        {
            return false;
        }

        PacketFlow flow = PacketFlow.Of(ip);
        bool isIPv6 = flow.IpVersion == 6;
        packet = new FlowPacket
        {
            IsIPv6 = isIPv6,
            Source = flow.Source,
            Destination = flow.Destination,
            Protocol = flow.Protocol,
            Dscp = (byte)ip.Dscp,
            Length = ip.Packet.Length,
            SourceMac = mac,
        };
        ReadOnlySpan<byte> payload = ip.Payload;
        switch (flow.Protocol)
        {
            case IpPacket.Tcp:
                const int TcpFlagsOffset = 13;
                if (payload.Length <= TcpFlagsOffset)
                {
                    return false;
                }

                packet = packet with { SourcePort = flow.SourcePort, DestinationPort = flow.DestinationPort, TcpFlags = payload[TcpFlagsOffset] };
                return true;
            case IpPacket.Udp or Sctp:
                packet = packet with { SourcePort = flow.SourcePort, DestinationPort = flow.DestinationPort };
                return payload.Length >= 4;
            case IpPacket.Icmp when !isIPv6:
            case IpPacket.IcmpV6 when isIPv6:
                if (payload.Length < 2)
                {
                    return false;
                }

                packet = packet with { IcmpType = payload[0], IcmpCode = payload[1] };
                return true;
            default:
                return true;
        }
    }

    private static bool TrySkipLink(ReadOnlySpan<byte> captured, int linkType, out int offset, out MacAddress? mac)
    {
        offset = 0;
        mac = null;
        switch (linkType)
        {
            case LinkTypeEthernet:
                return TrySkipEthernet(captured, out offset, out mac);
            case LinkTypeRaw or LinkTypeIPv4 or LinkTypeIPv6:
                return true;
            case LinkTypeNull:
                offset = 4;
                return captured.Length >= offset;
            case LinkTypeLinuxSll:
                offset = 16;
                return captured.Length >= offset && IsIp(BinaryPrimitives.ReadUInt16BigEndian(captured[14..])) && ReadCooked(captured, lengthAt: 5, addressAt: 6, out mac);
            case LinkTypeLinuxSll2:
                offset = 20;
                return captured.Length >= offset && IsIp(BinaryPrimitives.ReadUInt16BigEndian(captured)) && ReadCooked(captured, lengthAt: 11, addressAt: 12, out mac);
            default:
                return false;
        }
    }

    // VLAN tags (802.1Q and 802.1ad) are 4 bytes each before the type.
    private static bool TrySkipEthernet(ReadOnlySpan<byte> captured, out int offset, out MacAddress? mac)
    {
        offset = EthernetBytes;
        mac = null;
        for (int tags = 0; captured.Length >= offset; tags++)
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(captured[(offset - 2)..]);
            if (type is 0x8100 or 0x88a8 && tags < MaxTags)
            {
                offset += 4;
                continue;
            }

            mac = ReadMac(captured[MacBytes..]);
            return IsIp(type);
        }

        return false;
    }

    private static bool IsIp(int etherType) => etherType is EtherTypeIPv4 or EtherTypeIPv6;

    private static bool ReadCooked(ReadOnlySpan<byte> captured, int lengthAt, int addressAt, out MacAddress? mac)
    {
        mac = captured[lengthAt] == MacBytes ? ReadMac(captured[addressAt..]) : null;
        return true;
    }

    private static MacAddress ReadMac(ReadOnlySpan<byte> bytes) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));
}
