using System.Buffers.Binary;

namespace Net.Overlay.Fragments;

/// <summary>The header of a DATAGRAM payload that carries a part of an inner packet. A payload whose first byte has 4 or 6 in its upper half is a whole IP packet;
/// one that starts with 0x0F is a fragment:
/// <code>
/// 0      1               5           7       8       9
/// | 0x0F | packet id (4) | total (2) | index | count | part of the packet
/// </code>
/// All numbers are big-endian. Each part has ceil(total / count) bytes but the last, which has the rest, so a part's place follows from its index and no two can overlap.
/// Example: the second of two parts of a 5-byte packet with id 0x01020304 whose last two bytes are AA BB is 0F 01 02 03 04 00 05 01 02 AA BB.</summary>
/// <param name="Id">Numbers the packets of a sender; it wraps.</param>
/// <param name="TotalBytes">Bytes of the whole packet.</param>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Count">How many parts, 2 to 64.</param>
public readonly record struct FragmentHeader(uint Id, int TotalBytes, int Index, int Count)
{
    /// <summary>The first byte of a fragment.</summary>
    public const byte Marker = 0x0f;

    /// <summary>Bytes of the header.</summary>
    public const int SizeBytes = 9;

    /// <summary>The most parts of one packet.</summary>
    public const int MaxCount = 64;

    /// <summary>Bytes of every part but the last.</summary>
    public int PartBytes => (TotalBytes + Count - 1) / Count;

    /// <summary>Where this part stands in the packet.</summary>
    public int Offset => Index * PartBytes;

    /// <summary>Bytes of this part.</summary>
    public int Length => Index == Count - 1 ? TotalBytes - Offset : PartBytes;

    /// <summary>Whether a payload is a fragment, well-formed or not.</summary>
    /// <param name="payload">A DATAGRAM payload.</param>
    public static bool IsFragment(ReadOnlySpan<byte> payload) => payload.Length > 0 && payload[0] == Marker;

    /// <summary>Reads and checks a header.</summary>
    /// <param name="payload">The payload, header first.</param>
    /// <param name="header">The header.</param>
    /// <returns>False when its numbers do not fit each other or the payload's length.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out FragmentHeader header)
    {
        header = default;
        if (payload.Length <= SizeBytes || payload[0] != Marker)
        {
            return false;
        }

        var read = new FragmentHeader(BinaryPrimitives.ReadUInt32BigEndian(payload[1..]), BinaryPrimitives.ReadUInt16BigEndian(payload[5..]), payload[7], payload[8]);
        if (read.Count is < 2 or > MaxCount || read.Index >= read.Count || (read.Count - 1) * read.PartBytes >= read.TotalBytes || payload.Length - SizeBytes != read.Length)
        {
            return false;
        }

        header = read;
        return true;
    }

    /// <summary>Writes the header.</summary>
    /// <param name="destination">At least 9 bytes.</param>
    public void Write(Span<byte> destination)
    {
        destination[0] = Marker;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], Id);
        BinaryPrimitives.WriteUInt16BigEndian(destination[5..], (ushort)TotalBytes);
        destination[7] = (byte)Index;
        destination[8] = (byte)Count;
    }
}
