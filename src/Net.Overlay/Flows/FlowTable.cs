using System.Numerics;
using System.Runtime.Intrinsics;

namespace Net.Overlay.Flows;

/// <summary>Flows by key, in flat arrays that are allocated once. Each key may stand in one of two buckets of eight; when both are full the least valuable flow of the sixteen
/// goes: one that timed out, else a denied one, else an unanswered one, else the one that was quiet longest. A flood of new flows therefore drives out its own kind first.
/// For one thread.</summary>
public sealed class FlowTable
{
    private const int Ways = 8;

    // Tag 0 marks a free place.
    private readonly ushort[] _tags;
    private readonly Slot[] _slots;
    private readonly int _bucketMask;
    private readonly ulong _seed;
    private readonly IFlowSink? _sink;
    private int _sweepBucket;
    private FlowEntry _none;

    /// <summary>Makes an empty table. Memory the flows do not reach is reserved, not used.</summary>
    /// <param name="capacity">The most flows it holds, a power of two from 16 up; each takes about 130 bytes.</param>
    /// <param name="seed">A secret random number, so that nobody can choose packets that share a bucket.</param>
    /// <param name="sink">Hears of flows that are evicted; null for nobody.</param>
    public FlowTable(int capacity, ulong seed, IFlowSink? sink = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2 * Ways);
        if (!BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The capacity is a power of two.");
        }

