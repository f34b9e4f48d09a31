using System.Buffers.Binary;

namespace Net.Overlay.Control;

/// <summary>Numbers of 1, 2, 4 or 8 bytes; the first two bits say which (RFC 9000, 16). Longer forms than needed are read.</summary>
public static class VarInt
{
    /// <summary>The largest number: 62 bits.</summary>
    public const ulong MaxValue = (1UL << 62) - 1;

    /// <summary>The most bytes a number takes.</summary>
    public const int MaxBytes = 8;

    /// <summary>How many bytes a number takes.</summary>
    public static int LengthOf(ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
        return value < 1UL << 6 ? 1 : value < 1UL << 14 ? 2 : value < 1UL << 30 ? 4 : 8;
    }

    /// <summary>Writes a number in its shortest form.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> destination, ulong value)
    {
        int length = LengthOf(value);
        switch (length)
        {
            case 1:
                destination[0] = (byte)value;
                break;
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(value | 0x4000));
                break;
            case 4:
                BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)value | 0x80000000);
                break;
            default:
                BinaryPrimitives.WriteUInt64BigEndian(destination, value | 0xc000000000000000);
                break;
        }

        return length;
    }

    /// <summary>Reads a number.</summary>
    /// <param name="source">Bytes that start with it.</param>
    /// <param name="value">The number.</param>
    /// <param name="length">How many bytes it took.</param>
    /// <returns>False when it is cut off.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        value = 0;
        length = source.IsEmpty ? 1 : 1 << (source[0] >> 6);
        if (source.Length < length)
        {
            return false;
        }

        value = source[0] & 0x3fUL;
        for (int index = 1; index < length; index++)
        {
            value = (value << 8) | source[index];
        }

        return true;
    }
}
