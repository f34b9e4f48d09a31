namespace Net.Workers.Overlay;

/// <summary>What the worker counted, once a second and with every change of a peer's state.</summary>
public sealed record OverlayReport : WorkerMessage
{
    /// <summary>The version of the model in force at all shards.</summary>
    public long ModelVersion { get; set; }

    /// <summary>Peers whose state or numbers changed since the last report.</summary>
    public PeerReport[] Peers { get; set; } = [];

    /// <summary>Dropped packets, by the reasons of <see cref="DropReason"/>, in their order.</summary>
    public long[] Drops { get; set; } = [];

    /// <summary>Connections each rule decided, in the order of the model's rules.</summary>
    public long[] RuleMatches { get; set; } = [];

    /// <summary>Connections in the flow table.</summary>
    public int Flows { get; set; }

    /// <summary>Handshakes made and refused, and datagrams of strangers answered by Retry.</summary>
    public long Handshakes { get; set; }

    /// <summary>Handshakes that failed.</summary>
    public long FailedHandshakes { get; set; }

    /// <summary>Initial packets answered by Retry because too many handshakes were open.</summary>
    public long Retries { get; set; }

    /// <summary>Resident memory of the worker in bytes.</summary>
    public long ResidentBytes { get; set; }

    /// <summary>The worker's shards.</summary>
    public ShardReport[] Shards { get; set; } = [];
}
