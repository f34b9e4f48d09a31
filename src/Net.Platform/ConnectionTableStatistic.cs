namespace Net.Platform;

/// <summary>Numbers of the connection tracking table. The counters are sums over all processors since the namespace was made; each processor's part wraps at 32 bits.</summary>
/// <param name="Count">Entries now.</param>
/// <param name="Maximum">Entries that fit (net.netfilter.nf_conntrack_max); 0 means that there is no limit.</param>
/// <param name="Found">Look-ups that found an entry.</param>
/// <param name="Invalid">Packets that could not be tracked.</param>
/// <param name="InsertFailed">Entries that could not be inserted because the same one was there.</param>
/// <param name="Dropped">Packets dropped because their connection could not be tracked: the table was full, or memory was.</param>
/// <param name="EarlyDropped">Entries thrown out before their time to make room.</param>
public readonly record struct ConnectionTableStatistic(
    long Count, long Maximum, long Found, long Invalid, long InsertFailed, long Dropped, long EarlyDropped);
