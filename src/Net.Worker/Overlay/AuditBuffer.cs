using Net.Overlay.Flows;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <summary>Counts what rules decide and keeps records of connections and denials until the next report. Bounded: what does not fit is counted, and the engine is
/// told how many.</summary>
internal sealed class AuditBuffer : IFlowSink
{
    private const int Capacity = 4_096;
    private const int MaxRecordsPerReport = 1_024;

    private readonly FlowRecordQueue _queue = new(Capacity);
    private long[] _matches = [0];
    private long _lostTold;

    /// <summary>Whether connections that were allowed are told when they end.</summary>
    public bool ReportsConnections { get; set; } = true;

    /// <summary>Connections each rule decided, the default last.</summary>
    public ReadOnlySpan<long> Matches => _matches;

    /// <summary>Begins to count anew, for another list of rules.</summary>
    public void SetRules(int count) => _matches = new long[count + 1];

    /// <inheritdoc />
    public void FlowStarted(in FlowKey key, in FlowEntry entry) => Count(entry.RuleIndex);

    /// <inheritdoc />
    public void FlowEnded(in FlowKey key, in FlowEntry entry, FlowEndReason reason)
    {
        if (ReportsConnections)
        {
            _queue.FlowEnded(in key, in entry, reason);
        }
    }

    /// <inheritdoc />
    public void FlowDenied(in FlowDenial denial)
    {
        Count(denial.RuleIndex);
        _queue.FlowDenied(in denial);
    }

    /// <summary>Takes what was kept; null when there is nothing.</summary>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="wall">The wall clock at the same moment.</param>
    public AuditReport? Take(long now, DateTimeOffset wall)
    {
        List<Net.Workers.Overlay.FlowRecord>? records = null;
        while ((records is null || records.Count < MaxRecordsPerReport) && _queue.TryRead(out Net.Overlay.Flows.FlowRecord record))
        {
            records ??= [];
            records.Add(ToRecord(in record, now, wall));
        }

        long lost = _queue.Lost - _lostTold;
        _lostTold += lost;
        return records is null && lost == 0 ? null : new AuditReport([.. records ?? []], lost);
    }

    private static Net.Workers.Overlay.FlowRecord ToRecord(in Net.Overlay.Flows.FlowRecord record, long now, DateTimeOffset wall) => new()
    {
        Time = wall - TimeSpan.FromTicks((now - record.Time) / TimeSpan.NanosecondsPerTick),
        IsConnection = record.Kind != FlowRecordKind.Denied,
        FromPeer = record.Entry.FromPeer,
        ToPeer = record.Entry.ToPeer,
        Source = record.Key.SourceAddress().ToString(),
        Destination = record.Key.DestinationAddress().ToString(),
        SourcePort = IpProtocols.HasPorts(record.Key.Protocol) ? record.Key.SourcePort : 0,
        DestinationPort = IpProtocols.HasPorts(record.Key.Protocol) ? record.Key.DestinationPort : 0,
        Protocol = record.Key.Protocol,
        Allowed = record.Kind != FlowRecordKind.Denied,
        Rule = record.Entry.RuleIndex,
        SentBytes = record.Entry.BytesSent,
        ReceivedBytes = record.Entry.BytesReceived,
        Duration = TimeSpan.FromTicks((record.Entry.LastSeen - record.Entry.FirstSeen) / TimeSpan.NanosecondsPerTick),
        Count = Math.Max(1, record.DeniedPackets),
    };

    private void Count(int rule)
    {
        long[] matches = _matches;
        matches[rule >= 0 && rule < matches.Length - 1 ? rule : matches.Length - 1]++;
    }
}
