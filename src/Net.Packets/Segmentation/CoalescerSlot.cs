using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Net.Packets;

/// <summary>A packet that grows: the header of the first, and the data of all.</summary>
internal sealed class CoalescerSlot
{
    private const int MaxPacketBytes = 65_535;
    private const byte Psh = 0x08;

    /// <summary>The virtio_net_hdr and the packet.</summary>
    public readonly byte[] Buffer = GC.AllocateUninitializedArray<byte>(PacketSegmenter.BufferBytes, pinned: true);

    /// <summary>The flow.</summary>
    public CoalescerKey Key;

    /// <summary>Size of the packet so far.</summary>
    public int Length;

    /// <summary>Packets joined.</summary>
    public int Count;

    /// <summary>Data of each packet but the last.</summary>
    public int PayloadBytes;

    /// <summary>Sequence number that continues it.</summary>
    public uint NextSequence;

    /// <summary>Whether nothing can follow: the last one was shorter, or pushed.</summary>
    public bool IsClosed;

    private int _networkBytes;
    private int _headBytes;

    /// <summary>The packet, with room behind it.</summary>
    public Span<byte> Packet => Buffer.AsSpan(PacketSegmenter.HeaderBytes);

    /// <summary>Begins with a packet whose data is already in place.</summary>
    /// <param name="key">Its flow.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="networkBytes">Size of its IP header.</param>
    /// <param name="headBytes">Size of both its headers.</param>
    public void Open(in CoalescerKey key, ReadOnlySpan<byte> packet, int networkBytes, int headBytes)
    {
        Key = key;
        Length = packet.Length;
        Count = 1;
        PayloadBytes = packet.Length - headBytes;
        NextSequence = BinaryPrimitives.ReadUInt32BigEndian(packet[(networkBytes + 4)..]) + (uint)PayloadBytes;
        IsClosed = false;
        _networkBytes = networkBytes;
        _headBytes = headBytes;
    }

    /// <summary>Whether a TCP segment follows with headers that agree.</summary>
    /// <param name="packet">The packet, of the same flow.</param>
    /// <param name="networkBytes">Size of its IP header.</param>
    /// <param name="headBytes">Size of both its headers.</param>
    /// <param name="payload">Size of its data.</param>
    /// <returns>True when it may be joined.</returns>
    public bool ContinuesTcp(ReadOnlySpan<byte> packet, int networkBytes, int headBytes, int payload)
    {
        if (!ContinuesNetwork(packet, networkBytes, headBytes, payload))
        {
            return false;
        }

        ReadOnlySpan<byte> mine = Packet[networkBytes..headBytes];
        ReadOnlySpan<byte> transport = packet[networkBytes..headBytes];
        uint pushMask = BitConverter.IsLittleEndian ? ~((uint)Psh << 8) : ~((uint)Psh << 16);
        return BinaryPrimitives.ReadUInt32BigEndian(transport[4..]) == NextSequence
            && MemoryMarshal.Read<uint>(mine[8..]) == MemoryMarshal.Read<uint>(transport[8..])
            && ((MemoryMarshal.Read<uint>(mine[12..]) ^ MemoryMarshal.Read<uint>(transport[12..])) & pushMask) == 0
            && mine[18..].SequenceEqual(transport[18..]);
    }

    /// <summary>Whether a packet fits, with an IP header that agrees.</summary>
    /// <param name="packet">The packet, of the same flow.</param>
    /// <param name="networkBytes">Size of its IP header.</param>
    /// <param name="headBytes">Size of both its headers.</param>
    /// <param name="payload">Size of its data.</param>
    /// <returns>True when it may be joined.</returns>
    public bool ContinuesNetwork(ReadOnlySpan<byte> packet, int networkBytes, int headBytes, int payload)
    {
        if (IsClosed || headBytes != _headBytes || payload > PayloadBytes || Length + payload > MaxPacketBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> mine = Packet[..20];
        ReadOnlySpan<byte> network = packet[..20];
        if (networkBytes == 40)
        {
            // Version, traffic class and flow label; hop limit.
            return MemoryMarshal.Read<uint>(mine) == MemoryMarshal.Read<uint>(network) && mine[7] == network[7];
        }

        // TOS, DF and TTL. The identification means something only where fragmenting is allowed (RFC 6864); there it must count up, as it will again.
        return mine[1] == network[1] && mine[6] == network[6] && mine[8] == network[8]
            && ((network[6] & 0x40) != 0
                || BinaryPrimitives.ReadUInt16BigEndian(network[4..]) == (ushort)(BinaryPrimitives.ReadUInt16BigEndian(mine[4..]) + Count));
    }

    /// <summary>Makes it a packet to be segmented: the lengths of the whole, and in the transport's checksum the sum of the pseudo header, which the
    /// kernel completes for each segment.</summary>
    /// <param name="header">The virtio_net_hdr, all zero.</param>
    public void Complete(Span<byte> header)
    {
        Span<byte> packet = Packet[..Length];
        Span<byte> transport = packet[_networkBytes..];
        bool isIPv6 = _networkBytes == 40;
        bool isUdp = packet[isIPv6 ? 6 : 9] == IpPacket.Udp;
        byte tcpKind = isIPv6 ? PacketSegmenter.GsoTcpV6 : PacketSegmenter.GsoTcpV4;
        header[0] = PacketSegmenter.NeedsChecksum;
        header[1] = isUdp ? PacketSegmenter.GsoUdp : tcpKind;
        MemoryMarshal.Write(header[2..], (ushort)_headBytes);
        MemoryMarshal.Write(header[4..], (ushort)PayloadBytes);
        MemoryMarshal.Write(header[6..], (ushort)_networkBytes);
        MemoryMarshal.Write(header[8..], (ushort)(isUdp ? 6 : 16));
        if (isIPv6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(Length - 40));
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)Length);
            packet.Slice(10, 2).Clear();
            PacketChecksum.Write(packet[10..], PacketChecksum.Sum(packet[..20]));
        }

        if (isUdp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
        }

        ReadOnlySpan<byte> addresses = isIPv6 ? packet.Slice(8, 32) : packet.Slice(12, 8);
        ulong sum = PacketChecksum.PseudoHeader(addresses, isUdp ? IpPacket.Udp : IpPacket.Tcp, transport.Length);
        MemoryMarshal.Write(transport[(isUdp ? 6 : 16)..], PacketChecksum.Fold(sum));
    }
}
