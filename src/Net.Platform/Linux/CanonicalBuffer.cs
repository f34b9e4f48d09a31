using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Net.Packets;

namespace Net.Platform.Linux;

/// <summary>Collects values so that different content never gives the same bytes: each with its kind and length before it.</summary>
internal sealed class CanonicalBuffer
{
    private const int HeaderBytes = 8;
    private static readonly byte[] Key = KernelRandom.GetBytes(SipHash.KeyBytes);
    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    public void Clear() => _bytes.ResetWrittenCount();

    public void Add(int kind, ReadOnlySpan<byte> value)
    {
        Span<byte> place = _bytes.GetSpan(HeaderBytes + value.Length);
        BinaryPrimitives.WriteInt32LittleEndian(place, kind);
        BinaryPrimitives.WriteInt32LittleEndian(place[4..], value.Length);
        value.CopyTo(place[HeaderBytes..]);
        _bytes.Advance(HeaderBytes + value.Length);
    }

    public void Add(int kind, string value) => Add(kind, Encoding.UTF8.GetBytes(value));

    /// <summary>Marks the begin of a group.</summary>
    public void Open(int kind) => Mark(kind, -1);

    /// <summary>Marks the end of a group.</summary>
    public void Close(int kind) => Mark(kind, -2);

    public byte[] Hash() => Hash(_bytes.WrittenSpan);

    /// <summary>A hash that nobody outside this process can aim at: its key is drawn when the process starts. Hashes of two processes do not compare.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> content)
    {
        byte[] hash = new byte[SipHash.HashBytes];
        SipHash.Compute(Key, content, hash);
        return hash;
    }

    // A length that no value has tells a mark from a value.
    private void Mark(int kind, int length)
    {
        Span<byte> place = _bytes.GetSpan(HeaderBytes);
        BinaryPrimitives.WriteInt32LittleEndian(place, kind);
        BinaryPrimitives.WriteInt32LittleEndian(place[4..], length);
        _bytes.Advance(HeaderBytes);
    }
}
