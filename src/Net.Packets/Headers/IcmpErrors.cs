using System.Buffers.Binary;

namespace Net.Packets;

/// <summary>Errors a router sends back about a packet it cannot forward: ICMP (RFC 792, RFC 1191, RFC 1812 section 4.3.2) and ICMPv6 (RFC 4443). None is made about
/// an ICMP error, a fragment other than the first, or a packet to or from many or nobody (RFC 1122 section 3.2.2, RFC 4443 section 2.4). Their
/// number is for the caller to limit.</summary>
public static class IcmpErrors
{
    /// <summary>Room for every error: the least MTU of IPv6, which an ICMPv6 error must not exceed.</summary>
    public const int MaxBytes = 1280;

    // RFC 1812 section 4.3.2.3: as much of the packet as fits into 576 bytes.
    private const int MaxBytesV4 = 576;
    private const int Ipv4HeaderBytes = 20;
    private const int Ipv6HeaderBytes = 40;
    private const int IcmpHeaderBytes = 8;
    private const byte TimeToLive = 64;

    /// <summary>Writes "fragmentation needed" (type 3 code 4) or "packet too big" (type 2).</summary>
    /// <param name="destination">Where to; <see cref="MaxBytes"/> hold every error.</param>
    /// <param name="original">The packet that does not fit.</param>
    /// <param name="sourceAddress">Our address in the packet's version, 4 or 16 bytes.</param>
    /// <param name="mtu">What would fit, in bytes of the IP packet.</param>
    /// <returns>Bytes written; 0 when no error may be sent about this packet, or it is IPv4 without DF, which is fragmented instead.</returns>
    public static int WritePacketTooBig(Span<byte> destination, ReadOnlySpan<byte> original, ReadOnlySpan<byte> sourceAddress, int mtu)
    {
        if (!IpPacket.TryParse(original, out IpPacket ip) || !ip.DontFragment)
        {
            return 0;
        }

        return ip.Version == 4
            ? Write(destination, ip, sourceAddress, 3, 4, (uint)Math.Clamp(mtu, 68, ushort.MaxValue))
            : Write(destination, ip, sourceAddress, 2, 0, (uint)Math.Max(mtu, 1280));
    }

    /// <summary>Writes "destination unreachable" (type 3, in IPv6 type 1).</summary>
    /// <param name="destination">Where to; <see cref="MaxBytes"/> hold every error.</param>
    /// <param name="original">The packet that cannot be delivered.</param>
    /// <param name="sourceAddress">Our address in the packet's version, 4 or 16 bytes.</param>
    /// <param name="code">The reason.</param>
    /// <returns>Bytes written; 0 when no error may be sent about this packet.</returns>
    public static int WriteUnreachable(Span<byte> destination, ReadOnlySpan<byte> original, ReadOnlySpan<byte> sourceAddress, IcmpUnreachable code)
    {
        if (!IpPacket.TryParse(original, out IpPacket ip))
        {
            return 0;
        }

        // RFC 1812 section 5.2.7.1 and RFC 4443 section 3.1: the same reasons have different numbers.
        byte number = (code, ip.Version) switch
        {
            (IcmpUnreachable.NoRoute, _) => 0,
            (IcmpUnreachable.Address, 4) => 1,
            (IcmpUnreachable.Address, _) => 3,
            (IcmpUnreachable.Port, 4) => 3,
            (IcmpUnreachable.Port, _) => 4,
            (_, 4) => 13,
            _ => 1,
        };
        return Write(destination, ip, sourceAddress, ip.Version == 4 ? (byte)3 : (byte)1, number, 0);
    }

    /// <summary>Writes "time exceeded in transit" (type 11, in IPv6 type 3).</summary>
    /// <param name="destination">Where to; <see cref="MaxBytes"/> hold every error.</param>
    /// <param name="original">The packet whose time to live is spent.</param>
    /// <param name="sourceAddress">Our address in the packet's version, 4 or 16 bytes.</param>
    /// <returns>Bytes written; 0 when no error may be sent about this packet.</returns>
    public static int WriteTimeExceeded(Span<byte> destination, ReadOnlySpan<byte> original, ReadOnlySpan<byte> sourceAddress) =>
        IpPacket.TryParse(original, out IpPacket ip) ? Write(destination, ip, sourceAddress, ip.Version == 4 ? (byte)11 : (byte)3, 0, 0) : 0;

