using System.Buffers.Binary;
using Net.Overlay.Names;

namespace Net.Overlay.Tests.Names;

/// <summary>An answer as a client reads it; anything that does not fit fails the test.</summary>
internal sealed record Reply(DnsResponseCode Code, bool IsAuthoritative, bool IsTruncated, bool HasEdns, List<Reply.Record> Answers, List<Reply.Record> Authorities)
{
    public static Reply Read(byte[] message)
    {
        Assert.InRange(message.Length, 12, 65535);
        Assert.True((message[2] & 0x80) != 0);
        int offset = 12;
        int questions = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(4));
        for (int index = 0; index < questions; index++)
        {
            Assert.True(DnsName.TryRead(message, ref offset, new char[DnsName.MaxTextLength], out _, allowPointers: false));
            offset += 4;
        }

        List<Record> answers = ReadRecords(message, ref offset, BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6)));
        List<Record> authorities = ReadRecords(message, ref offset, BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(8)));
        List<Record> additional = ReadRecords(message, ref offset, BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(10)));
        Assert.Equal(message.Length, offset);
        Record? opt = additional.SingleOrDefault(record => record.Type == DnsTypes.Opt);
        int code = (message[3] & 0xf) | (int)((opt?.Seconds ?? 0) >> 24 << 4);
        return new Reply((DnsResponseCode)code, (message[2] & 4) != 0, (message[2] & 2) != 0, opt is not null, answers, authorities);
    }

    private static List<Record> ReadRecords(byte[] message, ref int offset, int count)
    {
        var records = new List<Record>();
        for (int index = 0; index < count; index++)
        {
            char[] text = new char[DnsName.MaxTextLength];
            Assert.True(DnsName.TryRead(message, ref offset, text, out int length, allowPointers: true));
            ReadOnlySpan<byte> fields = message.AsSpan(offset);
            int dataBytes = BinaryPrimitives.ReadUInt16BigEndian(fields[8..]);
            records.Add(new Record(new string(text, 0, length), BinaryPrimitives.ReadUInt16BigEndian(fields), BinaryPrimitives.ReadUInt32BigEndian(fields[4..]), fields.Slice(10, dataBytes).ToArray()));
            offset += 10 + dataBytes;
        }

        return records;
    }

    internal sealed record Record(string Name, ushort Type, uint Seconds, byte[] Data);
}
