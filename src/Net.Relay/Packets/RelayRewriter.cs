using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Net.Packets;

namespace Net.Relay;

/// <summary>Makes the frame an output sends of the frame that came in, in place. Everything is taken from the view and the target and nothing from what an earlier rewrite left, so
/// one frame can be rewritten for one output after another. Checksums are corrected by what changed (RFC 1624), at a cost that does not depend on the length.</summary>
public static class RelayRewriter
{
    private const int EtherTypeOffset = 12;
    private const ushort EtherTypeIPv4 = 0x0800;
    private const ushort EtherTypeIPv6 = 0x86DD;
    private const int EcnMask = 0x03;
    private const int UdpChecksumOffset = 6;

    /// <summary>Writes all headers of a frame for an output. Nothing is written when it returns false.</summary>
    /// <param name="buffer">The buffer the view was read from.</param>
    /// <param name="packet">What the parser found; its checksum must be complete, see <see cref="CompleteChecksum"/>.</param>
    /// <param name="rewrite">The output.</param>
    /// <param name="frame">The part of the buffer to send, when it returns true.</param>
    /// <param name="reason">Why the packet cannot leave by this output, when it returns false.</param>
    public static bool TryRewrite(Span<byte> buffer, in PacketView packet, TargetRewrite rewrite, out RelayFrame frame, out RelayDrop reason)
    {
        ArgumentNullException.ThrowIfNull(rewrite);
        RelayTarget target = rewrite.Target;
        RelayAddress destination = rewrite.HasDestination ? rewrite.Destination : packet.Destination;
        if (!TryAdmit(packet, rewrite, destination, out byte ttl, out reason))
        {
            frame = default;
            return false;
        }

        int offset = packet.NetworkOffset;
        if (rewrite.HasEthernet)
        {
            offset -= RelayParser.EthernetBytes;
            WriteLink(buffer[offset..], rewrite, destination, packet.IsIPv6);
        }

        Span<byte> ip = buffer[packet.NetworkOffset..packet.EndOffset];
        RelayAddress source = rewrite.HasSource ? rewrite.Source : packet.Source;
        byte trafficClass = target.Dscp is byte dscp ? (byte)((dscp << 2) | (packet.TrafficClass & EcnMask)) : packet.TrafficClass;
        ulong changed = packet.IsIPv6
            ? WriteIPv6(ip, source, destination, ttl, trafficClass)
            : WriteIPv4(ip, source, destination, ttl, trafficClass);
        if (packet.Protocol == RelayProtocol.Udp)
        {
            ushort sourcePort = target.SourcePort != 0 ? target.SourcePort : packet.SourcePort;
            ushort port = target.Port != 0 ? target.Port : packet.DestinationPort;
            WriteUdp(ip[(packet.TransportOffset - packet.NetworkOffset)..], sourcePort, port, changed);
        }

        frame = new RelayFrame(offset, packet.EndOffset - offset, packet.NetworkOffset, packet.PacketBytes > target.MtuBytes);
        return true;
    }

    /// <summary>Writes the UDP checksum of a frame that came without, as frames of local senders do (TP_STATUS_CSUMNOTREADY of linux/if_packet.h): its field has a part of the sum
    /// only. Once per frame, before any rewrite.</summary>
    /// <param name="buffer">The buffer the view was read from.</param>
    /// <param name="packet">What the parser found.</param>
    public static void CompleteChecksum(Span<byte> buffer, in PacketView packet)
    {
        if (packet.Protocol != RelayProtocol.Udp)
        {
            return;
        }

        Span<byte> udp = buffer.Slice(packet.TransportOffset, packet.PayloadBytes + RelayParser.UdpBytes);
        udp.Slice(UdpChecksumOffset, sizeof(ushort)).Clear();
        ulong pseudo = PacketChecksum.PseudoHeader(AddressesOf(buffer[packet.NetworkOffset..], packet.IsIPv6), (byte)RelayProtocol.Udp, udp.Length);
        PacketChecksum.WriteNonZero(udp[UdpChecksumOffset..], PacketChecksum.Sum(udp, pseudo));
    }

