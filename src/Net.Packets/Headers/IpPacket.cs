using System.Buffers.Binary;

namespace Net.Packets;

/// <summary>An IP packet of either version, read in place (RFC 791, RFC 8200). Lengths are checked before anything else is read; header checksums are not.</summary>
public readonly ref struct IpPacket
{
    /// <summary>Protocol number of TCP.</summary>
    public const byte Tcp = 6;

    /// <summary>Protocol number of UDP.</summary>
    public const byte Udp = 17;

    /// <summary>Protocol number of ICMP for IPv4.</summary>
    public const byte Icmp = 1;

    /// <summary>Protocol number of ICMP for IPv6.</summary>
    public const byte IcmpV6 = 58;

    // More extension headers than these in one packet are an attack on whoever walks them (RFC 8504 section 5.3 lets a node limit them).
    private const int MaxExtensionHeaders = 8;
    private const int Ipv4MinimumBytes = 20;
    private const int Ipv6HeaderBytes = 40;

    private IpPacket(ReadOnlySpan<byte> packet, int version, int payloadOffset, byte protocol, int fragmentOffset, bool hasMoreFragments)
    {
        Packet = packet;
        Version = version;
        PayloadOffset = payloadOffset;
        Protocol = protocol;
        FragmentOffset = fragmentOffset;
        IsFragment = hasMoreFragments || fragmentOffset != 0;
    }

    /// <summary>The whole packet, without what lies behind its end in the buffer.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    /// <summary>4 or 6.</summary>
    public int Version { get; }

    /// <summary>Bytes before the transport header: the IP header with its options or extension headers.</summary>
    public int PayloadOffset { get; }

    /// <summary>Protocol number of the transport; in IPv6 the next header of the last extension header.</summary>
    public byte Protocol { get; }

    /// <summary>Where this fragment belongs, in bytes.</summary>
    public int FragmentOffset { get; }

    /// <summary>Whether the packet is one of several fragments.</summary>
    public bool IsFragment { get; }

    /// <summary>Whether it is a fragment without transport header.</summary>
    public bool IsLaterFragment => FragmentOffset != 0;

    /// <summary>What follows <see cref="PayloadOffset"/>.</summary>
    public ReadOnlySpan<byte> Payload => Packet[PayloadOffset..];

    /// <summary>Source address, 4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> Source => Version == 4 ? Packet.Slice(12, 4) : Packet.Slice(8, 16);

    /// <summary>Destination address, 4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> Destination => Version == 4 ? Packet.Slice(16, 4) : Packet.Slice(24, 16);

    /// <summary>Source port; 0 when the protocol has none, or the fragment does not bring it.</summary>
    public ushort SourcePort => HasPorts ? BinaryPrimitives.ReadUInt16BigEndian(Packet[PayloadOffset..]) : (ushort)0;

    /// <summary>Destination port; 0 when the protocol has none, or the fragment does not bring it.</summary>
    public ushort DestinationPort => HasPorts ? BinaryPrimitives.ReadUInt16BigEndian(Packet[(PayloadOffset + 2)..]) : (ushort)0;

    /// <summary>Time to live or hop limit.</summary>
    public byte Ttl => Version == 4 ? Packet[8] : Packet[7];

    /// <summary>Differentiated services code point (RFC 2474), 0 to 63.</summary>
    public int Dscp => TrafficClass >> 2;

    /// <summary>Explicit congestion notification (RFC 3168), 0 to 3.</summary>
    public int Ecn => TrafficClass & 3;

    /// <summary>Whether IPv4 forbids to fragment it; always so in IPv6.</summary>
    public bool DontFragment => Version == 6 || (Packet[6] & 0x40) != 0;

    private int TrafficClass => Version == 4 ? Packet[1] : (BinaryPrimitives.ReadUInt16BigEndian(Packet) >> 4) & 0xff;

    private bool HasPorts =>
        Protocol is Tcp or Udp or 33 or 132 or 136 /* DCCP, SCTP, UDP-Lite */ && !IsLaterFragment && Packet.Length >= PayloadOffset + 4;

    /// <summary>Reads a packet.</summary>
    /// <param name="packet">The packet; bytes behind its end are left out.</param>
    /// <param name="ip">What it is; refers to the same memory.</param>
    /// <returns>False when it is no IP, or shorter than its own lengths say.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out IpPacket ip)
    {
        if (packet.Length >= Ipv4MinimumBytes)
        {
            int version = packet[0] >> 4;
            if (version == 4)
            {
                return TryParseV4(packet, out ip);
            }

            if (version == 6 && packet.Length >= Ipv6HeaderBytes)
            {
                return TryParseV6(packet, out ip);
            }
        }

        ip = default;
        return false;
    }

    private static bool TryParseV4(ReadOnlySpan<byte> packet, out IpPacket ip)
    {
        int headerBytes = (packet[0] & 0xf) * 4;
        int totalBytes = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (headerBytes < Ipv4MinimumBytes || totalBytes < headerBytes || totalBytes > packet.Length)
        {
            ip = default;
            return false;
        }

        int fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        ip = new IpPacket(packet[..totalBytes], 4, headerBytes, packet[9], (fragment & 0x1fff) * 8, (fragment & 0x2000) != 0);
        return true;
    }

    private static bool TryParseV6(ReadOnlySpan<byte> packet, out IpPacket ip)
    {
        int totalBytes = Ipv6HeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (totalBytes > packet.Length)
        {
            ip = default;
            return false;
        }

        packet = packet[..totalBytes];
        byte next = packet[6];
        if (next is Tcp or Udp or IcmpV6)
        {
            ip = new IpPacket(packet, 6, Ipv6HeaderBytes, next, 0, hasMoreFragments: false);
            return true;
        }

        return TryWalk(packet, next, out ip);
    }

    private static bool TryWalk(ReadOnlySpan<byte> packet, byte next, out IpPacket ip)
    {
        int offset = Ipv6HeaderBytes;
        int fragmentOffset = 0;
        bool hasMoreFragments = false;
        for (int count = 0; IsExtension(next) && fragmentOffset == 0; count++)
        {
            if (count == MaxExtensionHeaders || packet.Length < offset + 8)
            {
                ip = default;
                return false;
            }

            ReadOnlySpan<byte> header = packet[offset..];
            int bytes = next switch
            {
                44 => 8,
                51 => (header[1] + 2) * 4,
                _ => (header[1] + 1) * 8,
            };
            if (bytes > header.Length)
            {
                ip = default;
                return false;
            }

            if (next == 44)
            {
                int fragment = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
                fragmentOffset = fragment & 0xfff8;
                hasMoreFragments = (fragment & 1) != 0;
            }

            next = header[0];
            offset += bytes;
        }

        ip = new IpPacket(packet, 6, offset, next, fragmentOffset, hasMoreFragments);
        return true;
    }

    // Hop-by-hop, routing, fragment, authentication, destination options, mobility, HIP, Shim6 (IANA, IPv6 extension header types).
    private static bool IsExtension(byte protocol) => protocol is 0 or 43 or 44 or 51 or 60 or 135 or 139 or 140;
}
