using System.Buffers.Binary;

namespace Net.Overlay.Queues;

/// <summary>The ECN bits of an IP header (RFC 3168, 5): a sender that sets ECT is told of congestion by a mark instead of a loss.</summary>
public static class EcnField
{
    private const byte CongestionExperienced = 3;

    /// <summary>Marks a packet, if its sender understands marks.</summary>
    /// <param name="packet">The packet from its IP header on; an IPv4 header's checksum is kept right (RFC 1624).</param>
    /// <returns>False when the sender does not, and nothing was changed.</returns>
    public static bool TryMark(Span<byte> packet)
    {
        if (packet.Length < 20)
        {
            return false;
        }

        if (packet[0] >> 4 == 4)
        {
            if ((packet[1] & CongestionExperienced) == 0)
            {
                return false;
            }

            ushort before = BinaryPrimitives.ReadUInt16BigEndian(packet);
            packet[1] |= CongestionExperienced;
            ushort after = BinaryPrimitives.ReadUInt16BigEndian(packet);

            // RFC 1624, equation 3: HC' = ~(~HC + ~m + m').
            uint sum = (uint)(ushort)~BinaryPrimitives.ReadUInt16BigEndian(packet[10..]) + (ushort)~before + after;
            sum = (sum & 0xffff) + (sum >> 16);
            sum = (sum & 0xffff) + (sum >> 16);
            BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~sum);
            return true;
        }

        // The traffic class stands across the first two bytes of an IPv6 header; ECN is its lower two bits, 4 and 5 of the second byte.
        if (packet[0] >> 4 != 6 || (packet[1] & (CongestionExperienced << 4)) == 0)
        {
            return false;
        }

        packet[1] |= CongestionExperienced << 4;
        return true;
    }
}
