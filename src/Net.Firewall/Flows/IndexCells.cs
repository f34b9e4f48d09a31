namespace Net.Firewall;

/// <summary>Makes the cells of a dimension and keeps equal ones once: most stretches between the ends of ranges have the same rules as one seen before.</summary>
/// <param name="always">Rules that take every value.</param>
internal sealed class IndexCells(ulong[] always)
{
    private readonly Dictionary<Key, IndexCell> _known = [];
    private readonly List<int> _rules = [];

    /// <summary>The cell of a set of rules.</summary>
    /// <param name="active">The rules, without those that take every value.</param>
    /// <param name="count">Their number.</param>
    public IndexCell Of(ReadOnlySpan<ulong> active, int count)
    {
        if (count == 0)
        {
            return IndexCell.Empty;
        }

        // Numbers take half a word each: more of them than this would be larger than the bits.
        if (count > active.Length * 2)
        {
            ulong[] bits = active.ToArray();
            for (int i = 0; i < bits.Length; i++)
            {
                bits[i] |= always[i];
            }

            return Known(new Key(null, bits));
        }

        _rules.Clear();
        for (int rule = BitVector.Next(active, 0); rule >= 0; rule = BitVector.Next(active, rule + 1))
        {
            _rules.Add(rule);
        }

        return Known(new Key([.. _rules], null));
    }

    private IndexCell Known(Key key)
    {
        if (!_known.TryGetValue(key, out IndexCell? cell))
        {
            cell = new IndexCell(key.Rules, key.Bits);
            _known.Add(key, cell);
        }

        return cell;
    }

    private readonly struct Key(int[]? rules, ulong[]? bits) : IEquatable<Key>
    {
        public int[]? Rules { get; } = rules;

        public ulong[]? Bits { get; } = bits;

        public bool Equals(Key other) => Rules.AsSpan().SequenceEqual(other.Rules) && Bits.AsSpan().SequenceEqual(other.Bits);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(Rules));
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>(Bits));
            return hash.ToHashCode();
        }
    }
}
