namespace Net.Relay;

/// <summary>A hash table from a key to a range of an array, made once and never changed: open addressing, at most half full, so that a look-up is one or two cache lines.</summary>
internal sealed class FlowIndex
{
    private readonly Slot[] _slots;
    private readonly int _shift;

    /// <summary>Makes a table.</summary>
    /// <param name="entries">Keys with the first index and the count of what they stand for; each key once, each count 1 at least.</param>
    public FlowIndex(IReadOnlyCollection<(FlowKey Key, int First, int Count)> entries)
    {
        int bits = 1;
        while (1 << bits < entries.Count * 2)
        {
            bits++;
        }

        _slots = new Slot[1 << bits];
        _shift = 64 - bits;
        foreach ((FlowKey key, int first, int count) in entries)
        {
            int at = (int)(key.Mix() >> _shift);
            while (_slots[at].Count != 0)
            {
                at = (at + 1) & (_slots.Length - 1);
            }

            _slots[at] = new Slot { Key = key, First = first, Count = count };
        }
    }

    /// <summary>Finds what a key stands for.</summary>
    /// <param name="key">The key.</param>
    /// <param name="first">The first index.</param>
    /// <returns>The count; 0 when there is nothing.</returns>
    public int Find(in FlowKey key, out int first)
    {
        Slot[] slots = _slots;
        int at = (int)(key.Mix() >> _shift);
        while (true)
        {
            ref readonly Slot slot = ref slots[at];
            if (slot.Count == 0 || slot.Key == key)
            {
                first = slot.First;
                return slot.Count;
            }

            at = (at + 1) & (slots.Length - 1);
        }
    }

    private struct Slot
    {
        public FlowKey Key;
        public int First;
        public int Count;
    }
}
