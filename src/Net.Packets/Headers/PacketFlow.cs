using System.Buffers.Binary;

namespace Net.Packets;

/// <summary>What makes packets belong together: addresses, ports and protocol. IPv4 addresses fill the low 32 bits.</summary>
/// <param name="Source">Source address as a number.</param>
/// <param name="Destination">Destination address as a number.</param>
/// <param name="SourcePort">Source port; 0 when there is none.</param>
/// <param name="DestinationPort">Destination port; 0 when there is none.</param>
/// <param name="Protocol">Protocol number.</param>
/// <param name="IpVersion">4 or 6; 0 when the packet was no IP.</param>
public readonly record struct PacketFlow(UInt128 Source, UInt128 Destination, ushort SourcePort, ushort DestinationPort, byte Protocol, byte IpVersion)
{
    /// <summary>Reads the flow of a packet.</summary>
    /// <param name="ip">The packet.</param>
    /// <returns>Its flow.</returns>
    public static PacketFlow Of(in IpPacket ip) => ip.Version == 4
        ? new PacketFlow(
            BinaryPrimitives.ReadUInt32BigEndian(ip.Source), BinaryPrimitives.ReadUInt32BigEndian(ip.Destination), ip.SourcePort, ip.DestinationPort, ip.Protocol, 4)
        : new PacketFlow(
            BinaryPrimitives.ReadUInt128BigEndian(ip.Source), BinaryPrimitives.ReadUInt128BigEndian(ip.Destination), ip.SourcePort, ip.DestinationPort, ip.Protocol, 6);

    /// <summary>A hash to spread flows over queues; not for tables that strangers can fill.</summary>
    /// <param name="seed">A random number of the process, so that collisions cannot be prepared.</param>
    /// <returns>The hash.</returns>
    public uint Hash(ulong seed)
    {
        // Multiply and fold, 64 bits at a time, as wyhash does; constants are odd numbers with mixed bits.
        ulong low = (ulong)Source ^ seed;
        ulong high = (ulong)(Source >> 64) ^ (ulong)(Destination >> 64);
        ulong tail = ((ulong)SourcePort << 48) | ((ulong)DestinationPort << 32) | ((ulong)Protocol << 8) | IpVersion;
        ulong mixed = Mix(low ^ 0xa0761d6478bd642f, (ulong)Destination ^ 0xe7037ed1a0b428db);
        mixed = Mix(mixed ^ tail, high ^ 0x8ebc6af09c88c6e3);
        return (uint)(mixed ^ (mixed >> 32));
    }

    private static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
