using System.Buffers.Binary;
using System.Numerics;

namespace Net.Packets;

/// <summary>SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, and the reference
/// implementation's 128-bit variant). With a secret key nobody can make two contents of one hash; with a known key it is a checksum.
/// It is here because a cryptographic library would take a tenth of the engine's memory for this alone.</summary>
public static class SipHash
{
    /// <summary>The length of a hash in bytes.</summary>
    public const int HashBytes = 16;

    /// <summary>The length of a key in bytes.</summary>
    public const int KeyBytes = 16;

    /// <summary>Hashes bytes.</summary>
    /// <param name="key">16 bytes.</param>
    /// <param name="data">What to hash.</param>
    /// <param name="hash">Receives 16 bytes.</param>
    public static void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(hash.Length, HashBytes);
        var state = new State(BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));
        int offset = 0;
        for (; offset + 8 <= data.Length; offset += 8)
        {
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(data[offset..]));
        }

        ulong last = (ulong)data.Length << 56;
        for (int index = 0; offset + index < data.Length; index++)
        {
            last |= (ulong)data[offset + index] << (8 * index);
        }

        state.Absorb(last);
        BinaryPrimitives.WriteUInt64LittleEndian(hash, state.FinishFirst());
        BinaryPrimitives.WriteUInt64LittleEndian(hash[8..], state.FinishSecond());
    }

    // The constants spell "somepseudorandomlygeneratedbytes"; 0xee and 0xdd mark the 128-bit variant.
    private struct State(ulong key0, ulong key1)
    {
        private ulong _v0 = 0x736f6d6570736575 ^ key0;
        private ulong _v1 = 0x646f72616e646f6d ^ key1 ^ 0xee;
        private ulong _v2 = 0x6c7967656e657261 ^ key0;
        private ulong _v3 = 0x7465646279746573 ^ key1;

        public void Absorb(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public ulong FinishFirst()
        {
            _v2 ^= 0xee;
            return Finish();
        }

        public ulong FinishSecond()
        {
            _v1 ^= 0xdd;
            return Finish();
        }

        private ulong Finish()
        {
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
