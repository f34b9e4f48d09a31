using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Net.Packets;

/// <summary>Walks the packets of one read from a TUN device, which brings a virtio_net_hdr (virtio 1.2 section 5.1.6, linux/virtio_net.h) and up to 64 KB of one
/// flow still to be segmented: TCP over IPv4 or IPv6, or UDP. The header of each packet is written in front of its data, over data that was walked past:
/// packets are whole and valid, nothing is copied but headers, and the buffer is used up by it. It keeps the buffer; nothing is allocated.</summary>
public ref struct PacketSegmenter
{
    /// <summary>Size of the virtio_net_hdr without the number of buffers.</summary>
    public const int HeaderBytes = 10;

    /// <summary>Size of a buffer that holds the longest read: the header and 65,536 bytes.</summary>
    public const int BufferBytes = HeaderBytes + 65_536;

    internal const byte NeedsChecksum = 1;
    internal const byte GsoNone = 0;
    internal const byte GsoTcpV4 = 1;
    internal const byte GsoTcpV6 = 4;
    internal const byte GsoUdp = 5;
    internal const byte GsoEcn = 0x80;

    private const byte Fin = 0x01;
    private const byte Psh = 0x08;
    private const byte Cwr = 0x80;

    private Span<byte> _packet;
    private Span<byte> _current;
    private Template _template;
    private int _networkBytes;
    private int _headBytes;
    private int _payloadBytes;
    private int _position;
    private int _index;
    private ulong _networkSum;
    private ulong _transportSum;
    private uint _sequence;
    private ushort _identification;
    private byte _tcpFlags;
    private bool _isTcp;
    private bool _isIPv6;

    /// <summary>Whether there is a packet to look at.</summary>
    public readonly bool IsActive => !_current.IsEmpty;

    /// <summary>Size of every packet of this read but the last, which may be shorter.</summary>
    public int SegmentBytes { readonly get; private set; }

    /// <summary>How many packets this read holds.</summary>
    public int Count { readonly get; private set; }

    /// <summary>The flow of all packets of this read; empty when they are no IP.</summary>
    public readonly PacketFlow Flow => IpPacket.TryParse(_current, out IpPacket ip) ? PacketFlow.Of(ip) : default;

    /// <summary>Takes a read.</summary>
    /// <param name="buffer">The header and the packet. It is changed, and stays with this object until the last packet was walked past.</param>
    /// <returns>False when it makes no sense; then there is nothing to look at.</returns>
    public bool Begin(Span<byte> buffer)
    {
        _current = default;
        if (buffer.Length < HeaderBytes + 20)
        {
            return false;
        }

        _packet = buffer[HeaderBytes..];
        byte kind = (byte)(buffer[1] & ~GsoEcn);
        bool needsChecksum = (buffer[0] & NeedsChecksum) != 0;
        int payloadBytes = MemoryMarshal.Read<ushort>(buffer[4..]);
        int checksumStart = MemoryMarshal.Read<ushort>(buffer[6..]);
        int checksumOffset = MemoryMarshal.Read<ushort>(buffer[8..]);
        if (kind == GsoNone)
        {
            return BeginSingle(needsChecksum, checksumStart, checksumOffset);
        }

        return needsChecksum && payloadBytes > 0 && BeginMany(kind, payloadBytes, checksumStart, checksumOffset);
    }

    /// <summary>Looks at the packet whose turn it is, as one piece.</summary>
    /// <param name="packet">The packet, valid until <see cref="Advance"/>.</param>
    /// <returns>False when there is none left.</returns>
    public readonly bool TryPeek(out ReadOnlySpan<byte> packet)
    {
        packet = _current;
        return !packet.IsEmpty;
    }

    /// <summary>Looks at the packet whose turn it is, in two pieces that lie behind each other.</summary>
    /// <param name="head">IP and transport header; the whole packet when nothing had to be segmented.</param>
    /// <param name="body">The data behind.</param>
    /// <returns>False when there is none left.</returns>
    public readonly bool TryPeek(out ReadOnlySpan<byte> head, out ReadOnlySpan<byte> body)
    {
        int headBytes = Math.Min(_headBytes, _current.Length);
        head = _current[..headBytes];
        body = _current[headBytes..];
        return !_current.IsEmpty;
    }

    /// <summary>Walks past the packet whose turn it was.</summary>
    public void Advance()
    {
        if (_payloadBytes == 0 || _position >= _packet.Length)
        {
            _current = default;
            return;
        }

        Prepare();
    }

    private bool BeginSingle(bool needsChecksum, int checksumStart, int checksumOffset)
    {
        if (needsChecksum)
        {
            if (checksumStart + checksumOffset + 2 > _packet.Length)
            {
                return false;
            }

            // The field holds the sum of the pseudo header, so it is counted like everything else.
            Span<byte> covered = _packet[checksumStart..];
            ulong sum = PacketChecksum.Sum(covered);
            PacketChecksum.WriteNonZero(covered[checksumOffset..], sum);
        }

        _headBytes = _packet.Length;
        _payloadBytes = 0;
        _current = _packet;
        SegmentBytes = _packet.Length;
        Count = 1;
        return true;
    }

    private bool BeginMany(byte kind, int payloadBytes, int networkBytes, int checksumOffset)
    {
        Span<byte> packet = _packet;
        _isIPv6 = packet[0] >> 4 == 6;
        _isTcp = kind is GsoTcpV4 or GsoTcpV6;
        bool isKnown = kind switch
        {
            GsoTcpV4 => packet[0] >> 4 == 4,
            GsoTcpV6 => _isIPv6,
            GsoUdp => _isIPv6 || packet[0] >> 4 == 4,
            _ => false,
        };
        bool isNetworkRight = _isIPv6 ? networkBytes >= 40 : networkBytes >= 20 && networkBytes == (packet[0] & 0xf) * 4;
        if (!isKnown || !isNetworkRight || checksumOffset != (_isTcp ? 16 : 6) || packet.Length < networkBytes + (_isTcp ? 20 : 8))
        {
            return false;
        }

        // The header length of the virtio_net_hdr is only a hint (the kernel puts there what lies in its first page): TCP says how long it is.
        int transportBytes = _isTcp ? (packet[networkBytes + 12] >> 4) * 4 : 8;
        int headBytes = networkBytes + transportBytes;
        if (transportBytes < (_isTcp ? 20 : 8) || headBytes >= packet.Length || headBytes > Template.Bytes)
        {
            return false;
        }

        _networkBytes = networkBytes;
        _headBytes = headBytes;
        _payloadBytes = payloadBytes;
        _position = headBytes;
        _index = 0;
        SegmentBytes = headBytes + payloadBytes;
        Count = (packet.Length - headBytes + payloadBytes - 1) / payloadBytes;
        TakeTemplate(packet[..headBytes]);
        Prepare();
        return true;
    }

    // The header with everything zero that differs from packet to packet, and the sums over that.
    private void TakeTemplate(ReadOnlySpan<byte> head)
    {
        scoped Span<byte> template = _template;
        template = template[..head.Length];
        head.CopyTo(template);
        byte protocol = _isTcp ? IpPacket.Tcp : IpPacket.Udp;
        scoped ReadOnlySpan<byte> addresses;
        if (_isIPv6)
        {
            addresses = template.Slice(8, 32);
        }
        else
        {
            _identification = BinaryPrimitives.ReadUInt16BigEndian(template[4..]);
            template.Slice(2, 4).Clear();
            template.Slice(10, 2).Clear();
            _networkSum = PacketChecksum.Sum(template[.._networkBytes]);
            addresses = template.Slice(12, 8);
        }

        scoped Span<byte> transport = template[_networkBytes..];
        if (_isTcp)
        {
            _sequence = BinaryPrimitives.ReadUInt32BigEndian(transport[4..]);
            _tcpFlags = transport[13];
            transport.Slice(4, 4).Clear();
            transport[13] = 0;
            transport.Slice(16, 2).Clear();
        }
        else
        {
            transport.Slice(4, 4).Clear();
        }

        _transportSum = PacketChecksum.Sum(addresses, PacketChecksum.Sum(transport, PacketChecksum.Word(protocol)));
    }

    // Puts the header in front of the data at the position, and moves the position behind it.
    private void Prepare()
    {
        int payload = Math.Min(_payloadBytes, _packet.Length - _position);
        Span<byte> segment = _packet.Slice(_position - _headBytes, _headBytes + payload);
        bool isLast = _position + payload == _packet.Length;
        ulong sum = PacketChecksum.Sum(segment[_headBytes..], _transportSum);
        Span<byte> head = segment[.._headBytes];
        ReadOnlySpan<byte> template = _template;
        template[..head.Length].CopyTo(head);
        if (_isIPv6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(head[4..], (ushort)(segment.Length - 40));
        }
        else
        {
            ushort identification = (ushort)(_identification + _index);
            BinaryPrimitives.WriteUInt32BigEndian(head[2..], ((uint)segment.Length << 16) | identification);
            PacketChecksum.Write(head[10..], _networkSum + PacketChecksum.Word(segment.Length) + PacketChecksum.Word(identification));
        }

        Span<byte> transport = head[_networkBytes..];
        int transportBytes = segment.Length - _networkBytes;
        sum += PacketChecksum.Word(transportBytes);
        if (_isTcp)
        {
            uint sequence = _sequence + (uint)(_position - _headBytes);
            BinaryPrimitives.WriteUInt32BigEndian(transport[4..], sequence);
            byte flags = FlagsFor(isLast);
            transport[13] = flags;
            sum += PacketChecksum.Word((int)(sequence >> 16)) + PacketChecksum.Word((int)sequence) + PacketChecksum.Word(flags);
            PacketChecksum.Write(transport[16..], sum);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transportBytes);
            PacketChecksum.WriteNonZero(transport[6..], sum + PacketChecksum.Word(transportBytes));
        }

        _position += payload;
        _index++;
        _current = segment;
    }

    // PSH and FIN belong to the end of the data; CWR is said once (RFC 3168 section 6.1.2).
    private readonly byte FlagsFor(bool isLast)
    {
        int flags = _tcpFlags;
        if (!isLast)
        {
            flags &= ~(Fin | Psh);
        }

        if (_index > 0)
        {
            flags &= ~Cwr;
        }

        return (byte)flags;
    }

    // IPv4 with options and TCP with options are 120 bytes; the rest is for IPv6 extension headers.
    [InlineArray(Bytes)]
    private struct Template
    {
        public const int Bytes = 192;
        private byte _first;
    }
}
