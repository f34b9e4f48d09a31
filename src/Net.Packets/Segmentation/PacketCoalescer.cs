using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Net.Packets;

/// <summary>Joins packets that follow each other in their flow into one write of a virtio_net_hdr and up to 64 KB, the reverse of <see cref="PacketSegmenter"/>:
/// what that makes of a write are the packets that were pushed. Joined are TCP segments that continue each other, and UDP datagrams of equal size, whose
/// headers otherwise agree (TOS, TTL, flow label, DF, acknowledgement, window, options) and whose checksums are right, as a joined packet gets new ones.
/// Everything else (fragments, IP options, extension headers, SYN, FIN, RST, URG, CWR, damaged) passes as it is. Order is kept inside a flow. One thread.</summary>
public sealed class PacketCoalescer
{
    private const int MaxSlots = 8;

    // Kernels take 64 datagrams in one UDP packet to be segmented (UDP_MAX_SEGMENTS of linux/udp.h before 6.9; 128 since).
    private const int MaxDatagrams = 64;
    private const int MaxPacketBytes = 65_535;
    private const byte Psh = 0x08;
    private const byte Ack = 0x10;

    // Of the word at offset 12 of a TCP header (data offset, flags, window): SYN, FIN, RST, URG and CWR must be clear.
    private const byte Unjoinable = 0x80 | 0x20 | 0x04 | 0x02 | 0x01;

    private readonly ITunnelWriter _writer;
    private readonly bool _tso;
    private readonly bool _uso;
    private readonly Slot[] _slots = new Slot[MaxSlots];
    private readonly byte[] _single = GC.AllocateArray<byte>(PacketSegmenter.BufferBytes, pinned: true);
    private int _used;

