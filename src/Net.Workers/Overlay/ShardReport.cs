namespace Net.Workers.Overlay;

/// <summary>What one shard of a worker does. Counts are since the worker's start.</summary>
public sealed record ShardReport
{
    /// <summary>The shard, from 0.</summary>
    public int Index { get; set; }

    /// <summary>The core its thread keeps to; null when it keeps to none.</summary>
    public int? Core { get; set; }

    /// <summary>The memory node of that core; null when it is not known.</summary>
    public int? NumaNode { get; set; }

    /// <summary>Why it runs there, in one phrase without a full stop.</summary>
    public required string Reason { get; init; }

    /// <summary>Peers that are its own.</summary>
    public int Peers { get; set; }

    /// <summary>Datagrams sent to peers.</summary>
    public long SentDatagrams { get; set; }

    /// <summary>Datagrams that came from the network.</summary>
    public long ReceivedDatagrams { get; set; }

    /// <summary>Packets and datagrams that were handed to another shard.</summary>
    public long HandedOver { get; set; }
}
