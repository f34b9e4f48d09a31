using System.Buffers.Binary;
using Net.Contracts;
using Net.Relay;
using Net.Workers.Relay;

namespace Net.Engine.Relay.Api;

/// <summary>Puts together what a trace tells: one record where a packet came in, one for each output it left by or was dropped at. Used by one thread at a time.</summary>
/// <param name="rule">The rule's name.</param>
/// <param name="hasFrames">Whether data are whole frames; otherwise they are payloads (socket engine).</param>
/// <param name="nameOf">Gives names of interfaces.</param>
/// <param name="timeOf">Gives the wall-clock time of the monotonic clock.</param>
/// <param name="snapLength">Bytes of each packet that are told.</param>
internal sealed class RelayTrace(string rule, bool hasFrames, Func<int, string> nameOf, Func<long, DateTimeOffset> timeOf, int snapLength)
{
    private const int EthernetBytes = 14;
    private const int TagBytes = 4;
    private const ushort VlanTag = 0x8100;
    private const ushort ServiceTag = 0x88a8;

    private long _number;

    /// <summary>Puts together the packets of one message: a worker tells of a packet and of all its outputs in the same one.</summary>
    /// <param name="records">The records, in the order they were made.</param>
    /// <returns>The packets, in the order they came in.</returns>
    public List<RelayTracedPacket> Take(ReadOnlySpan<TracedPacket> records)
    {
        var outputs = new Dictionary<int, List<int>>();
        var drops = new Dictionary<int, RelayDrop>();
        foreach (TracedPacket record in records)
        {
            if (record.Drop is { } drop)
            {
                drops.TryAdd(record.Number, drop);
            }
            else if (record.Output >= 0)
            {
                List<int> taken = outputs.TryGetValue(record.Number, out List<int>? known) ? known : outputs[record.Number] = [];
                if (!taken.Contains(record.Output))
                {
                    taken.Add(record.Output);
                }
            }
        }

        var packets = new List<RelayTracedPacket>();
        foreach (TracedPacket record in records)
        {
            if (record.Output < 0)
            {
                packets.Add(Describe(record, outputs.GetValueOrDefault(record.Number) ?? [], drops.TryGetValue(record.Number, out RelayDrop drop) ? drop : null));
            }
        }

        return packets;
    }

    private RelayTracedPacket Describe(TracedPacket input, List<int> outputs, RelayDrop? reason)
    {
        ReadOnlySpan<byte> packet = hasFrames ? WithoutLinkHeader(input.Data) : input.Data;
        (int ttl, int dscp, int length) = hasFrames ? HeaderOf(packet) : (0, 0, input.Length);

        // The headers of packets that came joined in one frame tell the length of all of them.
        length = Math.Min(length, input.Length - (input.Data.Length - packet.Length));
        return new RelayTracedPacket
        {
            Rule = rule,
            Number = ++_number,
            Time = timeOf(input.TimeNanoseconds),
            InterfaceAlias = nameOf(input.InterfaceIndex),
            Source = input.Source,
            Destination = input.Destination,
            Ttl = ttl,
            Dscp = dscp,
            LengthBytes = length,
            Outputs = [.. outputs.Order()],
            Drop = reason is { } drop ? (RelayDropReason)(int)drop : null,
            Data = Convert.ToBase64String(packet[..Math.Min(packet.Length, snapLength)]),
        };
    }

    private static ReadOnlySpan<byte> WithoutLinkHeader(ReadOnlySpan<byte> frame)
    {
        // A tunnel's frames begin with the IP header; an Ethernet frame has the type of one behind its addresses.
        if (frame.Length < EthernetBytes || (frame[0] >> 4 is 4 or 6 && !IsType(BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))))
        {
            return frame;
        }

        int offset = 12;
        while (offset + TagBytes + 2 <= frame.Length && BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]) is VlanTag or ServiceTag)
        {
            offset += TagBytes;
        }

        return frame[Math.Min(frame.Length, offset + 2)..];
    }

    private static bool IsType(ushort type) => type is 0x0800 or 0x86dd or VlanTag or ServiceTag;

    private static (int Ttl, int Dscp, int Length) HeaderOf(ReadOnlySpan<byte> packet)
    {
        const int ipv4Bytes = 20;
        const int ipv6Bytes = 40;
        return packet.Length >= ipv4Bytes && packet[0] >> 4 == 4 ? (packet[8], packet[1] >> 2, BinaryPrimitives.ReadUInt16BigEndian(packet[2..]))
            : packet.Length >= 8 && packet[0] >> 4 == 6 ? (packet[7], (BinaryPrimitives.ReadUInt16BigEndian(packet) >> 6) & 0x3f, BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) + ipv6Bytes)
            : (0, 0, packet.Length);
    }
}