    /// <summary>Makes one.</summary>
    /// <param name="writer">Where packets go.</param>
    /// <param name="tso">Whether it takes joined TCP segments.</param>
    /// <param name="uso">Whether it takes joined UDP datagrams (Linux 6.2).</param>
    public PacketCoalescer(ITunnelWriter writer, bool tso, bool uso)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _tso = tso;
        _uso = uso;
        for (int i = 0; i < MaxSlots; i++)
        {
            _slots[i] = new Slot();
        }
    }

    /// <summary>Packets pushed.</summary>
    public long Packets { get; private set; }

    /// <summary>Writes made for them.</summary>
    public long Writes { get; private set; }

    /// <summary>Takes a packet. It is written now or at the next <see cref="Flush"/>.</summary>
    /// <param name="packet">The packet, 65,535 bytes at most, used only during the call.</param>
    public void Push(ReadOnlySpan<byte> packet)
    {
        Packets++;
        if (packet.Length >= 28 && packet[0] == 0x45)
        {
            // Neither a fragment nor the reserved bit, and as long as it says.
            byte protocol = packet[9];
            if ((BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0xbfff) == 0 && BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) == packet.Length)
            {
                PushTransport(packet, 20, protocol);
                return;
            }
        }
        else if (packet.Length >= 48 && packet[0] >> 4 == 6 && BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) + 40 == packet.Length)
        {
            PushTransport(packet, 40, packet[6]);
            return;
        }

        // It may belong to a flow that waits here.
        Flush();
        WriteSingle(packet);
    }

    /// <summary>Writes everything that waits; after each batch of received packets.</summary>
    public void Flush()
    {
        int used = _used;
        _used = 0;
        for (int i = 0; i < used; i++)
        {
            WriteSlot(_slots[i]);
        }
    }

    private void PushTransport(ReadOnlySpan<byte> packet, int networkBytes, byte protocol)
    {
        if (protocol == IpPacket.Tcp && packet.Length >= networkBytes + 20)
        {
            if (_tso)
            {
                PushTcp(packet, networkBytes);
                return;
            }
        }
        else if (protocol == IpPacket.Udp)
        {
            if (_uso)
            {
                PushUdp(packet, networkBytes);
                return;
            }
        }
        else if (protocol is not (IpPacket.Icmp or IpPacket.IcmpV6))
        {
            // An extension header may hide a flow that waits here.
            Flush();
        }

        WriteSingle(packet);
    }

    private void PushTcp(ReadOnlySpan<byte> packet, int networkBytes)
    {
        ReadOnlySpan<byte> transport = packet[networkBytes..];
        byte flags = transport[13];
        int transportBytes = (transport[12] >> 4) * 4;
        int headBytes = networkBytes + transportBytes;
        int payload = packet.Length - headBytes;
        var key = new FlowKey(packet, networkBytes, IpPacket.Tcp);
        int index = Find(key);
        bool canJoin = payload > 0 && transportBytes >= 20 && (flags & Unjoinable) == 0 && (flags & Ack) != 0;
        if (index >= 0)
        {
            Slot slot = _slots[index];
            if (canJoin && slot.ContinuesTcp(packet, networkBytes, headBytes, payload) && TryAppend(slot, packet, networkBytes, headBytes, IpPacket.Tcp))
            {
                slot.IsClosed |= payload < slot.PayloadBytes;
                if ((flags & Psh) != 0)
                {
                    slot.IsClosed = true;
                    slot.Packet[networkBytes + 13] |= Psh;
                }

                return;
            }

            Release(index);
        }

        if (canJoin && TryOpen(key, packet, networkBytes, headBytes, IpPacket.Tcp))
        {
            _slots[_used - 1].IsClosed = (flags & Psh) != 0;
            return;
        }

        WriteSingle(packet);
    }

    private void PushUdp(ReadOnlySpan<byte> packet, int networkBytes)
    {
        ReadOnlySpan<byte> transport = packet[networkBytes..];
        int headBytes = networkBytes + 8;
        int payload = packet.Length - headBytes;
        var key = new FlowKey(packet, networkBytes, IpPacket.Udp);
        int index = Find(key);

        // A checksum of zero says that there is none (RFC 768); a joined packet would get one.
        bool canJoin = payload > 0 && BinaryPrimitives.ReadUInt16BigEndian(transport[4..]) == transport.Length && MemoryMarshal.Read<ushort>(transport[6..]) != 0;
        if (index >= 0)
        {
            Slot slot = _slots[index];
            if (canJoin && slot.Count < MaxDatagrams && slot.ContinuesNetwork(packet, networkBytes, headBytes, payload)
                && TryAppend(slot, packet, networkBytes, headBytes, IpPacket.Udp))
            {
                slot.IsClosed |= payload < slot.PayloadBytes;
                return;
            }

            Release(index);
        }

        if (!canJoin || !TryOpen(key, packet, networkBytes, headBytes, IpPacket.Udp))
        {
            WriteSingle(packet);
        }
    }

    private int Find(in FlowKey key)
    {
        Slot[] slots = _slots;
        for (int i = 0; i < _used && i < slots.Length; i++)
        {
            if (slots[i].Key.Equals(key))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool TryAppend(Slot slot, ReadOnlySpan<byte> packet, int networkBytes, int headBytes, byte protocol)
    {
        ReadOnlySpan<byte> payload = packet[headBytes..];
        if (!IsIntact(packet, networkBytes, headBytes, protocol, slot.Packet[slot.Length..]))
        {
            return false;
        }

        slot.Length += payload.Length;
        slot.Count++;
        slot.NextSequence += (uint)payload.Length;
        return true;
    }

    private bool TryOpen(in FlowKey key, ReadOnlySpan<byte> packet, int networkBytes, int headBytes, byte protocol)
    {
        if (_used == MaxSlots)
        {
            Flush();
        }

        Slot slot = _slots[_used];
        if (!IsIntact(packet, networkBytes, headBytes, protocol, slot.Packet[headBytes..]))
        {
            return false;
        }

        packet[..headBytes].CopyTo(slot.Packet);
        slot.Open(key, packet, networkBytes, headBytes);
        _used++;
        return true;
    }

    // Copies the data while it is summed. Addresses and transport header lie behind each other, so that one sum covers them.
    private static bool IsIntact(ReadOnlySpan<byte> packet, int networkBytes, int headBytes, byte protocol, Span<byte> copy)
    {
        ReadOnlySpan<byte> addressesAndHead = packet[(networkBytes == 20 ? 12 : 8)..headBytes];
        ulong sum = PacketChecksum.Word(protocol) + PacketChecksum.Word(packet.Length - networkBytes);
        sum = PacketChecksum.Sum(addressesAndHead, sum);
        sum = PacketChecksum.CopyAndSum(packet[headBytes..], copy, sum);
        return PacketChecksum.Fold(sum) == ushort.MaxValue && (networkBytes != 20 || PacketChecksum.Fold(PacketChecksum.Sum(packet[..20])) == ushort.MaxValue);
    }

    private void Release(int index)
    {
        Slot slot = _slots[index];
        _used--;
        _slots[index] = _slots[_used];
        _slots[_used] = slot;
        WriteSlot(slot);
    }

    private void WriteSlot(Slot slot)
    {
        Span<byte> header = slot.Buffer;
        header = header[..PacketSegmenter.HeaderBytes];
        header.Clear();
        if (slot.Count > 1)
        {
            slot.Complete(header);
        }

        Writes++;
        _writer.Write(slot.Buffer.AsSpan(0, PacketSegmenter.HeaderBytes + slot.Length));
    }

    private void WriteSingle(ReadOnlySpan<byte> packet)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, MaxPacketBytes, nameof(packet));

        // The header of this buffer is zero for ever.
        packet.CopyTo(_single.AsSpan(PacketSegmenter.HeaderBytes));
        Writes++;
        _writer.Write(_single.AsSpan(0, PacketSegmenter.HeaderBytes + packet.Length));
    }

    /// <summary>Addresses, ports, protocol and version of a packet, to compare in a few instructions.</summary>
    private readonly struct FlowKey
    {
        private readonly ulong _first;
        private readonly ulong _second;
        private readonly ulong _third;
        private readonly ulong _fourth;
        private readonly ulong _ports;

        public FlowKey(ReadOnlySpan<byte> packet, int networkBytes, byte protocol)
        {
            _ports = MemoryMarshal.Read<uint>(packet[networkBytes..]) | ((ulong)protocol << 32) | ((ulong)networkBytes << 40);
            if (networkBytes == 20)
            {
                _first = MemoryMarshal.Read<ulong>(packet[12..]);
            }
            else
            {
                ReadOnlySpan<byte> addresses = packet.Slice(8, 32);
                _first = MemoryMarshal.Read<ulong>(addresses);
                _second = MemoryMarshal.Read<ulong>(addresses[8..]);
                _third = MemoryMarshal.Read<ulong>(addresses[16..]);
                _fourth = MemoryMarshal.Read<ulong>(addresses[24..]);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Equals(in FlowKey other) =>
            _ports == other._ports && _first == other._first && _fourth == other._fourth && _second == other._second && _third == other._third;
    }

    /// <summary>A packet that grows: the header of the first, and the data of all.</summary>
    private sealed class Slot
    {
        public readonly byte[] Buffer = GC.AllocateUninitializedArray<byte>(PacketSegmenter.BufferBytes, pinned: true);
        public FlowKey Key;
        public int Length;
        public int Count;
        public int PayloadBytes;
        public uint NextSequence;
        public bool IsClosed;
        private int _networkBytes;
        private int _headBytes;

        public Span<byte> Packet => Buffer.AsSpan(PacketSegmenter.HeaderBytes);

        public void Open(in FlowKey key, ReadOnlySpan<byte> packet, int networkBytes, int headBytes)
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

        // Lengths of the whole, and in the transport's checksum the sum of the pseudo header, which the kernel completes per segment.
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
}
