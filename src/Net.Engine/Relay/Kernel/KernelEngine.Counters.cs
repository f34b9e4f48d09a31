using System.Runtime.InteropServices;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Relay.Bytecode;

namespace Net.Engine.Relay.Kernel;

/// <content>Counters.</content>
internal sealed partial class KernelEngine
{
    private const int PacketsAt = 0;
    private const int BytesAt = 1;
    private const int CounterWords = 3;

    // What programs counted in a smaller set of maps after it was copied: packets, bytes.
    private readonly Dictionary<int, (long Packets, long Bytes)> _missed = [];

    /// <summary>Reads all counters.</summary>
    /// <param name="result">Receives them.</param>
    internal void ReadCounters(List<RelayCounters> result)
    {
        if (_set is null || _slots.High == 0)
        {
            return;
        }

        ReadOnlySpan<long> counters = MemoryMarshal.Cast<byte, long>(ReadCounterArray(_set, _slots.High));
        byte[] dropBytes = new byte[_slots.High * KernelLayout.DropBytes];
        _set.Drops.ReadArray(_slots.High, dropBytes);
        ReadOnlySpan<long> drops = MemoryMarshal.Cast<byte, long>(dropBytes);
        foreach (((int ruleId, int output), int slot) in _slots.Slots)
        {
            ReadOnlySpan<long> reasons = drops.Slice(slot * RelayDrops.Count, RelayDrops.Count);
            (long packets, long bytes) = _missed.GetValueOrDefault(slot);
            result.Add(new RelayCounters
            {
                RuleId = ruleId,
                Output = output,
                Packets = packets + SumOf(counters, slot, PacketsAt),
                Bytes = bytes + SumOf(counters, slot, BytesAt),
                LastSeenNanoseconds = LastOf(counters, slot),
                Drops = reasons.ContainsAnyExcept(0) ? reasons.ToArray() : [],
            });
        }
    }

    private static byte[] ReadCounterArray(KernelMapSet set, int count)
    {
        byte[] values = new byte[count * set.Counters.ReadBytes];
        set.Counters.ReadArray(count, values);
        return values;
    }

    private static long SumOf(ReadOnlySpan<long> counters, int slot, int word)
    {
        long sum = 0;
        for (int cpu = 0; cpu < BpfMap.PossibleCpus; cpu++)
        {
            sum += counters[(((slot * BpfMap.PossibleCpus) + cpu) * CounterWords) + word];
        }

        return sum;
    }

    private static long LastOf(ReadOnlySpan<long> counters, int slot)
    {
        long last = 0;
        for (int cpu = 0; cpu < BpfMap.PossibleCpus; cpu++)
        {
            last = Math.Max(last, counters[(((slot * BpfMap.PossibleCpus) + cpu) * CounterWords) + 2]);
        }

        return last;
    }

    private void AddMissed(KernelMapSet old, byte[] before)
    {
        ReadOnlySpan<long> copied = MemoryMarshal.Cast<byte, long>(before);
        ReadOnlySpan<long> final = MemoryMarshal.Cast<byte, long>(ReadCounterArray(old, _slots.High));
        for (int slot = 0; slot < _slots.High; slot++)
        {
            (long packets, long bytes) = _missed.GetValueOrDefault(slot);
            long morePackets = SumOf(final, slot, PacketsAt) - SumOf(copied, slot, PacketsAt);
            if (morePackets != 0)
            {
                _missed[slot] = (packets + morePackets, bytes + SumOf(final, slot, BytesAt) - SumOf(copied, slot, BytesAt));
            }
        }
    }
}
