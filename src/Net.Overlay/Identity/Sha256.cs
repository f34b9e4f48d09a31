using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Net.Overlay.Identity;

/// <summary>SHA-256 (FIPS 180-4, 6.2) and HMAC-SHA-256 (RFC 2104), for ids, addresses and proofs of joining: a few hundred bytes at a time, never a packet.
/// It is here for the reason SipHash is in Net.Packets: the platform's hash loads OpenSSL, several megabytes in each engine and worker. No table is looked
/// up by secret data, so that its time says nothing about its input.</summary>
internal struct Sha256
{
    /// <summary>The length of a hash in bytes.</summary>
    public const int HashBytes = 32;

    private const int BlockBytes = 64;

    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private State _state;
    private Block _block;
    private ulong _length;

    /// <summary>A hash of nothing yet.</summary>
    public Sha256()
    {
        // The first 32 bits of the fractional parts of the square roots of the first 8 primes (FIPS 180-4, 5.3.3).
        ReadOnlySpan<uint> initial = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
        initial.CopyTo(_state);
    }

    /// <summary>Adds bytes to what is hashed.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        int used = (int)(_length % BlockBytes);
        _length += (ulong)data.Length;
        while (!data.IsEmpty)
        {
            int count = Math.Min(BlockBytes - used, data.Length);
            data[..count].CopyTo(((Span<byte>)_block)[used..]);
            data = data[count..];
            used += count;
            if (used == BlockBytes)
            {
                Compress();
                used = 0;
            }
        }
    }

    /// <summary>Ends the hash. The value is used up afterwards.</summary>
    /// <param name="hash">Receives 32 bytes.</param>
    public void Finish(Span<byte> hash)
    {
        ulong bits = _length * 8;
        int used = (int)(_length % BlockBytes);
        Span<byte> block = _block;
        block[used++] = 0x80;
        if (used > BlockBytes - sizeof(ulong))
        {
            block[used..].Clear();
            Compress();
            used = 0;
        }

        block[used..^sizeof(ulong)].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(block[^sizeof(ulong)..], bits);
        Compress();
        for (int index = 0; index < 8; index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash[(index * sizeof(uint))..], _state[index]);
        }
    }

    /// <summary>Hashes a domain's name and up to three parts one after the other. Parts that vary in length come last, or two inputs could be one.</summary>
    /// <param name="hash">Receives 32 bytes.</param>
    /// <param name="domain">What the hash is for, so that a hash made for one purpose means nothing for another.</param>
    /// <param name="first">The first part.</param>
    /// <param name="second">The second part.</param>
    /// <param name="third">The third part.</param>
    public static void Hash(Span<byte> hash, ReadOnlySpan<byte> domain, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default, ReadOnlySpan<byte> third = default)
    {
        var state = new Sha256();
        state.Append(domain);
        state.Append(first);
        state.Append(second);
        state.Append(third);
        state.Finish(hash);
    }

    /// <summary>HMAC-SHA-256 of a message (RFC 2104).</summary>
    /// <param name="key">Up to 64 bytes.</param>
    /// <param name="message">What is authenticated.</param>
    /// <param name="mac">Receives 32 bytes.</param>
    public static void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, BlockBytes);
        Span<byte> pad = stackalloc byte[BlockBytes];
        Span<byte> inner = stackalloc byte[HashBytes];
        Fill(pad, key, 0x36);
        Hash(inner, pad, message);
        Fill(pad, key, 0x5c);
        Hash(mac, pad, inner);
    }

    private static void Fill(Span<byte> pad, ReadOnlySpan<byte> key, byte value)
    {
        pad.Fill(value);
        for (int index = 0; index < key.Length; index++)
        {
            pad[index] ^= key[index];
        }
    }

    private void Compress()
    {
        Span<uint> words = stackalloc uint[64];
        ReadOnlySpan<byte> block = _block;
        for (int index = 0; index < 16; index++)
        {
            words[index] = BinaryPrimitives.ReadUInt32BigEndian(block[(index * sizeof(uint))..]);
        }

        for (int index = 16; index < words.Length; index++)
        {
            uint early = words[index - 15];
            uint late = words[index - 2];
            uint small0 = BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3);
            uint small1 = BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10);
            words[index] = words[index - 16] + small0 + words[index - 7] + small1;
        }

        (uint a, uint b, uint c, uint d) = (_state[0], _state[1], _state[2], _state[3]);
        (uint e, uint f, uint g, uint h) = (_state[4], _state[5], _state[6], _state[7]);
        for (int round = 0; round < words.Length; round++)
        {
            uint large1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            uint first = h + large1 + ((e & f) ^ (~e & g)) + RoundConstants[round] + words[round];
            uint large0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            uint second = large0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        _state[0] += a;
        _state[1] += b;
        _state[2] += c;
        _state[3] += d;
        _state[4] += e;
        _state[5] += f;
        _state[6] += g;
        _state[7] += h;
    }

    [InlineArray(8)]
    private struct State
    {
        private uint _word;
    }

    [InlineArray(BlockBytes)]
    private struct Block
    {
        private byte _byte;
    }
}
