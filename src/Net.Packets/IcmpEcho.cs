using System.Buffers.Binary;

namespace Net.Packets;

/// <summary>Builds and reads ICMP echoes, IPv4 (RFC 792) and IPv6 (RFC 4443), and the errors that come back about them.</summary>
public static class IcmpEcho
{
    /// <summary>Bytes before the data.</summary>
    public const int HeaderBytes = 8;

    private const byte ProtocolIcmp = 1;
    private const byte ProtocolIcmpV6 = 58;
    private const byte EchoRequestV4 = 8;
    private const byte EchoRequestV6 = 128;
    private const int Ipv4MinimumBytes = 20;
    private const int Ipv6HeaderBytes = 40;

    /// <summary>Writes an ICMPv4 echo request with its checksum.</summary>
    /// <param name="packet">Where to.</param>
    /// <param name="identifier">Identifier.</param>
    /// <param name="sequence">Sequence number.</param>
    /// <param name="payload">Data.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteRequestV4(Span<byte> packet, ushort identifier, ushort sequence, ReadOnlySpan<byte> payload)
    {
        int length = Write(packet, EchoRequestV4, identifier, sequence, payload);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], InternetChecksum.Compute(packet[..length]));
        return length;
    }

    /// <summary>Writes an ICMPv6 echo request. Its checksum is left zero: it covers the addresses, and the kernel fills it in on raw sockets.</summary>
    /// <param name="packet">Where to.</param>
    /// <param name="identifier">Identifier.</param>
    /// <param name="sequence">Sequence number.</param>
    /// <param name="payload">Data.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteRequestV6(Span<byte> packet, ushort identifier, ushort sequence, ReadOnlySpan<byte> payload) =>
        Write(packet, EchoRequestV6, identifier, sequence, payload);

    /// <summary>Reads an IPv4 packet, header included, as raw sockets deliver it.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="message">The ICMP message in it.</param>
    /// <returns>False when it is no intact ICMP echo nor an error about one.</returns>
    public static bool TryReadV4(ReadOnlySpan<byte> packet, out IcmpMessage message)
    {
        message = default;
        if (!TrySkipIpv4(packet, out ReadOnlySpan<byte> icmp) || icmp.Length < HeaderBytes || !InternetChecksum.IsValid(icmp))
        {
            return false;
        }

        IcmpKind kind = icmp[0] switch
        {
            0 => IcmpKind.EchoReply,
            EchoRequestV4 => IcmpKind.EchoRequest,
            3 => IcmpKind.DestinationUnreachable,
            11 => IcmpKind.TimeExceeded,
            12 => IcmpKind.ParameterProblem,
            _ => IcmpKind.Other,
        };
        return kind switch
        {
            IcmpKind.Other => false,
            IcmpKind.EchoReply or IcmpKind.EchoRequest => ReadEcho(kind, icmp[0], icmp[1], icmp, out message),
            _ => TrySkipIpv4(icmp[HeaderBytes..], out ReadOnlySpan<byte> inner)
                && inner.Length >= HeaderBytes && inner[0] == EchoRequestV4
                && ReadEcho(kind, icmp[0], icmp[1], inner, out message),
        };
    }

    /// <summary>Reads an ICMPv6 message without IPv6 header, as raw sockets deliver it; the kernel has checked its checksum.</summary>
    /// <param name="icmp">The message.</param>
    /// <param name="message">What it says.</param>
    /// <returns>False when it is no ICMPv6 echo nor an error about one.</returns>
    public static bool TryReadV6(ReadOnlySpan<byte> icmp, out IcmpMessage message)
    {
        message = default;
        if (icmp.Length < HeaderBytes)
        {
            return false;
        }

        IcmpKind kind = icmp[0] switch
        {
            1 => IcmpKind.DestinationUnreachable,
            2 => IcmpKind.PacketTooBig,
            3 => IcmpKind.TimeExceeded,
            4 => IcmpKind.ParameterProblem,
            EchoRequestV6 => IcmpKind.EchoRequest,
            129 => IcmpKind.EchoReply,
            _ => IcmpKind.Other,
        };
        if (kind is IcmpKind.EchoReply or IcmpKind.EchoRequest)
        {
            return ReadEcho(kind, icmp[0], icmp[1], icmp, out message);
        }

        // Our own requests carry no extension headers, so an error about one quotes ICMPv6 right behind the IPv6 header.
        ReadOnlySpan<byte> quoted = icmp[HeaderBytes..];
        return kind != IcmpKind.Other
            && quoted.Length >= Ipv6HeaderBytes + HeaderBytes
            && quoted[0] >> 4 == 6
            && quoted[6] == ProtocolIcmpV6
            && quoted[Ipv6HeaderBytes] == EchoRequestV6
            && ReadEcho(kind, icmp[0], icmp[1], quoted[Ipv6HeaderBytes..], out message);
    }

    /// <summary>The hop limit of an IPv4 packet.</summary>
    /// <param name="packet">The packet.</param>
    /// <returns>The hop limit; null when there is no header.</returns>
    public static int? GetTimeToLiveV4(ReadOnlySpan<byte> packet) => packet.Length >= Ipv4MinimumBytes ? packet[8] : null;

    private static int Write(Span<byte> packet, byte type, ushort identifier, ushort sequence, ReadOnlySpan<byte> payload)
    {
        int length = HeaderBytes + payload.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan(packet.Length, length, nameof(packet));
        packet[0] = type;
        packet[1] = 0;
        packet[2] = 0;
        packet[3] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], sequence);
        payload.CopyTo(packet[HeaderBytes..]);
        return length;
    }

    private static bool TrySkipIpv4(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> icmp)
    {
        icmp = default;
        if (packet.Length < Ipv4MinimumBytes || packet[0] >> 4 != 4 || packet[9] != ProtocolIcmp)
        {
            return false;
        }

        int headerBytes = (packet[0] & 0xf) * 4;
        if (headerBytes < Ipv4MinimumBytes || headerBytes > packet.Length)
        {
            return false;
        }

        // A fragment that is not the first holds no ICMP header.
        if ((BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1fff) != 0)
        {
            return false;
        }

        icmp = packet[headerBytes..];
        return true;
    }

    private static bool ReadEcho(IcmpKind kind, byte type, byte code, ReadOnlySpan<byte> echo, out IcmpMessage message)
    {
        message = new IcmpMessage(
            kind,
            type,
            code,
            BinaryPrimitives.ReadUInt16BigEndian(echo[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(echo[6..]),
            echo[HeaderBytes..]);
        return true;
    }
}
