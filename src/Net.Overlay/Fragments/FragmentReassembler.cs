using System.Numerics;

namespace Net.Overlay.Fragments;

/// <summary>Puts packets together again that peers split. Its memory is bounded and allocated with the first fragment; each peer gets a share of it, so that one cannot take the
/// others' room. For one thread.</summary>
public sealed class FragmentReassembler
{
    /// <summary>Nanoseconds until a packet that is not complete is given up: 2 s, many round trips of any path, yet short enough for its room to come back.</summary>
    public const long Timeout = 2_000_000_000;

    private readonly int _slotBytes;
    private readonly int _perPeer;
    private readonly Assembly[] _assemblies;
    private byte[] _bytes = [];

    /// <summary>Makes a reassembler.</summary>
    /// <param name="assemblies">Packets it puts together at a time.</param>
    /// <param name="maxPacketBytes">The largest packet, the overlay's inner MTU.</param>
    /// <param name="perPeer">How many of them one peer may have begun; its oldest makes room for a further one.</param>
    public FragmentReassembler(int assemblies, int maxPacketBytes, int perPeer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(assemblies);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perPeer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPacketBytes, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPacketBytes, ushort.MaxValue);
        _assemblies = new Assembly[assemblies];
        _slotBytes = maxPacketBytes;
        _perPeer = perPeer;
    }

    /// <summary>Packets put together.</summary>
    public long Completed { get; private set; }

    /// <summary>Packets given up: parts missing in time, or no room.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Fragments refused: malformed, a part that was there already, or at odds with the other parts.</summary>
    public long Refused { get; private set; }

    /// <summary>Packets that are begun.</summary>
    public int Pending { get; private set; }

    /// <summary>Takes a fragment.</summary>
    /// <param name="peer">Whose it is.</param>
    /// <param name="payload">The DATAGRAM payload, header first; copied.</param>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <param name="packet">The whole packet, when this was the part that was missing; valid until the next call.</param>
    /// <returns>Whether a packet is complete.</returns>
    public bool TryAdd(int peer, ReadOnlySpan<byte> payload, long now, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        if (!FragmentHeader.TryRead(payload, out FragmentHeader header) || header.TotalBytes > _slotBytes)
        {
            Refused++;
            return false;
        }

        if (_bytes.Length == 0)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(checked(_assemblies.Length * _slotBytes));
        }

        int index = FindOrBegin(peer, in header, now);
        ref Assembly assembly = ref _assemblies[index];
        ulong bit = 1UL << header.Index;
        if (assembly.TotalBytes != header.TotalBytes || assembly.Count != header.Count || (assembly.Received & bit) != 0)
        {
            Refused++;
            return false;
        }

        Span<byte> bytes = _bytes.AsSpan(index * _slotBytes, header.TotalBytes);
        payload[FragmentHeader.SizeBytes..].CopyTo(bytes[header.Offset..]);
        assembly.Received |= bit;
        if (BitOperations.PopCount(assembly.Received) < assembly.Count)
        {
            return false;
        }

        Free(ref assembly);
        if ((bytes[0] >> 4) is not (4 or 6))
        {
            Refused++;
            return false;
        }

        Completed++;
        packet = bytes;
        return true;
    }

    /// <summary>Gives up packets whose time is over; to be called about once a second.</summary>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <returns>Packets given up.</returns>
    public int Sweep(long now)
    {
        int expired = 0;
        foreach (ref Assembly assembly in _assemblies.AsSpan())
        {
            if (assembly.Count > 0 && now - assembly.Begun >= Timeout)
            {
                Free(ref assembly);
                expired++;
            }
        }

        GivenUp += expired;
        return expired;
    }

    /// <summary>Forgets what a peer began, when it goes.</summary>
    /// <param name="peer">The peer.</param>
    public void Forget(int peer)
    {
        foreach (ref Assembly assembly in _assemblies.AsSpan())
        {
            if (assembly.Count > 0 && assembly.Peer == peer)
            {
                Free(ref assembly);
                GivenUp++;
            }
        }
    }

    // There are few of them and fragments are rare, so looking at each is cheaper than a table.
    private int FindOrBegin(int peer, in FragmentHeader header, long now)
    {
        int free = -1;
        int oldest = -1;
        int ownOldest = -1;
        int own = 0;
        for (int index = 0; index < _assemblies.Length; index++)
        {
            ref Assembly assembly = ref _assemblies[index];
            if (assembly.Count > 0 && now - assembly.Begun >= Timeout)
            {
                Free(ref assembly);
                GivenUp++;
            }

            if (assembly.Count == 0)
            {
                free = free < 0 ? index : free;
                continue;
            }

            oldest = oldest < 0 || assembly.Begun < _assemblies[oldest].Begun ? index : oldest;
            if (assembly.Peer != peer)
            {
                continue;
            }

            if (assembly.Id == header.Id)
            {
                return index;
            }

            own++;
            ownOldest = ownOldest < 0 || assembly.Begun < _assemblies[ownOldest].Begun ? index : ownOldest;
        }

        int taken = own >= _perPeer ? ownOldest : free >= 0 ? free : oldest;
        ref Assembly begun = ref _assemblies[taken];
        if (begun.Count > 0)
        {
            Free(ref begun);
            GivenUp++;
        }

        begun = new Assembly { Peer = peer, Id = header.Id, TotalBytes = header.TotalBytes, Count = header.Count, Begun = now };
        Pending++;
        return taken;
    }

    private void Free(ref Assembly assembly)
    {
        assembly.Count = 0;
        Pending--;
    }

    private struct Assembly
    {
        public int Peer;
        public uint Id;
        public int TotalBytes;
        public int Count;
        public ulong Received;
        public long Begun;
    }
}
