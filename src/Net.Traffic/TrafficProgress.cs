namespace Net.Traffic;

/// <summary>How far a generator or a receiver is; said once a second.</summary>
/// <param name="Elapsed">Since it began.</param>
/// <param name="Packets">Packets sent or received so far.</param>
/// <param name="PacketsPerSecond">Packets a second since the last time.</param>
/// <param name="Lost">Packets lost so far; 0 of a generator.</param>
public readonly record struct TrafficProgress(TimeSpan Elapsed, long Packets, double PacketsPerSecond, long Lost);