    private static int Write(Span<byte> destination, in IpPacket ip, ReadOnlySpan<byte> sourceAddress, byte type, byte code, uint parameter)
    {
        if (sourceAddress.Length != ip.Source.Length || !MayAnswer(ip, isTooBig: ip.Version == 6 && type == 2))
        {
            return 0;
        }

        return ip.Version == 4
            ? WriteV4(destination, ip, sourceAddress, type, code, parameter)
            : WriteV6(destination, ip, sourceAddress, type, code, parameter);
    }

    private static int WriteV4(Span<byte> destination, in IpPacket ip, ReadOnlySpan<byte> sourceAddress, byte type, byte code, uint parameter)
    {
        int quoted = Math.Min(ip.Packet.Length, MaxBytesV4 - Ipv4HeaderBytes - IcmpHeaderBytes);
        int length = Ipv4HeaderBytes + IcmpHeaderBytes + quoted;
        Span<byte> packet = destination[..length];
        packet[..(Ipv4HeaderBytes + IcmpHeaderBytes)].Clear();
        packet[0] = 0x45;

        // Precedence of network control (RFC 1812 section 4.3.2.5).
        packet[1] = 0xc0;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)length);
        packet[8] = TimeToLive;
        packet[9] = IpPacket.Icmp;
        sourceAddress.CopyTo(packet[12..]);
        ip.Source.CopyTo(packet[16..]);
        PacketChecksum.Write(packet[10..], PacketChecksum.Sum(packet[..Ipv4HeaderBytes]));
        Span<byte> icmp = packet[Ipv4HeaderBytes..];
        Fill(icmp, ip, type, code, parameter);
        PacketChecksum.Write(icmp[2..], PacketChecksum.Sum(icmp));
        return length;
    }

    private static int WriteV6(Span<byte> destination, in IpPacket ip, ReadOnlySpan<byte> sourceAddress, byte type, byte code, uint parameter)
    {
        int quoted = Math.Min(ip.Packet.Length, MaxBytes - Ipv6HeaderBytes - IcmpHeaderBytes);
        int length = Ipv6HeaderBytes + IcmpHeaderBytes + quoted;
        Span<byte> packet = destination[..length];
        packet[..(Ipv6HeaderBytes + IcmpHeaderBytes)].Clear();
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(length - Ipv6HeaderBytes));
        packet[6] = IpPacket.IcmpV6;
        packet[7] = TimeToLive;
        sourceAddress.CopyTo(packet[8..]);
        ip.Source.CopyTo(packet[24..]);
        Span<byte> icmp = packet[Ipv6HeaderBytes..];
        Fill(icmp, ip, type, code, parameter);
        PacketChecksum.Write(icmp[2..], PacketChecksum.Sum(icmp, PacketChecksum.PseudoHeader(packet.Slice(8, 32), IpPacket.IcmpV6, icmp.Length)));
        return length;
    }

    private static void Fill(Span<byte> icmp, in IpPacket ip, byte type, byte code, uint parameter)
    {
        icmp[0] = type;
        icmp[1] = code;

        // Unused or the MTU; in IPv4 the MTU is the lower half (RFC 1191 section 4).
        BinaryPrimitives.WriteUInt32BigEndian(icmp[4..], parameter);
        ip.Packet[..(icmp.Length - IcmpHeaderBytes)].CopyTo(icmp[IcmpHeaderBytes..]);
    }

    private static bool MayAnswer(in IpPacket ip, bool isTooBig)
    {
        if (ip.IsLaterFragment || IsNobodyOrMany(ip.Source))
        {
            return false;
        }

        // Only a packet to a group that is too big is answered (RFC 4443 section 2.4, e.3), so that path MTU discovery works for groups.
        if (IsNobodyOrMany(ip.Destination) && !(isTooBig && ip.Destination[0] == 0xff))
        {
            return false;
        }

        ReadOnlySpan<byte> payload = ip.Payload;
        return ip.Protocol switch
        {
            // Unreachable, source quench, redirect, time exceeded, parameter problem; what cannot be told apart counts as an error.
            IpPacket.Icmp => ip.Version == 6 || (payload.Length > 0 && payload[0] is not (3 or 4 or 5 or 11 or 12)),

            // Types below 128 are errors (RFC 4443 section 2.1), 137 is a redirect.
            IpPacket.IcmpV6 => ip.Version == 4 || (payload.Length > 0 && payload[0] >= 128 && payload[0] != 137),
            _ => true,
        };
    }

    private static bool IsNobodyOrMany(ReadOnlySpan<byte> address) => address.Length == 4
        ? address[0] is 0 or 127 || address[0] >= 224
        : address[0] == 0xff || !address[..15].ContainsAnyExcept((byte)0);
}
