using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Net.Packets;

namespace Net.Relay.Membership;

/// <summary>An IP packet that carries IGMP or MLD.</summary>
public sealed record MembershipPacket
{
    private const int IPv4HeaderBytes = 20;
    private const int IPv6HeaderBytes = 40;

    // RFC 2113: type 148, length 4, value 0 ("examine packet").
    private const uint RouterAlertV4 = 0x94040000;
    private const byte RouterAlertV4Type = 0x94;
    private const byte RouterAlertV6Type = 5;

    // Hop-by-hop: next header, length 0 (8 bytes), router alert of RFC 2711 with value 0 (MLD), padding of 2 bytes.
    private const int HopByHopBytes = 8;
    private const byte HopByHop = 0;

    // Internetwork control, which both RFCs ask for (RFC 9776 section 4).
    private const byte InternetworkControl = 0xc0;

    /// <summary>Who sent it. All zeros for a host that has no address yet.</summary>
    public required IPAddress Source { get; init; }

    /// <summary>The multicast address it was sent to.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>The message.</summary>
    public required MembershipMessage Message { get; init; }

    /// <summary>Whether it asks routers to look at it. Hosts of IGMPv1 do not.</summary>
    public bool HasRouterAlert { get; init; }

    /// <summary>Reads a packet.</summary>
    /// <param name="packet">The packet from its IP header on; padding of the link layer may follow.</param>
    /// <param name="result">The packet.</param>
    /// <returns>False when it is anything else, malformed, sent to one host only, or, for MLD, not from a link-local address with hop limit 1 and router alert (RFC 3810 section 6.2).</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, [NotNullWhen(true)] out MembershipPacket? result)
    {
        result = null;
        return packet.Length > 0 && (packet[0] >> 4) switch
        {
            4 => TryReadV4(packet, out result),
            6 => TryReadV6(packet, out result),
            _ => false,
        };
    }

    /// <summary>Writes a packet with hop limit 1 and router alert.</summary>
    /// <param name="message">The message.</param>
    /// <param name="source">The sender's address; its family decides between IGMP and MLD.</param>
    /// <returns>The packet from its IP header on, and where it goes.</returns>
    public static (byte[] Packet, IPAddress Destination) Write(MembershipMessage message, IPAddress source)
    {
        ArgumentNullException.ThrowIfNull(source);
        IPAddress destination = MulticastGroups.DestinationOf(message, source.AddressFamily);
        return (source.AddressFamily == AddressFamily.InterNetwork ? WriteV4(message, source, destination) : WriteV6(message, source, destination), destination);
    }

    private static bool TryReadV4(ReadOnlySpan<byte> packet, [NotNullWhen(true)] out MembershipPacket? result)
    {
        result = null;
        if (packet.Length < IPv4HeaderBytes)
        {
            return false;
        }

        int header = (packet[0] & 0xf) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);

        // Fragments (offset or more to follow) carry no whole message; no IGMP message needs them.
        bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) != 0;
        if (header < IPv4HeaderBytes || total < header || packet.Length < total || isFragment || packet[9] != IgmpMessage.Protocol || !InternetChecksum.IsValid(packet[..header]))
        {
            return false;
        }

        var destination = new IPAddress(packet.Slice(16, 4));
        if (!MulticastGroups.IsGroup(destination) || !IgmpMessage.TryParse(packet[header..total], out MembershipMessage? message))
        {
            return false;
        }

        result = new MembershipPacket
        {
            Source = new IPAddress(packet.Slice(12, 4)),
            Destination = destination,
            Message = message,
            HasRouterAlert = packet[IPv4HeaderBytes..header].IndexOf(RouterAlertV4Type) == 0,
        };
        return true;
    }

    private static bool TryReadV6(ReadOnlySpan<byte> packet, [NotNullWhen(true)] out MembershipPacket? result)
    {
        result = null;
        if (packet.Length < IPv6HeaderBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        ReadOnlySpan<byte> source = packet.Slice(8, 16);
        ReadOnlySpan<byte> destination = packet.Slice(24, 16);
        bool isLinkLocal = source[0] == 0xfe && (source[1] & 0xc0) == 0x80;
        if (packet.Length < IPv6HeaderBytes + length || length < HopByHopBytes || packet[6] != HopByHop || packet[7] != 1 || !isLinkLocal || destination[0] != 0xff)
        {
            return false;
        }

        ReadOnlySpan<byte> options = packet.Slice(IPv6HeaderBytes, length);
        int optionBytes = (options[1] + 1) * 8;
        if (options[0] != MldMessage.Protocol || options.Length < optionBytes || !HasRouterAlertV6(options[2..optionBytes]))
        {
            return false;
        }

        ReadOnlySpan<byte> data = options[optionBytes..];
        if (InternetChecksum.ComputeIpv6(source, destination, MldMessage.Protocol, data) != 0 || !MldMessage.TryParse(data, out MembershipMessage? message))
        {
            return false;
        }

        result = new MembershipPacket { Source = new IPAddress(source), Destination = new IPAddress(destination), Message = message, HasRouterAlert = true };
        return true;
    }

    private static bool HasRouterAlertV6(ReadOnlySpan<byte> options)
    {
        while (options.Length > 0)
        {
            // Pad1 is the one option without a length.
            if (options[0] == 0)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options.Length < 2 + options[1])
            {
                return false;
            }

            if (options[0] == RouterAlertV6Type && options[1] == 2 && options[2] == 0 && options[3] == 0)
            {
                return true;
            }

            options = options[(2 + options[1])..];
        }

        return false;
    }

    private static byte[] WriteV4(MembershipMessage message, IPAddress source, IPAddress destination)
    {
        const int header = IPv4HeaderBytes + sizeof(uint);
        byte[] packet = new byte[header + IgmpMessage.Measure(message)];
        packet[0] = 0x40 | (header / 4);
        packet[1] = InternetworkControl;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 1;
        packet[9] = IgmpMessage.Protocol;
        GroupRecordCodec.WriteAddress(packet.AsSpan(12), source, 4);
        GroupRecordCodec.WriteAddress(packet.AsSpan(16), destination, 4);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(IPv4HeaderBytes), RouterAlertV4);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), InternetChecksum.Compute(packet.AsSpan(0, header)));
        IgmpMessage.Write(packet.AsSpan(header), message);
        return packet;
    }

    private static byte[] WriteV6(MembershipMessage message, IPAddress source, IPAddress destination)
    {
        int length = MldMessage.Measure(message);
        byte[] packet = new byte[IPv6HeaderBytes + HopByHopBytes + length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(HopByHopBytes + length));
        packet[6] = HopByHop;
        packet[7] = 1;
        GroupRecordCodec.WriteAddress(packet.AsSpan(8), source, 16);
        GroupRecordCodec.WriteAddress(packet.AsSpan(24), destination, 16);
        Span<byte> options = packet.AsSpan(IPv6HeaderBytes, HopByHopBytes);
        ReadOnlySpan<byte> routerAlert = [MldMessage.Protocol, 0, RouterAlertV6Type, 2, 0, 0, 1, 0];
        routerAlert.CopyTo(options);
        Span<byte> data = packet.AsSpan(IPv6HeaderBytes + HopByHopBytes);
        MldMessage.Write(data, message);
        ushort checksum = InternetChecksum.ComputeIpv6(packet.AsSpan(8, 16), packet.AsSpan(24, 16), MldMessage.Protocol, data);
        BinaryPrimitives.WriteUInt16BigEndian(data[2..], checksum);
        return packet;
    }
}
