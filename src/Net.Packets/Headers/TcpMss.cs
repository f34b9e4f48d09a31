using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Net.Packets;

/// <summary>The maximum segment size TCP announces when it connects (RFC 9293 section 3.7.1): lowered where a tunnel is narrower than the ends know.</summary>
public static class TcpMss
{
    private const byte Syn = 0x02;
    private const byte EndOfOptions = 0;
    private const byte NoOperation = 1;
    private const byte MaximumSegmentSize = 2;

    /// <summary>Lowers the announced size in a SYN, and corrects its checksum. A smaller size stays, and a SYN without one is not given any.</summary>
    /// <param name="packet">The packet, changed in place.</param>
    /// <param name="mss">The largest size that fits, in bytes of data: the MTU less 40 for IPv4, less 60 for IPv6.</param>
    /// <returns>True when the packet was changed.</returns>
    public static bool Clamp(Span<byte> packet, int mss)
    {
        if (mss is < 1 or > ushort.MaxValue || !IpPacket.TryParse(packet, out IpPacket ip) || ip.Protocol != IpPacket.Tcp || ip.IsLaterFragment)
        {
            return false;
        }

        Span<byte> tcp = packet[ip.PayloadOffset..ip.Packet.Length];
        if (tcp.Length < 20 || (tcp[13] & Syn) == 0)
        {
            return false;
        }

        int headerBytes = (tcp[12] >> 4) * 4;
        if (headerBytes < 20 || headerBytes > tcp.Length)
        {
            return false;
        }

        for (int at = 20; at < headerBytes && tcp[at] != EndOfOptions;)
        {
            if (tcp[at] == NoOperation)
            {
                at++;
                continue;
            }

            if (at + 1 >= headerBytes || tcp[at + 1] < 2 || at + tcp[at + 1] > headerBytes)
            {
                return false;
            }

            if (tcp[at] == MaximumSegmentSize && tcp[at + 1] == 4)
            {
                return Lower(tcp, at + 2, (ushort)mss);
            }

            at += tcp[at + 1];
        }

        return false;
    }

    private static bool Lower(Span<byte> tcp, int at, ushort mss)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(tcp[at..]) <= mss)
        {
            return false;
        }

        // The option may begin at an odd offset: then the two words it touches are corrected, each as it was and as it is.
        int from = at & ~1;
        int words = (at & 1) == 0 ? 1 : 2;
        ushort first = MemoryMarshal.Read<ushort>(tcp[from..]);
        ushort second = words == 2 ? MemoryMarshal.Read<ushort>(tcp[(from + 2)..]) : (ushort)0;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[at..], mss);
        PacketChecksum.Adjust(tcp[16..], first, MemoryMarshal.Read<ushort>(tcp[from..]));
        if (words == 2)
        {
            PacketChecksum.Adjust(tcp[16..], second, MemoryMarshal.Read<ushort>(tcp[(from + 2)..]));
        }

        return true;
    }
}
