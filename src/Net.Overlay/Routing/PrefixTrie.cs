using System.Numerics;
using System.Runtime.CompilerServices;

namespace Net.Overlay.Routing;

/// <summary>Longest-prefix match over 128-bit left-aligned addresses of one family. Immutable once built; lookups allocate nothing and may run on any
/// thread. A trie with strides of six bits, its nodes compressed by bitmaps and population counts as in Poptrie (Asai and Ohara, SIGCOMM 2015); where four prefixes or
/// fewer are left below a slot, they stand in a list instead, which keeps lone long prefixes from costing a chain of nodes each.</summary>
internal sealed class PrefixTrie
{
    private const int StrideBits = 6;
    private const int Slots = 1 << StrideBits;

    // Four comparisons cost less than the cache miss of one more node.
    private const int ListLimit = 4;

    // A leaf at or above zero is a value; below it is the complement of the start of a list.
    private readonly Node[] _nodes;
    private readonly int[] _leaves;
    private readonly ListEntry[] _lists;

    private PrefixTrie(Node[] nodes, int[] leaves, ListEntry[] lists)
    {
        _nodes = nodes;
        _leaves = leaves;
        _lists = lists;
    }

    /// <summary>Bytes the trie occupies, about.</summary>
    public long SizeBytes => ((long)_nodes.Length * Unsafe.SizeOf<Node>()) + ((long)_leaves.Length * sizeof(int)) + ((long)_lists.Length * Unsafe.SizeOf<ListEntry>());

    /// <summary>Builds a trie.</summary>
    /// <param name="entries">Prefixes of one family, each once; sorted in place.</param>
    /// <param name="none">What a lookup returns when no prefix matches; not negative, as all values.</param>
    public static PrefixTrie Build(PrefixEntry[] entries, int none)
    {
        Array.Sort(entries, static (left, right) =>
        {
            int order = left.Bits.CompareTo(right.Bits);
            return order != 0 ? order : left.Length.CompareTo(right.Length);
        });
        return new Builder(entries).Build(none);
    }

    /// <summary>The value of the longest prefix that holds an address.</summary>
    /// <param name="high">The upper 64 bits of the left-aligned address.</param>
    /// <param name="low">The lower 64 bits.</param>
    public int Lookup(ulong high, ulong low)
    {
        ulong restHigh = high;
        ulong restLow = low;
        ReadOnlySpan<Node> nodes = _nodes;
        int index = 0;
        while (true)
        {
            ref readonly Node node = ref nodes[index];
            int slot = (int)(restHigh >> (64 - StrideBits));
            ulong upToSlot = ulong.MaxValue >> (Slots - 1 - slot);
            if ((node.Children & (1UL << slot)) == 0)
            {
                int leaf = _leaves[node.FirstLeaf + BitOperations.PopCount(node.LeafStarts & upToSlot) - 1];
                return leaf >= 0 ? leaf : Search(~leaf, high, low);
            }

            index = node.FirstChild + BitOperations.PopCount(node.Children & upToSlot) - 1;
            restHigh = (restHigh << StrideBits) | (restLow >> (64 - StrideBits));
            restLow <<= StrideBits;
        }
    }

    // Longest first; the last entry of a list has an empty mask, so the loop ends.
    private int Search(int index, ulong high, ulong low)
    {
        ReadOnlySpan<ListEntry> lists = _lists;
        while (true)
        {
            ref readonly ListEntry entry = ref lists[index];
            if ((((high ^ entry.High) & entry.MaskHigh) | ((low ^ entry.Low) & entry.MaskLow)) == 0)
            {
                return entry.Value;
            }

            index++;
        }
    }

    private struct Node
    {
        public ulong Children;
        public ulong LeafStarts;
        public int FirstChild;
        public int FirstLeaf;
    }

    private readonly struct ListEntry(UInt128 bits, UInt128 mask, int value)
    {
        public readonly ulong High = (ulong)(bits >> 64);
        public readonly ulong Low = (ulong)bits;
        public readonly ulong MaskHigh = (ulong)(mask >> 64);
        public readonly ulong MaskLow = (ulong)mask;
        public readonly int Value = value;
    }

    private sealed class Builder(PrefixEntry[] entries)
    {
        private readonly List<Node> _nodes = [default];
        private readonly List<int> _leaves = [];
        private readonly List<ListEntry> _lists = [];

        public PrefixTrie Build(int none)
        {
            int start = 0;
            int inherited = none;
            if (entries.Length > 0 && entries[0].Length == 0)
            {
                inherited = entries[0].Value;
                start = 1;
            }

            Fill(0, start, entries.Length, 0, inherited);
            return new PrefixTrie([.. _nodes], [.. _leaves], [.. _lists]);
        }

        // Entries from start to end lie below the node and are longer than its depth. Sorted, those of one slot stand together,
        // and those that end within this stride stand before the longer ones of their first slot.
        private void Fill(int nodeIndex, int start, int end, int depth, int inherited)
        {
            Span<int> values = stackalloc int[Slots];
            Span<int> lengths = stackalloc int[Slots];
            Span<int> starts = stackalloc int[Slots];
            Span<int> ends = stackalloc int[Slots];
            values.Fill(inherited);
            lengths.Clear();
            starts.Clear();
            ends.Clear();
            for (int index = start; index < end; index++)
            {
                ref readonly PrefixEntry entry = ref entries[index];
                int slot = (int)(entry.Bits << depth >> (128 - StrideBits));
                int over = entry.Length - depth;
                if (over > StrideBits)
                {
                    starts[slot] = ends[slot] == 0 ? index : starts[slot];
                    ends[slot] = index + 1;
                    continue;
                }

                for (int covered = slot; covered < slot + (1 << (StrideBits - over)); covered++)
                {
                    if (entry.Length > lengths[covered])
                    {
                        lengths[covered] = entry.Length;
                        values[covered] = entry.Value;
                    }
                }
            }

            Node node = default;
            node.FirstLeaf = _leaves.Count;
            int last = 0;
            for (int slot = 0; slot < Slots; slot++)
            {
                int below = ends[slot] - starts[slot];
                if (below > ListLimit)
                {
                    node.Children |= 1UL << slot;
                    continue;
                }

                int leaf = below == 0 ? values[slot] : AddList(starts[slot], ends[slot], values[slot]);
                if (node.LeafStarts == 0 || leaf != last)
                {
                    node.LeafStarts |= 1UL << slot;
                    _leaves.Add(leaf);
                    last = leaf;
                }
            }

            node.FirstChild = _nodes.Count;
            _nodes[nodeIndex] = node;
            _nodes.AddRange(new Node[BitOperations.PopCount(node.Children)]);
            int child = node.FirstChild;
            for (int slot = 0; slot < Slots; slot++)
            {
                if ((node.Children & (1UL << slot)) != 0)
                {
                    Fill(child++, starts[slot], ends[slot], depth + StrideBits, values[slot]);
                }
            }
        }

        private int AddList(int start, int end, int inherited)
        {
            int first = _lists.Count;
            Span<PrefixEntry> below = stackalloc PrefixEntry[ListLimit];
            below = below[..(end - start)];
            entries.AsSpan(start, end - start).CopyTo(below);
            below.Sort(static (left, right) => right.Length.CompareTo(left.Length));
            foreach (ref readonly PrefixEntry entry in below)
            {
                _lists.Add(new ListEntry(entry.Bits, UInt128.MaxValue << (128 - entry.Length), entry.Value));
            }

            _lists.Add(new ListEntry(UInt128.Zero, UInt128.Zero, inherited));
            return ~first;
        }
    }
}
