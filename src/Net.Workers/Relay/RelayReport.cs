using Net.Relay;

namespace Net.Workers.Relay;

/// <summary>What a worker has and counted, every 250 ms: it also says that the worker lives.</summary>
public sealed record RelayReport : WorkerMessage
{
    /// <summary>The fingerprint of the flows in the tables the worker looks packets up in (RelayFingerprint), computed when they were taken over and anew every minute.</summary>
    public ulong Fingerprint { get; init; }

    /// <summary>How many flows these are.</summary>
    public int Flows { get; init; }

    /// <summary>Counters that changed since the last report, with their whole values since the worker started. A rule whose input is a pattern comes once per rule, summed up.</summary>
    public RelayCounters[] Counters { get; init; } = [];

    /// <summary>Rings and sockets whose counters changed since the last report.</summary>
    public RelayInputCounters[] Inputs { get; init; } = [];

    /// <summary>How long the worker has relayed, in nanoseconds.</summary>
    public long UptimeNanoseconds { get; init; }

    /// <summary>Resident memory of the worker in bytes, read every 5 s.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>Whether it is the last report of a worker that was told to stop.</summary>
    public bool IsLast { get; init; }
}
