using System.Net;
using Net.Relay;

namespace Net.Engine.Relay.Counters;

/// <summary>Counters of one rule at its input or at one output, over all engines and workers that ever had it. Guarded by its ledger.</summary>
internal sealed class CounterTotals
{
    private long _sampledPackets;
    private long _sampledBytes;

    /// <summary>Packets received, or sent.</summary>
    public long Packets { get; private set; }

    /// <summary>Bytes from the IP header on.</summary>
    public long Bytes { get; private set; }

    /// <summary>Packets not relayed, indexed by <see cref="RelayDrop"/>.</summary>
    public long[] Drops { get; } = new long[Net.Relay.RelayDrops.Count];

    /// <summary>When the last packet was seen; null before the first.</summary>
    public DateTimeOffset? LastSeen { get; private set; }

    /// <summary>Packets missing in the sequence.</summary>
    public long Lost { get; private set; }

    /// <summary>Packets behind a later one.</summary>
    public long Reordered { get; private set; }

    /// <summary>Packets whose number had been seen.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Whose sequence numbers were found last.</summary>
    public SequenceKind? Sequence { get; private set; }

    /// <summary>Packets that had sequence numbers.</summary>
    public long Numbered { get; private set; }

    /// <summary>Sources of late, as far as one worker told.</summary>
    public IPAddress[] Sources { get; private set; } = [];

    /// <summary>The source that is relayed now.</summary>
    public IPAddress? ActiveSource { get; private set; }

    /// <summary>Packets per second between the last two samples.</summary>
    public double PacketsPerSecond { get; private set; }

    /// <summary>Bits per second between the last two samples.</summary>
    public double BitsPerSecond { get; private set; }

    /// <summary>Adds what came since the reading before.</summary>
    /// <param name="now">The reading.</param>
    /// <param name="before">The reading of the same counter before; null when it began anew since.</param>
    /// <param name="lastSeen">When the last packet was seen, in wall-clock time.</param>
    public void Add(RelayCounters now, RelayCounters? before, DateTimeOffset? lastSeen)
    {
        Packets += now.Packets - (before?.Packets ?? 0);
        Bytes += now.Bytes - (before?.Bytes ?? 0);
        Lost += now.Lost - (before?.Lost ?? 0);
        Reordered += now.Reordered - (before?.Reordered ?? 0);
        Duplicates += now.Duplicates - (before?.Duplicates ?? 0);
        for (int reason = 0; reason < now.Drops.Length && reason < Drops.Length; reason++)
        {
            Drops[reason] += now.Drops[reason] - (before is { } old && reason < old.Drops.Length ? old.Drops[reason] : 0);
        }

        Numbered += now.Numbered - (before?.Numbered ?? 0);
        Sequence = now.Sequence ?? Sequence;
        Sources = now.SourceAddresses.Length > 0 ? now.SourceAddresses : Sources;
        ActiveSource = now.ActiveSource;
        if (lastSeen > LastSeen || LastSeen is null)
        {
            LastSeen = lastSeen;
        }
    }

    /// <summary>Begins anew from 0.</summary>
    public void Reset()
    {
        (Packets, Bytes, Lost, Reordered, Duplicates, Numbered) = (0, 0, 0, 0, 0, 0);
        (Sequence, Sources, ActiveSource) = (null, [], null);
        (_sampledPackets, _sampledBytes, PacketsPerSecond, BitsPerSecond) = (0, 0, 0, 0);
        LastSeen = null;
        Array.Clear(Drops);
    }

    /// <summary>Takes a sample for the rates.</summary>
    /// <param name="elapsed">Time since the sample before.</param>
    public void Sample(TimeSpan elapsed)
    {
        const double bitsPerByte = 8;
        PacketsPerSecond = (Packets - _sampledPackets) / elapsed.TotalSeconds;
        BitsPerSecond = (Bytes - _sampledBytes) * bitsPerByte / elapsed.TotalSeconds;
        (_sampledPackets, _sampledBytes) = (Packets, Bytes);
    }
}
