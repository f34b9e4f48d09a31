using System.Numerics;

namespace Net.Overlay.Flows;

/// <summary>Carries records from the data path's thread to one other thread without a lock. Bounded: when the reader is slow, new records are lost and counted,
/// and packets never wait.</summary>
public sealed class FlowRecordQueue : IFlowSink
{
    private readonly FlowRecord[] _records;

    // Written by one side each; positions only grow, their difference is the number of records.
    private long _written;
    private long _read;
    private long _lost;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="capacity">Records it holds, a power of two; each takes about 150 bytes.</param>
    public FlowRecordQueue(int capacity)
    {
        if (capacity <= 0 || !BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The capacity is a power of two.");
        }

        _records = new FlowRecord[capacity];
    }

    /// <summary>Records that found the queue full. May be read on any thread.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <inheritdoc/>
    public void FlowStarted(in FlowKey key, in FlowEntry entry) =>
        Write(new FlowRecord(FlowRecordKind.Started, key, entry, default, entry.FirstSeen, 0));

    /// <inheritdoc/>
    public void FlowEnded(in FlowKey key, in FlowEntry entry, FlowEndReason reason) =>
        Write(new FlowRecord(FlowRecordKind.Ended, key, entry, reason, entry.LastSeen, 0));

    /// <inheritdoc/>
    public void FlowDenied(in FlowDenial denial)
    {
        FlowEntry entry = default;
        entry.FromPeer = denial.FromPeer;
        entry.ToPeer = denial.ToPeer;
        entry.RuleIndex = denial.RuleIndex;
        entry.PolicyGeneration = denial.PolicyGeneration;
        entry.Verdict = FlowVerdict.Deny;
        Write(new FlowRecord(FlowRecordKind.Denied, denial.Key, entry, default, denial.Time, denial.Packets));
    }

    /// <summary>Takes the oldest record. For the reader's thread.</summary>
    /// <param name="record">The record.</param>
    /// <returns>False when there is none.</returns>
    public bool TryRead(out FlowRecord record)
    {
        long read = _read;
        if (read == Volatile.Read(ref _written))
        {
            record = default;
            return false;
        }

        record = _records[read & (_records.Length - 1)];
        Volatile.Write(ref _read, read + 1);
        return true;
    }

    private void Write(in FlowRecord record)
    {
        long written = _written;
        if (written - Volatile.Read(ref _read) == _records.Length)
        {
            Volatile.Write(ref _lost, _lost + 1);
            return;
        }

        _records[written & (_records.Length - 1)] = record;
        Volatile.Write(ref _written, written + 1);
    }
}
