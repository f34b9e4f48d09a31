using System.Buffers.Binary;

namespace Net.Platform.Linux;

/// <summary>Hash of a collection without order: the sum of its items' 128-bit hashes modulo 2^128, so that 100,000 elements need no sorting.</summary>
internal sealed class UnorderedHash
{
    private const int Words = 2;
    private readonly ulong[] _sum = new ulong[Words];

    public void Add(ReadOnlySpan<byte> hash)
    {
        ulong carry = 0;
        for (int i = 0; i < Words; i++)
        {
            UInt128 word = (UInt128)_sum[i] + BinaryPrimitives.ReadUInt64LittleEndian(hash[(i * sizeof(ulong))..]) + carry;
            _sum[i] = (ulong)word;
            carry = (ulong)(word >> 64);
        }
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Words * sizeof(ulong)];
        for (int i = 0; i < Words; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), _sum[i]);
        }

        return bytes;
    }
}
