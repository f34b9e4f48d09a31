using System.Buffers.Binary;
using Net.Packets;

namespace Net.Relay;

/// <summary>Reads frames as they lie in a ring or buffer. UDP checksums are not verified: they are corrected by difference, so a wrong one stays wrong and the
/// receiver finds it, as behind any router.</summary>
public static class RelayParser
{
    /// <summary>Length of an Ethernet header without tags.</summary>
    public const int EthernetBytes = 14;

    /// <summary>Length of a UDP header, RFC 768.</summary>
    public const int UdpBytes = 8;

    private const int VlanTagBytes = 4;

    // IEEE 802.1Q and 802.1ad allow one tag each; frames with more than these two come from nobody we could serve.
    private const int MaxVlanTags = 2;
    private const int EtherTypeOffset = 12;
    private const ushort EtherTypeIPv4 = 0x0800;
    private const ushort EtherTypeIPv6 = 0x86DD;
    private const ushort EtherTypeVlan = 0x8100;
    private const ushort EtherTypeServiceVlan = 0x88A8;
    private const int IPv4Bytes = 20;
    private const int IPv6Bytes = 40;
    private const int FragmentHeaderBytes = 8;
    private const byte FragmentHeader = 44;

    // RFC 791 section 3.1.
    private const int MoreFragments = 0x2000;
    private const int FragmentOffsetMask = 0x1FFF;

    // SPI and sequence number, RFC 4303 section 2.
    private const int EspBytes = 8;

    /// <summary>Reads an Ethernet frame (DIX framing); tags of IEEE 802.1Q and 802.1ad are skipped.</summary>
    /// <param name="frame">The frame without its check sequence; bytes behind the IP packet are padding.</param>
    /// <param name="packet">What is in it.</param>
    public static ParseResult Parse(ReadOnlySpan<byte> frame, out PacketView packet)
    {
        int typeOffset = EtherTypeOffset;
        int vlan = -1;
        for (int tags = 0; ; tags++)
        {
            if (frame.Length < typeOffset + sizeof(ushort))
            {
                packet = default;
                return ParseResult.Malformed;
            }

            switch (BinaryPrimitives.ReadUInt16BigEndian(frame[typeOffset..]))
            {
                case EtherTypeIPv4:
                    return ParseIPv4(frame, typeOffset + sizeof(ushort), vlan, out packet);
                case EtherTypeIPv6:
                    return ParseIPv6(frame, typeOffset + sizeof(ushort), vlan, out packet);
                case EtherTypeVlan or EtherTypeServiceVlan when tags < MaxVlanTags:
                    if (frame.Length < typeOffset + VlanTagBytes)
                    {
                        packet = default;
                        return ParseResult.Malformed;
                    }

                    vlan = vlan < 0 ? BinaryPrimitives.ReadUInt16BigEndian(frame[(typeOffset + sizeof(ushort))..]) & 0x0FFF : vlan;
                    typeOffset += VlanTagBytes;
                    break;
                default:
                    packet = default;
                    return ParseResult.Other;
            }
        }
    }

    /// <summary>Reads an IP packet that has no Ethernet header, as tunnel devices give.</summary>
    /// <param name="buffer">The buffer it lies in.</param>
    /// <param name="networkOffset">Where it begins; 14 bytes before it give an output with Ethernet headers the room it needs.</param>
    /// <param name="packet">What is in it.</param>
    public static ParseResult ParseIP(ReadOnlySpan<byte> buffer, int networkOffset, out PacketView packet)
    {
        if (buffer.Length <= networkOffset)
        {
            packet = default;
            return ParseResult.Malformed;
        }

        switch (buffer[networkOffset] >> 4)
        {
            case 4:
                return ParseIPv4(buffer, networkOffset, -1, out packet);
            case 6:
                return ParseIPv6(buffer, networkOffset, -1, out packet);
            default:
                packet = default;
                return ParseResult.Other;
        }
    }

    /// <summary>The reason to count what is no whole packet by.</summary>
    /// <param name="result">What the parser said.</param>
    /// <param name="reason">The reason, when it returns true.</param>
    /// <returns>False for what is not counted: a packet, and what concerns nobody.</returns>
    public static bool TryGetDrop(ParseResult result, out RelayDrop reason)
    {
        reason = result switch { ParseResult.Fragment => RelayDrop.Fragment, ParseResult.Checksum => RelayDrop.Checksum, _ => RelayDrop.Malformed };
        return result is not (ParseResult.Packet or ParseResult.Other);
    }

