namespace Net.Overlay.Queues;

/// <summary>Room for packets of all queues of one shard: slots of one size in one array, so that a thousand peers without traffic cost nothing and one with traffic
/// may use most of it. For one thread.</summary>
public sealed class PacketPool
{
    private readonly byte[] _bytes;
    private readonly int[] _next;
    private int _free;
    private int _fresh;

    /// <summary>Makes a pool. Memory that packets do not reach is reserved, not used.</summary>
    /// <param name="slots">How many packets it holds.</param>
    /// <param name="slotBytes">The largest packet.</param>
    public PacketPool(int slots, int slotBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slotBytes);
        _bytes = GC.AllocateUninitializedArray<byte>(checked(slots * slotBytes));
        _next = new int[slots];
        Info = new PacketInfo[slots];
        _free = -1;
        SlotBytes = slotBytes;
        Slots = slots;
    }

    /// <summary>The largest packet.</summary>
    public int SlotBytes { get; }

    /// <summary>How many packets it holds.</summary>
    public int Slots { get; }

    /// <summary>How many are in it.</summary>
    public int Used { get; private set; }

    /// <summary>By slot, what its holder knows of the packet.</summary>
    internal PacketInfo[] Info { get; }

    /// <summary>Takes a slot.</summary>
    /// <returns>Its number, -1 when all are taken.</returns>
    internal int Rent()
    {
        int slot;
        if (_free >= 0)
        {
            slot = _free;
            _free = _next[slot];
        }
        else if (_fresh < Slots)
        {
            // Slots nobody had yet come last, so that the pool grows no larger than its traffic.
            slot = _fresh++;
        }
        else
        {
            return -1;
        }

        Used++;
        _next[slot] = -1;
        return slot;
    }

    /// <summary>Gives a slot back.</summary>
    /// <param name="slot">Its number.</param>
    internal void Return(int slot)
    {
        _next[slot] = _free;
        _free = slot;
        Used--;
    }

    /// <summary>A slot's bytes.</summary>
    /// <param name="slot">Its number.</param>
    internal Span<byte> Bytes(int slot) => _bytes.AsSpan(slot * SlotBytes, SlotBytes);

    /// <summary>The slot behind a rented one in whatever list its holder keeps.</summary>
    /// <param name="slot">Its number.</param>
    internal ref int Next(int slot) => ref _next[slot];
}
