namespace Net.Overlay.Flows;

/// <summary>The ports of packets that come in fragments: only the first one carries them. A fixed number is remembered; a fragment that is not known does not pass, so
/// fragments that overtake their first are lost, as with any filter that does not reassemble.</summary>
internal sealed class FragmentPorts(ulong seed)
{
    private const int Capacity = 256;

    // RFC 791 and RFC 8200, 4.5: a packet is given up when its fragments do not come within a minute.
    private const long Lifetime = 60_000_000_000;

    private readonly Entry[] _entries = new Entry[Capacity];

    /// <summary>Remembers the first fragment of a packet.</summary>
    /// <param name="key">Its key with ports.</param>
    /// <param name="id">Its identification.</param>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    public void Remember(in FlowKey key, uint id, long now)
    {
        ref Entry entry = ref _entries[IndexOf(key.WithPorts(0, 0), id)];
        entry.Key = key;
        entry.Id = id;
        entry.Expires = now + Lifetime;
    }

    /// <summary>Gives a later fragment the ports of its first.</summary>
    /// <param name="key">Its key without ports; with ports on success.</param>
    /// <param name="id">Its identification.</param>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    public bool TryFind(ref FlowKey key, uint id, long now)
    {
        ref Entry entry = ref _entries[IndexOf(in key, id)];
        if (entry.Id != id || now >= entry.Expires || !entry.Key.WithPorts(0, 0).Matches(in key))
        {
            return false;
        }

        key = entry.Key;
        return true;
    }

    private int IndexOf(in FlowKey withoutPorts, uint id) => (int)(withoutPorts.Hash(seed ^ id) % Capacity);

    private struct Entry
    {
        public FlowKey Key;
        public uint Id;
        public long Expires;
    }
}
