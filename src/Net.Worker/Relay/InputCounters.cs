using Net.Relay;
using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>What a ring or receiving socket counted before rules are known. Written and read by the worker's thread.</summary>
/// <param name="id">The input's id.</param>
/// <param name="interfaceIndex">Its interface.</param>
internal sealed class InputCounters(int id, int interfaceIndex)
{
    private readonly long[] _drops = new long[RelayDrops.Count];
    private long _reported;

    /// <summary>Packets that came.</summary>
    public long Packets { get; set; }

    /// <summary>Packets no rule wanted.</summary>
    public long Unmatched { get; set; }

    /// <summary>Frames of a VLAN.</summary>
    public long OtherVlan { get; set; }

    /// <summary>Counts what was dropped.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="packets">How many.</param>
    public void Drop(RelayDrop reason, long packets = 1) => _drops[(int)reason] += packets;

    /// <summary>Sets what the kernel counts by itself.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="packets">How many altogether.</param>
    public void SetDrops(RelayDrop reason, long packets) => _drops[(int)reason] = packets;

    /// <summary>A record of the counters if they changed since the last one.</summary>
    /// <returns>The record, or null.</returns>
    public RelayInputCounters? TakeChange()
    {
        long sum = Packets + OtherVlan;
        long drops = 0;
        foreach (long count in _drops)
        {
            drops += count;
        }

        if (sum + drops == _reported)
        {
            return null;
        }

        _reported = sum + drops;
        return new RelayInputCounters
        {
            Id = id,
            InterfaceIndex = interfaceIndex,
            Packets = Packets,
            Unmatched = Unmatched,
            OtherVlan = OtherVlan,
            Drops = drops == 0 ? [] : [.. _drops],
        };
    }
}
