using System.Buffers.Binary;

namespace Net.Overlay.Names;

/// <summary>Writes an answer. Room for the header, the question and EDNS is taken first; a record that does not fit then makes the answer a truncated one (RFC 2181, 9).</summary>
internal ref struct DnsResponseWriter
{
    /// <summary>What we say we take by UDP: it passes any path that is fit for IPv6 without fragments (DNS flag day 2020).</summary>
    public const int MaxUdpBytes = 1232;

    private const int OptBytes = 11;

    // A pointer to the question's name, which stands behind the header.
    private const ushort QuestionPointer = 0xc000 | DnsQuery.HeaderBytes;

    private readonly Span<byte> _destination;
    private readonly DnsQuery _query;
    private readonly int _limit;
    private readonly bool _isReady;
    private int _length;
    private int _answers;
    private int _authorities;
    private bool _isTruncated;

    /// <summary>Begins an answer.</summary>
    /// <param name="query">What it answers.</param>
    /// <param name="destination">Receives it.</param>
    /// <param name="limit">The largest answer.</param>
    public DnsResponseWriter(DnsQuery query, Span<byte> destination, int limit)
    {
        _destination = destination;
        _query = query;
        _limit = Math.Min(limit, destination.Length) - (query.HasEdns ? OptBytes : 0);
        _length = DnsQuery.HeaderBytes + query.Question.Length;
        _isReady = _length <= _limit;
        if (_isReady)
        {
            query.Question.CopyTo(destination[DnsQuery.HeaderBytes..]);
        }
    }

    /// <summary>Adds an address.</summary>
    /// <param name="type">A or AAAA.</param>
    /// <param name="seconds">How long it may be kept.</param>
    /// <param name="address">4 or 16 bytes.</param>
    public void AddAddress(ushort type, uint seconds, ReadOnlySpan<byte> address)
    {
        if (TryBeginRecord(QuestionPointer, type, seconds, address.Length, out Span<byte> data))
        {
            address.CopyTo(data);
            _answers++;
        }
    }

    /// <summary>Adds a record whose data is a name.</summary>
    /// <param name="type">PTR or NS.</param>
    /// <param name="seconds">How long it may be kept.</param>
    /// <param name="name">The name.</param>
    public void AddName(ushort type, uint seconds, ReadOnlySpan<char> name)
    {
        Span<byte> wire = stackalloc byte[DnsName.MaxWireBytes];
        if (DnsName.TryWrite(name, wire, out int bytes) && TryBeginRecord(QuestionPointer, type, seconds, bytes, out Span<byte> data))
        {
            wire[..bytes].CopyTo(data);
            _answers++;
        }
    }

    /// <summary>Adds the start of a zone: as the answer, or beside a negative one, which says how long that may be kept (RFC 2308, 3).</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="serial">Its serial number.</param>
    /// <param name="seconds">How long it, and a negative answer, may be kept.</param>
    /// <param name="isAnswer">Whether it was asked for.</param>
    public void AddSoa(ReadOnlySpan<char> zone, uint serial, uint seconds, bool isAnswer)
    {
        Span<byte> wire = stackalloc byte[DnsName.MaxWireBytes];
        if (!DnsName.TryWrite(zone, wire, out int zoneBytes))
        {
            return;
        }

        // Primary server: the zone itself; mailbox: "hostmaster" in it (RFC 2142, 7), whose end points at the zone's name.
        ReadOnlySpan<byte> label = "\u000Ahostmaster"u8;
        int dataBytes = zoneBytes + label.Length + 2 + (5 * sizeof(uint));
        int nameAt = _length;
        if (nameAt >= 0x4000 || !TryBeginRecord(wire[..zoneBytes], DnsTypes.Soa, seconds, dataBytes, out Span<byte> data))
        {
            _isTruncated |= isAnswer;
            return;
        }

        wire[..zoneBytes].CopyTo(data);
        data = data[zoneBytes..];
        label.CopyTo(data);
        BinaryPrimitives.WriteUInt16BigEndian(data[label.Length..], (ushort)(0xc000 | nameAt));
        data = data[(label.Length + 2)..];
        BinaryPrimitives.WriteUInt32BigEndian(data, serial);

        // Refresh, retry and expire are for secondary servers, of which there are none; the values are those RFC 1912, 2.2, names.
        BinaryPrimitives.WriteUInt32BigEndian(data[4..], 3600);
        BinaryPrimitives.WriteUInt32BigEndian(data[8..], 600);
        BinaryPrimitives.WriteUInt32BigEndian(data[12..], 1_209_600);
        BinaryPrimitives.WriteUInt32BigEndian(data[16..], seconds);
        _answers += isAnswer ? 1 : 0;
        _authorities += isAnswer ? 0 : 1;
    }

    /// <summary>Ends the answer.</summary>
    /// <param name="code">How the question was answered.</param>
    /// <param name="isAuthoritative">Whether it is about a zone of ours.</param>
    /// <returns>Bytes of the answer, 0 when not even the question fits.</returns>
    public int Finish(DnsResponseCode code, bool isAuthoritative)
    {
        if (!_isReady)
        {
            return 0;
        }

        if (_isTruncated)
        {
            _length = DnsQuery.HeaderBytes + _query.Question.Length;
            _answers = 0;
            _authorities = 0;
        }

        if (_query.HasEdns)
        {
            Span<byte> opt = _destination.Slice(_length, OptBytes);
            opt.Clear();
            BinaryPrimitives.WriteUInt16BigEndian(opt[1..], DnsTypes.Opt);
            BinaryPrimitives.WriteUInt16BigEndian(opt[3..], MaxUdpBytes);
            opt[5] = (byte)((int)code >> 4);
            _length += OptBytes;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_destination, _query.Id);
        _destination[2] = (byte)(0x80 | (_query.Opcode << 3) | (isAuthoritative ? 4 : 0) | (_isTruncated ? 2 : 0) | (_query.IsRecursionDesired ? 1 : 0));
        _destination[3] = (byte)((int)code & 0xf);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[4..], (ushort)(_query.Question.IsEmpty ? 0 : 1));
        BinaryPrimitives.WriteUInt16BigEndian(_destination[6..], (ushort)_answers);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[8..], (ushort)_authorities);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[10..], (ushort)(_query.HasEdns ? 1 : 0));
        return _length;
    }

    private bool TryBeginRecord(ushort pointer, ushort type, uint seconds, int dataBytes, out Span<byte> data)
    {
        Span<byte> name = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(name, pointer);
        if (TryBeginRecord(name, type, seconds, dataBytes, out data))
        {
            return true;
        }

        _isTruncated = true;
        return false;
    }

    private bool TryBeginRecord(scoped ReadOnlySpan<byte> name, ushort type, uint seconds, int dataBytes, out Span<byte> data)
    {
        int end = _length + name.Length + 10 + dataBytes;
        if (!_isReady || _isTruncated || end > _limit)
        {
            data = default;
            return false;
        }

        Span<byte> record = _destination[_length..end];
        name.CopyTo(record);
        record = record[name.Length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, type);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], DnsTypes.ClassIn);
        BinaryPrimitives.WriteUInt32BigEndian(record[4..], seconds);
        BinaryPrimitives.WriteUInt16BigEndian(record[8..], (ushort)dataBytes);
        data = record[10..];
        _length = end;
        return true;
    }
}
