namespace Net.Contracts;

/// <summary>A thread of an overlay's worker, with the peers that are its own. Counts are since the worker's start.</summary>
public sealed record OverlayShard
{
    /// <summary>The shard, from 0.</summary>
    public int Index { get; set; }

    /// <summary>The core its thread keeps to; null when the scheduler places it.</summary>
    public int? Core { get; set; }

    /// <summary>The memory node of that core; null when it is not known.</summary>
    public int? NumaNode { get; set; }

    /// <summary>Why it runs there, in one phrase.</summary>
    public required string Reason { get; init; }

    /// <summary>Peers that are its own.</summary>
    public int Peers { get; set; }

    /// <summary>Datagrams sent to peers.</summary>
    public long SentDatagrams { get; set; }

    /// <summary>Datagrams that came from the network.</summary>
    public long ReceivedDatagrams { get; set; }

    /// <summary>Packets that were read here and belonged to another shard.</summary>
    public long HandedOver { get; set; }
}
