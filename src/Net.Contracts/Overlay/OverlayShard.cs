namespace Net.Contracts;

/// <summary>A thread of an overlay's worker, with the peers that are its own. Counts are since the worker's start.</summary>
/// <param name="Index">The shard, from 0.</param>
/// <param name="Core">The core its thread keeps to; null when the scheduler places it.</param>
/// <param name="NumaNode">The memory node of that core; null when it is not known.</param>
/// <param name="Reason">Why it runs there, in one phrase.</param>
/// <param name="Peers">Peers that are its own.</param>
/// <param name="SentDatagrams">Datagrams sent to peers.</param>
/// <param name="ReceivedDatagrams">Datagrams that came from the network.</param>
/// <param name="HandedOver">Packets that were read here and belonged to another shard.</param>
public sealed record OverlayShard(int Index, int? Core, int? NumaNode, string Reason, int Peers, long SentDatagrams, long ReceivedDatagrams, long HandedOver);
