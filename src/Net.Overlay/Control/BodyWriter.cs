using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Net.Overlay.Control;

/// <summary>Writes the body of a frame.</summary>
internal sealed class BodyWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Throws when there are too many of something.</summary>
    public static void ThrowIfMore(int count, int limit, string what)
    {
        if (count > limit)
        {
            throw new ArgumentException($"there are {count} {what}, more than {limit}");
        }
    }

    /// <summary>Writes bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value) => _buffer.Write([value]);

    /// <summary>Writes a number of varying length.</summary>
    public void Number(ulong value) => _buffer.Advance(VarInt.Write(_buffer.GetSpan(VarInt.MaxBytes), value));

    /// <summary>Writes a number of eight bytes.</summary>
    public void FixedNumber(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.GetSpan(sizeof(ulong)), value);
        _buffer.Advance(sizeof(ulong));
    }

    /// <summary>Writes text with its length before it, cut at a limit in bytes.</summary>
    public void Text(string text, int limit)
    {
        byte[] bytes = Cut(text, limit);
        Number((ulong)bytes.Length);
        Raw(bytes);
    }

    /// <summary>Writes a prefix: 4 or 6 for its family, its length in bits, and only those bytes of the address that the length covers.</summary>
    public void Prefix(IPNetwork prefix)
    {
        byte[] address = prefix.BaseAddress.GetAddressBytes();
        Byte(address.Length == 4 ? (byte)4 : (byte)6);
        Byte((byte)prefix.PrefixLength);
        Raw(address.AsSpan(0, (prefix.PrefixLength + 7) / 8));
    }

    /// <summary>Writes a tagged number, unless it is zero.</summary>
    public void Field(ulong tag, ulong value)
    {
        if (value != 0)
        {
            Number(tag);
            Number(sizeof(ulong));
            FixedNumber(value);
        }
    }

    /// <summary>Writes tagged bytes, unless there are none.</summary>
    public void Field(ulong tag, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            Number(tag);
            Number((ulong)value.Length);
            Raw(value);
        }
    }

    /// <summary>Writes tagged bytes, unless there are none or too many.</summary>
    public void Field(ulong tag, byte[] value, int limit)
    {
        ThrowIfMore(value.Length, limit, "bytes");
        Field(tag, value);
    }

    /// <summary>Writes tagged text, cut at a limit in bytes, unless it is empty.</summary>
    public void Field(ulong tag, string text, int limit) => Field(tag, Cut(text, limit));

    private static byte[] Cut(string text, int limit)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= limit)
        {
            return bytes;
        }

        // Not within a character: its following bytes start with the bits 10.
        int end = limit;
        while (end > 0 && (bytes[end] & 0xc0) == 0x80)
        {
            end--;
        }

        return bytes[..end];
    }
}
