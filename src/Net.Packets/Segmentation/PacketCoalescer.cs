using System.Buffers.Binary;
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
    private readonly CoalescerSlot[] _slots = new CoalescerSlot[MaxSlots];
    private readonly byte[] _single = GC.AllocateArray<byte>(PacketSegmenter.BufferBytes, pinned: true);
    private int _used;
    private int _next;

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
            _slots[i] = new CoalescerSlot();
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
        var key = new CoalescerKey(packet, networkBytes, IpPacket.Tcp);
        int index = Find(key);
        bool canJoin = payload > 0 && transportBytes >= 20 && (flags & Unjoinable) == 0 && (flags & Ack) != 0;
        if (index >= 0)
        {
            CoalescerSlot slot = _slots[index];
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
        var key = new CoalescerKey(packet, networkBytes, IpPacket.Udp);
        int index = Find(key);

        // A checksum of zero says that there is none (RFC 768); a joined packet would get one.
        bool canJoin = payload > 0 && BinaryPrimitives.ReadUInt16BigEndian(transport[4..]) == transport.Length && MemoryMarshal.Read<ushort>(transport[6..]) != 0;
        if (index >= 0)
        {
            CoalescerSlot slot = _slots[index];
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

    private int Find(in CoalescerKey key)
    {
        CoalescerSlot[] slots = _slots;
        for (int i = 0; i < _used && i < slots.Length; i++)
        {
            if (slots[i].Key.Equals(key))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool TryAppend(CoalescerSlot slot, ReadOnlySpan<byte> packet, int networkBytes, int headBytes, byte protocol)
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

    private bool TryOpen(in CoalescerKey key, ReadOnlySpan<byte> packet, int networkBytes, int headBytes, byte protocol)
    {
        if (_used == MaxSlots)
        {
            // One makes room, each in its turn: the others may still grow.
            Release(_next);
            _next = (_next + 1) % MaxSlots;
        }

        CoalescerSlot slot = _slots[_used];
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
        CoalescerSlot slot = _slots[index];
        _used--;
        _slots[index] = _slots[_used];
        _slots[_used] = slot;
        WriteSlot(slot);
    }

    private void WriteSlot(CoalescerSlot slot)
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
}