        _tags = new ushort[capacity];
        _slots = new Slot[capacity];
        _bucketMask = (capacity / Ways) - 1;
        _seed = seed;
        _sink = sink;
    }

    /// <summary>The most flows it holds.</summary>
    public int Capacity => _slots.Length;

    /// <summary>Flows it holds now.</summary>
    public int Count { get; private set; }

    /// <summary>Flows that had to go before their time.</summary>
    public long Evictions { get; private set; }

    /// <summary>Where the entry is that was asked for last by <see cref="GetOrAdd(in FlowKey, long, out bool)"/>; it stays there until the next one is asked for, or flows are removed.</summary>
    internal int LastIndex { get; private set; }

    /// <summary>The entry at a place.</summary>
    /// <param name="index">The place.</param>
    internal ref FlowEntry At(int index) => ref _slots[index].Entry;

    /// <summary>The entry of a flow; a new one is all zero but for its times.</summary>
    /// <param name="key">The key, compared as it is: callers that want both directions in one entry use <see cref="FlowKey.Canonical"/>.</param>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <param name="isNew">Whether it was not there.</param>
    public ref FlowEntry GetOrAdd(in FlowKey key, long now, out bool isNew) => ref GetOrAdd(in key, HashOf(in key), now, out isNew);

    /// <summary>The hash the table finds a key by; callers that also need one of their own take this.</summary>
    /// <param name="key">The key.</param>
    internal ulong HashOf(in FlowKey key) => key.Hash(_seed);

    /// <summary>As the public method, for a caller that has the hash already.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="HashOf"/>.</param>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <param name="isNew">Whether it was not there.</param>
    internal ref FlowEntry GetOrAdd(in FlowKey key, ulong hash, long now, out bool isNew)
    {
        ushort tag = TagOf(hash);
        int first = (int)hash & _bucketMask;
        int second = SecondOf(first, tag);
        int found = Find(in key, tag, first);
        found = found >= 0 ? found : Find(in key, tag, second);
        isNew = found < 0;
        if (isNew)
        {
            found = MakeRoom(first, second, now);
            _tags[found] = tag;
            ref Slot slot = ref _slots[found];
            slot.Key = key;
            slot.Entry = default;
            slot.Entry.FirstSeen = now;
            slot.Entry.LastSeen = now;
            Count++;
        }

        LastIndex = found;
        return ref _slots[found].Entry;
    }

    /// <summary>The entry of a flow, if there is one.</summary>
    /// <param name="key">The key, compared as it is.</param>
    /// <param name="isFound">Whether it was there; when not, the reference is to an entry that means nothing.</param>
    public ref FlowEntry TryGet(in FlowKey key, out bool isFound)
    {
        ulong hash = key.Hash(_seed);
        ushort tag = TagOf(hash);
        int first = (int)hash & _bucketMask;
        int found = Find(in key, tag, first);
        found = found >= 0 ? found : Find(in key, tag, SecondOf(first, tag));
        isFound = found >= 0;
        return ref isFound ? ref _slots[found].Entry : ref _none;
    }

    /// <summary>Forgets a flow without a word to the sink.</summary>
    /// <param name="key">The key, compared as it is.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(in FlowKey key)
    {
        ulong hash = key.Hash(_seed);
        ushort tag = TagOf(hash);
        int first = (int)hash & _bucketMask;
        int found = Find(in key, tag, first);
        found = found >= 0 ? found : Find(in key, tag, SecondOf(first, tag));
        if (found < 0)
        {
            return false;
        }

        Free(found);
        return true;
    }

    /// <summary>Removes flows that timed out, from where the last call stopped.</summary>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <param name="budget">Places to look at, so that a sweep never holds up packets; at least eight are.</param>
    /// <param name="sink">Hears of the ends of flows whose start was reported; null for nobody.</param>
    /// <returns>Flows removed.</returns>
    public int Sweep(long now, int budget, IFlowSink? sink)
    {
        int removed = 0;
        int buckets = Math.Clamp(budget / Ways, 1, _bucketMask + 1);
        for (int count = 0; count < buckets; count++)
        {
            int start = _sweepBucket * Ways;
            _sweepBucket = (_sweepBucket + 1) & _bucketMask;
            for (int index = start; index < start + Ways; index++)
            {
                if (_tags[index] == 0)
                {
                    continue;
                }

                ref Slot slot = ref _slots[index];
                if (now - slot.Entry.LastSeen >= FlowTimeouts.For(in slot.Key, in slot.Entry))
                {
                    Report(in slot, sink, slot.Entry.TcpState == TcpFlowState.Closing ? FlowEndReason.Closed : FlowEndReason.Idle);
                    Free(index);
                    removed++;
                }
            }
        }

        return removed;
    }

    /// <summary>Ends every flow, when an overlay stops.</summary>
    /// <param name="sink">Hears of the ends; null for nobody.</param>
    public void Clear(IFlowSink? sink)
    {
        for (int index = 0; index < _tags.Length; index++)
        {
            if (_tags[index] != 0)
            {
                Report(in _slots[index], sink, FlowEndReason.Closed);
                Free(index);
            }
        }
    }

    private static ushort TagOf(ulong hash) => (ushort)Math.Max(1, hash >> 48);

    // From either bucket and the tag the other follows; the multiplier spreads a tag's 16 bits over any table.
    private int SecondOf(int first, ushort tag) => (first ^ ((int)(tag * 0x9e3779b1u) | 1)) & _bucketMask;

    private int Find(in FlowKey key, ushort tag, int bucket)
    {
        int start = bucket * Ways;
        Vector128<ushort> tags = Vector128.Create(_tags.AsSpan(start, Ways));
        uint matches = Vector128.Equals(tags, Vector128.Create(tag)).ExtractMostSignificantBits();
        while (matches != 0)
        {
            int index = start + BitOperations.TrailingZeroCount(matches);
            if (_slots[index].Key.Matches(in key))
            {
                return index;
            }

            matches &= matches - 1;
        }

        return -1;
    }

    private int MakeRoom(int first, int second, long now)
    {
        // The emptier bucket takes it: that is what lets nearly all places fill before any flow must go.
        uint freeFirst = FreePlaces(first);
        uint freeSecond = FreePlaces(second);
        if ((freeFirst | freeSecond) != 0)
        {
            bool isFirst = BitOperations.PopCount(freeFirst) >= BitOperations.PopCount(freeSecond);
            return ((isFirst ? first : second) * Ways) + BitOperations.TrailingZeroCount(isFirst ? freeFirst : freeSecond);
        }

        int victim = -1;
        long worth = long.MaxValue;
        Weigh(first, now, ref victim, ref worth);
        Weigh(second, now, ref victim, ref worth);
        ref Slot slot = ref _slots[victim];
        bool isExpired = now - slot.Entry.LastSeen >= FlowTimeouts.For(in slot.Key, in slot.Entry);
        Report(in slot, _sink, isExpired ? FlowEndReason.Idle : FlowEndReason.Evicted);
        Evictions += isExpired ? 0 : 1;
        Free(victim);
        return victim;
    }

    private uint FreePlaces(int bucket) =>
        Vector128.Equals(Vector128.Create(_tags.AsSpan(bucket * Ways, Ways)), Vector128<ushort>.Zero).ExtractMostSignificantBits();

    private void Weigh(int bucket, long now, ref int victim, ref long worth)
    {
        // A class is worth more than any age: 2^60 ns are 36 years.
        const long ClassWorth = 1L << 60;
        for (int index = bucket * Ways; index < (bucket + 1) * Ways; index++)
        {
            ref Slot slot = ref _slots[index];
            long idle = now - slot.Entry.LastSeen;
            long kind = idle >= FlowTimeouts.For(in slot.Key, in slot.Entry) ? 0
                : slot.Entry.Verdict != FlowVerdict.Allow && !slot.Entry.IsRevoked ? 1
                : slot.Entry.IsAnswered && !slot.Entry.IsRevoked ? 3 : 2;
            long candidate = (kind * ClassWorth) - idle;
            if (candidate < worth)
            {
                worth = candidate;
                victim = index;
            }
        }
    }

    private void Free(int index)
    {
        _tags[index] = 0;
        Count--;
    }

    private static void Report(in Slot slot, IFlowSink? sink, FlowEndReason reason)
    {
        if (sink is not null && slot.Entry.IsReported)
        {
            sink.FlowEnded(slot.Entry.IsSwapped ? slot.Key.Reversed : slot.Key, in slot.Entry, reason);
        }
    }

    private struct Slot
    {
        public FlowKey Key;
        public FlowEntry Entry;
    }
}