    private static ParseResult ParseIPv4(ReadOnlySpan<byte> frame, int offset, int vlan, out PacketView packet)
    {
        packet = default;
        if (frame.Length < offset + IPv4Bytes)
        {
            return ParseResult.Malformed;
        }

        ReadOnlySpan<byte> ip = frame[offset..];
        byte protocol = ip[9];
        if (protocol is not ((byte)RelayProtocol.Udp or (byte)RelayProtocol.Esp))
        {
            return ParseResult.Other;
        }

        int headerBytes = (ip[0] & 0xF) * 4;
        int totalBytes = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        if (ip[0] >> 4 != 4 || headerBytes < IPv4Bytes || totalBytes < headerBytes || totalBytes > ip.Length)
        {
            return ParseResult.Malformed;
        }

        // A router must verify it (RFC 1812 section 5.2.2), and a ring sees frames before the kernel did.
        if (PacketChecksum.Fold(PacketChecksum.Sum(ip[..headerBytes])) != ushort.MaxValue)
        {
            return ParseResult.Checksum;
        }

        var source = RelayAddress.From(ip.Slice(12, 4));
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(ip[6..]);
        bool isFragment = (fragment & (MoreFragments | FragmentOffsetMask)) != 0;
        int transport = offset + headerBytes;
        if (source.IsMulticast || !Ports.TryRead(frame[..(offset + totalBytes)], transport, protocol, isFragment, out Ports ports))
        {
            return ParseResult.Malformed;
        }

        packet = new PacketView
        {
            NetworkOffset = offset,
            TransportOffset = transport,
            PayloadOffset = ports.PayloadOffset,
            PayloadBytes = ports.PayloadBytes,
            EndOffset = offset + totalBytes,
            Source = source,
            Destination = RelayAddress.From(ip.Slice(16, 4)),
            SourcePort = ports.Source,
            DestinationPort = ports.Destination,
            Protocol = (RelayProtocol)protocol,
            Ttl = ip[8],
            TrafficClass = ip[1],
            VlanId = vlan,
        };
        return isFragment ? ParseResult.Fragment : ParseResult.Packet;
    }

    private static ParseResult ParseIPv6(ReadOnlySpan<byte> frame, int offset, int vlan, out PacketView packet)
    {
        packet = default;
        if (frame.Length < offset + IPv6Bytes)
        {
            return ParseResult.Malformed;
        }

        ReadOnlySpan<byte> ip = frame[offset..];
        byte protocol = ip[6];
        int transport = offset + IPv6Bytes;
        int end = transport + BinaryPrimitives.ReadUInt16BigEndian(ip[4..]);
        bool isFragment = false;
        if (protocol == FragmentHeader && ip.Length >= IPv6Bytes + FragmentHeaderBytes)
        {
            // A fragment header that says "the whole packet" is an atomic fragment (RFC 6946) and as good as none.
            protocol = ip[IPv6Bytes];
            isFragment = (BinaryPrimitives.ReadUInt16BigEndian(ip[(IPv6Bytes + 2)..]) & 0xFFF9) != 0;
            transport += FragmentHeaderBytes;
        }

        if (protocol is not ((byte)RelayProtocol.Udp or (byte)RelayProtocol.Esp))
        {
            return ParseResult.Other;
        }

        var source = RelayAddress.From(ip.Slice(8, 16));
        if (ip[0] >> 4 != 6 || end > frame.Length || end < transport || source.IsMulticast
            || !Ports.TryRead(frame[..end], transport, protocol, isFragment, out Ports ports))
        {
            return ParseResult.Malformed;
        }

        if (!isFragment && protocol == (byte)RelayProtocol.Udp && BinaryPrimitives.ReadUInt16BigEndian(frame[(transport + 6)..]) == 0)
        {
            return ParseResult.Checksum;
        }

        packet = new PacketView
        {
            NetworkOffset = offset,
            TransportOffset = transport,
            PayloadOffset = ports.PayloadOffset,
            PayloadBytes = ports.PayloadBytes,
            EndOffset = end,
            Source = source,
            Destination = RelayAddress.From(ip.Slice(24, 16)),
            SourcePort = ports.Source,
            DestinationPort = ports.Destination,
            Protocol = (RelayProtocol)protocol,
            IsIPv6 = true,
            Ttl = ip[7],
            TrafficClass = (byte)(BinaryPrimitives.ReadUInt16BigEndian(ip) >> 4),
            VlanId = vlan,
        };
        return isFragment ? ParseResult.Fragment : ParseResult.Packet;
    }

    private readonly struct Ports
    {
        public ushort Source { get; private init; }

        public ushort Destination { get; private init; }

        public int PayloadOffset { get; private init; }

        public int PayloadBytes { get; private init; }

        // The packet ends with the span. A UDP length below what IP carries is legal: what is left over is no part of the datagram (RFC 9868 section 6).
        public static bool TryRead(ReadOnlySpan<byte> packet, int offset, byte protocol, bool isFragment, out Ports ports)
        {
            int bytes = packet.Length - offset;
            if (isFragment || protocol == (byte)RelayProtocol.Esp)
            {
                ports = new Ports { PayloadOffset = offset, PayloadBytes = bytes };
                return isFragment || bytes >= EspBytes;
            }

            ports = default;
            if (bytes < UdpBytes)
            {
                return false;
            }

            ReadOnlySpan<byte> udp = packet[offset..];
            int udpBytes = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
            ports = new Ports
            {
                Source = BinaryPrimitives.ReadUInt16BigEndian(udp),
                Destination = BinaryPrimitives.ReadUInt16BigEndian(udp[2..]),
                PayloadOffset = offset + UdpBytes,
                PayloadBytes = udpBytes - UdpBytes,
            };
            return udpBytes >= UdpBytes && udpBytes <= bytes;
        }
    }
}
