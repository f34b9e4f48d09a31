using System.Buffers.Binary;
using Net.Packets;

namespace Net.Relay;

/// <summary>Cuts a rewritten frame into fragments: RFC 791 section 3.2 for IPv4, RFC 8200 section 4.5 for IPv6. The relay stands for the sender here, as a rule has to ask for it: Don't
/// Fragment is cleared, and the identification is the caller's.</summary>
public ref struct RelayFragmenter
{
    private const int IPv4Bytes = 20;
    private const int IPv6Bytes = 40;
    private const int FragmentHeaderBytes = 8;
    private const byte FragmentHeader = 44;
    private const ushort MoreFragments = 0x2000;

    // Bit 7 of an option's type says that every fragment has it; 0 ends the list, 1 fills it (RFC 791 section 3.1).
    private const byte CopiedFlag = 0x80;
    private const byte OptionEnd = 0;
    private const byte OptionFiller = 1;

    private readonly ReadOnlySpan<byte> _link;
    private readonly ReadOnlySpan<byte> _ip;
    private readonly int _payloadOffset;
    private readonly int _mtu;
    private readonly uint _identification;
    private readonly bool _isIPv6;
    private readonly byte _protocol;
    private int _done;

    /// <summary>Begins with a frame whose UDP checksum is complete.</summary>
    /// <param name="buffer">The buffer the frame was rewritten in.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="packet">The view it was made from.</param>
    /// <param name="mtuBytes">The largest IP packet; 68 for IPv4 (RFC 791) and 1,280 for IPv6 (RFC 8200 section 5) are the least there are.</param>
    /// <param name="identification">A number that packets of these addresses do not have at the same time; IPv4 uses the lower 16 bits.</param>
    public RelayFragmenter(ReadOnlySpan<byte> buffer, in RelayFrame frame, in PacketView packet, int mtuBytes, uint identification)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mtuBytes, 68);
        _link = buffer[frame.Offset..frame.NetworkOffset];
        _ip = buffer.Slice(frame.NetworkOffset, packet.PacketBytes);
        _payloadOffset = packet.TransportOffset - packet.NetworkOffset;
        _mtu = mtuBytes;
        _identification = identification;
        _isIPv6 = packet.IsIPv6;
        _protocol = (byte)packet.Protocol;
        _done = 0;
    }

    /// <summary>Writes the next fragment as a whole frame.</summary>
    /// <param name="destination">Where to; link header and MTU must have room.</param>
    /// <param name="written">Its length.</param>
    /// <returns>False when there is none left.</returns>
    public bool TryWriteNext(Span<byte> destination, out int written)
    {
        int left = _ip.Length - _payloadOffset - _done;
        if (left <= 0)
        {
            written = 0;
            return false;
        }

        _link.CopyTo(destination);
        Span<byte> ip = destination[_link.Length..];
        int headerBytes = _isIPv6 ? IPv6Bytes + FragmentHeaderBytes : WriteIPv4Header(ip);
        int room = _mtu - headerBytes;
        bool isLast = left <= room;
        int bytes = isLast ? left : room & ~7;
        if (_isIPv6)
        {
            FinishIPv6(ip, bytes, isLast);
        }
        else
        {
            FinishIPv4(ip, headerBytes, bytes, isLast);
        }

        _ip.Slice(_payloadOffset + _done, bytes).CopyTo(ip[headerBytes..]);
        _done += bytes;
        written = _link.Length + headerBytes + bytes;
        return true;
    }

    private readonly int WriteIPv4Header(Span<byte> ip)
    {
        if (_done == 0 || _payloadOffset == IPv4Bytes)
        {
            _ip[.._payloadOffset].CopyTo(ip);
            return _payloadOffset;
        }

        _ip[..IPv4Bytes].CopyTo(ip);
        int length = IPv4Bytes;
        for (int at = IPv4Bytes; at < _payloadOffset && _ip[at] != OptionEnd;)
        {
            int optionBytes = _ip[at] == OptionFiller ? 1 : at + 1 < _payloadOffset ? _ip[at + 1] : 0;
            if (optionBytes == 0 || at + optionBytes > _payloadOffset || (optionBytes == 1 && _ip[at] != OptionFiller))
            {
                break;
            }

            if ((_ip[at] & CopiedFlag) != 0)
            {
                _ip.Slice(at, optionBytes).CopyTo(ip[length..]);
                length += optionBytes;
            }

            at += optionBytes;
        }

        while (length % 4 != 0)
        {
            ip[length++] = OptionEnd;
        }

        return length;
    }

    private readonly void FinishIPv4(Span<byte> ip, int headerBytes, int bytes, bool isLast)
    {
        ip[0] = (byte)(0x40 | (headerBytes / 4));
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(headerBytes + bytes));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)_identification);
        BinaryPrimitives.WriteUInt16BigEndian(ip[6..], (ushort)((_done / 8) | (isLast ? 0 : MoreFragments)));
        ip.Slice(10, sizeof(ushort)).Clear();
        PacketChecksum.Write(ip[10..], PacketChecksum.Sum(ip[..headerBytes]));
    }

    private readonly void FinishIPv6(Span<byte> ip, int bytes, bool isLast)
    {
        _ip[..IPv6Bytes].CopyTo(ip);
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(FragmentHeaderBytes + bytes));
        ip[6] = FragmentHeader;
        ip[IPv6Bytes] = _protocol;
        ip[IPv6Bytes + 1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(ip[(IPv6Bytes + 2)..], (ushort)(_done | (isLast ? 0 : 1)));
        BinaryPrimitives.WriteUInt32BigEndian(ip[(IPv6Bytes + 4)..], _identification);
    }
}
