using System.Threading.Channels;

namespace Net.Platform;

/// <summary>Receives what the kernel tells about packets that a rule marked with "meta nftrace set 1". It sets no such rule. Disposing it ends the channel.</summary>
public interface IRuleTracer : IDisposable
{
    /// <summary>The steps in order. When the reader is too slow, the oldest are dropped and counted.</summary>
    ChannelReader<TraceEvent> Trace { get; }

    /// <summary>Steps lost, by a slow reader or because the kernel's queue was full (each overflow of that counts as one: the kernel does not say how many).</summary>
    long Lost { get; }

    /// <summary>Messages of the kernel that made no sense and were skipped.</summary>
    long Damaged { get; }

    /// <summary>Reads which named counter each rule counts to.</summary>
    /// <param name="table">The table.</param>
    /// <param name="chain">The chain; null for every chain of the table. Handles are unique in a table.</param>
    /// <returns>The kernel's number of each rule in order, and the first named counter in it; null when it has none. Empty when there is no such table or chain.</returns>
    IReadOnlyList<(long Handle, string? Counter)> ReadRuleCounters(FirewallTable table, string? chain = null);
}
