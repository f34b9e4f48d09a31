using System.Numerics;
using System.Runtime.InteropServices;

namespace Net.Firewall;

/// <summary>Sets of small numbers as bits, 64 to a word.</summary>
internal static class BitVector
{
    /// <summary>Words for a number of bits.</summary>
    /// <param name="bits">The number of bits.</param>
    public static int Words(int bits) => (bits + 63) >> 6;

    /// <summary>Sets a bit.</summary>
    /// <param name="words">The set.</param>
    /// <param name="bit">The bit.</param>
    public static void Set(Span<ulong> words, int bit) => words[bit >> 6] |= 1UL << (bit & 63);

    /// <summary>Clears a bit.</summary>
    /// <param name="words">The set.</param>
    /// <param name="bit">The bit.</param>
    public static void Clear(Span<ulong> words, int bit) => words[bit >> 6] &= ~(1UL << (bit & 63));

    /// <summary>Whether a bit is set.</summary>
    /// <param name="words">The set.</param>
    /// <param name="bit">The bit.</param>
    public static bool Has(ReadOnlySpan<ulong> words, int bit) => (words[bit >> 6] & (1UL << (bit & 63))) != 0;

    /// <summary>Leaves in a set what is in another one as well.</summary>
    /// <param name="words">The set.</param>
    /// <param name="other">The other, of the same length.</param>
    public static void And(Span<ulong> words, ReadOnlySpan<ulong> other)
    {
        Span<Vector<ulong>> wide = MemoryMarshal.Cast<ulong, Vector<ulong>>(words);
        ReadOnlySpan<Vector<ulong>> otherWide = MemoryMarshal.Cast<ulong, Vector<ulong>>(other);
        for (int i = 0; i < wide.Length && i < otherWide.Length; i++)
        {
            wide[i] &= otherWide[i];
        }

        for (int i = wide.Length * Vector<ulong>.Count; i < words.Length; i++)
        {
            words[i] &= other[i];
        }
    }

    /// <summary>The first set bit at or after a place, or -1.</summary>
    /// <param name="words">The set.</param>
    /// <param name="from">The place.</param>
    public static int Next(ReadOnlySpan<ulong> words, int from)
    {
        int word = from >> 6;
        if (word >= words.Length)
        {
            return -1;
        }

        ulong rest = words[word] & (ulong.MaxValue << (from & 63));
        while (rest == 0)
        {
            if (++word == words.Length)
            {
                return -1;
            }

            rest = words[word];
        }

        return (word << 6) + BitOperations.TrailingZeroCount(rest);
    }
}