    /// <summary>Makes the headers of a rewritten frame stand for a run of datagrams that the kernel or device cuts (VIRTIO_NET_HDR_GSO_UDP_L4), or for one whose checksum it
    /// computes: lengths for all payloads together, and in the checksum's field the sum of the pseudo header (virtio 1.2, 5.1.6.2, VIRTIO_NET_HDR_F_NEEDS_CSUM).</summary>
    /// <param name="headers">The headers from the IP header on; nothing behind the UDP header is touched.</param>
    /// <param name="packet">What the parser found of the first datagram.</param>
    /// <param name="payloadBytes">All payloads together, below 64 KB with the headers.</param>
    public static void WriteOffload(Span<byte> headers, in PacketView packet, int payloadBytes)
    {
        int udpBytes = payloadBytes + RelayParser.UdpBytes;
        int headerBytes = packet.TransportOffset - packet.NetworkOffset;
        if (packet.IsIPv6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(headers[4..], checked((ushort)(headerBytes - 40 + udpBytes)));
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(headers[2..], checked((ushort)(headerBytes + udpBytes)));
            headers.Slice(10, sizeof(ushort)).Clear();
            PacketChecksum.Write(headers[10..], PacketChecksum.Sum(headers[..headerBytes]));
        }

        Span<byte> udp = headers[headerBytes..];
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udpBytes);
        ushort pseudo = PacketChecksum.Fold(PacketChecksum.PseudoHeader(AddressesOf(headers, packet.IsIPv6), (byte)RelayProtocol.Udp, udpBytes));
        MemoryMarshal.Write(udp[UdpChecksumOffset..], pseudo);
    }

    /// <summary>Whether the datagram has no UDP checksum, as IPv4 allows (RFC 768): it keeps none.</summary>
    /// <param name="buffer">The buffer the view was read from.</param>
    /// <param name="packet">What the parser found.</param>
    public static bool HasNoChecksum(ReadOnlySpan<byte> buffer, in PacketView packet) =>
        packet.Protocol == RelayProtocol.Udp && BinaryPrimitives.ReadUInt16BigEndian(buffer[(packet.TransportOffset + UdpChecksumOffset)..]) == 0;

    private static bool TryAdmit(in PacketView packet, TargetRewrite rewrite, RelayAddress destination, out byte ttl, out RelayDrop reason)
    {
        RelayTarget target = rewrite.Target;
        ttl = target.Ttl ?? (byte)(packet.Ttl - 1);
        if (target.IsPaused)
        {
            reason = RelayDrop.Paused;
            return false;
        }

        if (target.Ttl is null ? packet.Ttl <= 1 : ttl == 0)
        {
            reason = RelayDrop.Ttl;
            return false;
        }

        if ((packet.IsIPv6 ? rewrite.IsIPv4Only : rewrite.IsIPv6Only) || (rewrite.HasEthernet && packet.NetworkOffset < RelayParser.EthernetBytes))
        {
            reason = RelayDrop.NoOutput;
            return false;
        }

        if (packet.PacketBytes > target.MtuBytes && target.Oversize == OversizeAction.Drop)
        {
            reason = RelayDrop.TooBig;
            return false;
        }

        reason = RelayDrop.NoNeighbor;
        return !rewrite.HasEthernet || rewrite.IsLinkKnown || destination.IsMulticast;
    }

    private static void WriteLink(Span<byte> frame, TargetRewrite rewrite, RelayAddress destination, bool isIPv6)
    {
        rewrite.Link.CopyTo(frame);
        if (!rewrite.IsLinkKnown)
        {
            TargetRewrite.WriteGroupMac(destination, frame);
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame[EtherTypeOffset..], isIPv6 ? EtherTypeIPv6 : EtherTypeIPv4);
    }

    // Both give what a checksum over the addresses has to be corrected by. Sums may be taken 32 bits at a time and in the machine's byte order (RFC 1071 section 2).
    private static ulong WriteIPv4(Span<byte> ip, RelayAddress source, RelayAddress destination, byte ttl, byte trafficClass)
    {
        ref IPv4Header header = ref MemoryMarshal.AsRef<IPv4Header>(ip);
        uint newSource = WireOrder(source.LastWord);
        uint newDestination = WireOrder(destination.LastWord);
        ulong changed = (ulong)~header.Source + newSource + ~header.Destination + newDestination;
        header.Source = newSource;
        header.Destination = newDestination;
        ulong sum = changed + (ushort)~header.First + (ushort)~header.TtlAndProtocol;
        ip[1] = trafficClass;
        ip[8] = ttl;
        header.Checksum = Correct(header.Checksum, sum + header.First + header.TtlAndProtocol);
        return changed;
    }

    private static ulong WriteIPv6(Span<byte> ip, RelayAddress source, RelayAddress destination, byte ttl, byte trafficClass)
    {
        ref IPv6Header header = ref MemoryMarshal.AsRef<IPv6Header>(ip);
        ushort first = BinaryPrimitives.ReadUInt16BigEndian(ip);
        BinaryPrimitives.WriteUInt16BigEndian(ip, (ushort)((first & 0xF00F) | (trafficClass << 4)));
        ip[7] = ttl;
        return Exchange(ref header.SourceHigh, source.High) + Exchange(ref header.SourceLow, source.Low)
            + Exchange(ref header.DestinationHigh, destination.High) + Exchange(ref header.DestinationLow, destination.Low);
    }

    private static void WriteUdp(Span<byte> udp, ushort sourcePort, ushort port, ulong changed)
    {
        ref UdpHeader header = ref MemoryMarshal.AsRef<UdpHeader>(udp);
        uint ports = WireOrder(((uint)sourcePort << 16) | port);
        changed += (ulong)~header.Ports + ports;
        header.Ports = ports;
        if (header.Checksum != 0)
        {
            ushort checksum = Correct(header.Checksum, changed);
            header.Checksum = checksum == 0 ? ushort.MaxValue : checksum;
        }
    }

    private static ulong Exchange(ref ulong field, ulong value)
    {
        ulong before = ~field;
        ulong after = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
        field = after;
        return (uint)before + (before >> 32) + (uint)after + (after >> 32);
    }

    private static uint WireOrder(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    // RFC 1624, equation 3.
    private static ushort Correct(ushort checksum, ulong changed) => (ushort)~PacketChecksum.Fold(changed + (ushort)~checksum);

    private static ReadOnlySpan<byte> AddressesOf(ReadOnlySpan<byte> ip, bool isIPv6) => isIPv6 ? ip.Slice(8, 32) : ip.Slice(12, 8);

    // The headers as they lie in a packet, numbers in network order (RFC 791 section 3.1, RFC 8200 section 3, RFC 768): one check of the length instead of one per field.
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct IPv4Header
    {
        public ushort First;
        public ushort TotalLength;
        public uint Fragmentation;
        public ushort TtlAndProtocol;
        public ushort Checksum;
        public uint Source;
        public uint Destination;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct IPv6Header
    {
        public ulong First;
        public ulong SourceHigh;
        public ulong SourceLow;
        public ulong DestinationHigh;
        public ulong DestinationLow;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct UdpHeader
    {
        public uint Ports;
        public ushort Length;
        public ushort Checksum;
    }
}
