using System.Runtime.InteropServices;

namespace Net.Packets;

/// <summary>The time to live of a packet that is forwarded (RFC 1812 section 5.3.1, RFC 8200 section 3).</summary>
public static class IpTtl
{
    /// <summary>Takes one from the time to live or hop limit, and corrects the header checksum of IPv4.</summary>
    /// <param name="packet">The packet, changed in place.</param>
    /// <returns>False when it is spent (the packet stays as it was, and time exceeded is answered), or this is no IP.</returns>
    public static bool Decrement(Span<byte> packet)
    {
        if (packet.Length < 20)
        {
            return false;
        }

        int version = packet[0] >> 4;
        if (version == 4)
        {
            if (packet[8] <= 1)
            {
                return false;
            }

            ushort before = MemoryMarshal.Read<ushort>(packet[8..]);
            packet[8]--;
            PacketChecksum.Adjust(packet[10..], before, MemoryMarshal.Read<ushort>(packet[8..]));
            return true;
        }

        if (version != 6 || packet.Length < 40 || packet[7] <= 1)
        {
            return false;
        }

        packet[7]--;
        return true;
    }
}
