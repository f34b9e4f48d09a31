using System.Buffers.Binary;

namespace Net.Overlay.Names;

/// <summary>A question as it came in a message (RFC 1035, 4.1), with what EDNS says of who asked (RFC 6891).</summary>
public readonly ref struct DnsQuery
{
    /// <summary>Bytes of a message's header.</summary>
    public const int HeaderBytes = 12;

    // A question has one OPT record, perhaps a signature; more is made to cost time.
    private const int MaxRecords = 16;

    /// <summary>The number the answer repeats.</summary>
    public ushort Id { get; private init; }

    /// <summary>Opcode, 0 is a question.</summary>
    public int Opcode { get; private init; }

    /// <summary>Whether recursion is desired, which the answer repeats.</summary>
    public bool IsRecursionDesired { get; private init; }

    /// <summary>The question as it stands in the message, to be repeated letter by letter; empty when it could not be read.</summary>
    public ReadOnlySpan<byte> Question { get; private init; }

    /// <summary>The name, lower case, in the buffer that was given.</summary>
    public ReadOnlySpan<char> Name { get; private init; }

    /// <summary>What is asked for.</summary>
    public ushort Type { get; private init; }

    /// <summary>The class.</summary>
    public ushort Class { get; private init; }

    /// <summary>Whether there is an OPT record.</summary>
    public bool HasEdns { get; private init; }

    /// <summary>EDNS version.</summary>
    public int EdnsVersion { get; private init; }

    /// <summary>The largest answer by UDP, 512 without EDNS.</summary>
    public int MaxUdpBytes { get; private init; }

    /// <summary>Reads a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="nameBuffer">Room for <see cref="DnsName.MaxTextLength"/> characters; the name points into it.</param>
    /// <param name="query">What was read; id and opcode also when the answer is a format error.</param>
    /// <param name="problem">No error, or a format error.</param>
    /// <returns>False when it must not be answered at all: no header, or it is an answer itself.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, Span<char> nameBuffer, out DnsQuery query, out DnsResponseCode problem)
    {
        query = default;
        problem = DnsResponseCode.FormatError;
        if (message.Length < HeaderBytes || (message[2] & 0x80) != 0)
        {
            return false;
        }

        query = new DnsQuery
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(message),
            Opcode = (message[2] >> 3) & 0xf,
            IsRecursionDesired = (message[2] & 1) != 0,
            MaxUdpBytes = 512,
        };
        if (query.Opcode != 0)
        {
            problem = DnsResponseCode.NotImplemented;
            return true;
        }

        int answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]) + BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        int additional = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        int offset = HeaderBytes;
        if (BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1 || answers != 0 || additional > MaxRecords
            || !DnsName.TryRead(message, ref offset, nameBuffer, out int length, allowPointers: false) || offset + 4 > message.Length)
        {
            return true;
        }

        var read = new DnsQuery
        {
            Id = query.Id,
            IsRecursionDesired = query.IsRecursionDesired,
            Question = message[HeaderBytes..(offset + 4)],
            Name = nameBuffer[..length],
            Type = BinaryPrimitives.ReadUInt16BigEndian(message[offset..]),
            Class = BinaryPrimitives.ReadUInt16BigEndian(message[(offset + 2)..]),
            MaxUdpBytes = 512,
        };
        offset += 4;
        for (int index = 0; index < additional; index++)
        {
            if (!TryReadAdditional(message, ref offset, ref read))
            {
                return true;
            }
        }

        query = read;
        problem = DnsResponseCode.NoError;
        return true;
    }

    private static bool TryReadAdditional(ReadOnlySpan<byte> message, ref int offset, ref DnsQuery query)
    {
        Span<char> name = stackalloc char[DnsName.MaxTextLength];
        if (!DnsName.TryRead(message, ref offset, name, out int length, allowPointers: true) || offset + 10 > message.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> fields = message[offset..];
        int dataBytes = BinaryPrimitives.ReadUInt16BigEndian(fields[8..]);
        offset += 10 + dataBytes;
        if (offset > message.Length)
        {
            return false;
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(fields) != DnsTypes.Opt)
        {
            return true;
        }

        // RFC 6891, 6.1.1: one OPT at most, at the root; 6.1.2: the class is the payload size, the TTL's second byte the version.
        if (query.HasEdns || length != 0)
        {
            return false;
        }

        query = new DnsQuery
        {
            Id = query.Id,
            IsRecursionDesired = query.IsRecursionDesired,
            Question = query.Question,
            Name = query.Name,
            Type = query.Type,
            Class = query.Class,
            HasEdns = true,
            EdnsVersion = fields[5],
            MaxUdpBytes = Math.Max(512, (int)BinaryPrimitives.ReadUInt16BigEndian(fields[2..])),
        };
        return true;
    }
}
