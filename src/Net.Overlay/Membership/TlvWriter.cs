using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Net.Overlay.Membership;

/// <summary>Writes the fields of certificates, lists and invitations: a tag of one byte, a length of two, the value. Fields stand in ascending order of their
/// tags; what may stand more than once stands in ascending order of its bytes, so that a content has exactly one form.</summary>
internal sealed class TlvWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Writes bytes without tag and length.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    /// <summary>Writes a field.</summary>
    public void Field(byte tag, ReadOnlySpan<byte> value)
    {
        Span<byte> head = _buffer.GetSpan(3);
        head[0] = tag;
        BinaryPrimitives.WriteUInt16BigEndian(head[1..], checked((ushort)value.Length));
        _buffer.Advance(3);
        _buffer.Write(value);
    }

    /// <summary>Writes a number of eight bytes.</summary>
    public void Number(byte tag, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Field(tag, bytes);
    }

    /// <summary>Writes a time as seconds since 1970.</summary>
    public void Time(byte tag, DateTimeOffset time) => Number(tag, checked((ulong)time.ToUnixTimeSeconds()));

    /// <summary>Writes text in UTF-8.</summary>
    public void Text(byte tag, string text) => Field(tag, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes the same tag for each value, in ascending order of their bytes, each once.</summary>
    public void Set(byte tag, IEnumerable<byte[]> values)
    {
        byte[]? before = null;
        foreach (byte[] value in values.Order(TlvOrder.Instance))
        {
            if (before is null || !before.AsSpan().SequenceEqual(value))
            {
                Field(tag, value);
            }

            before = value;
        }
    }
}
