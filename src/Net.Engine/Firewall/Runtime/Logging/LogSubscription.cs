using System.Threading.Channels;
using Net.Contracts;

namespace Net.Engine.Firewall.Runtime.Logging;

/// <summary>One who reads log entries as they come. What waits is bounded: the oldest entries make room and are counted.</summary>
internal sealed class LogSubscription
{
    /// <summary>Entries that wait for a slow reader.</summary>
    public const int Capacity = 2048;

    private readonly Channel<FirewallLogEntry> _entries;
    private readonly string[]? _names;
    private long _missed;

    /// <summary>Makes a subscription.</summary>
    /// <param name="names">Names of rules, with wildcards; null or empty for all.</param>
    public LogSubscription(string[]? names)
    {
        _names = names;
        _entries = Channel.CreateBounded<FirewallLogEntry>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _missed));
    }

    /// <summary>Offers an entry; never waits.</summary>
    /// <param name="entry">The entry.</param>
    public void Offer(FirewallLogEntry entry)
    {
        if (NameFilter.Matches(_names, entry.Rule))
        {
            _entries.Writer.TryWrite(entry);
        }
    }

    /// <summary>The entries, each with how many before it were missed.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<FirewallLogEntry> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (FirewallLogEntry entry in _entries.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            long missed = Interlocked.Exchange(ref _missed, 0);
            yield return missed == 0 ? entry : entry with { Missed = missed };
        }
    }
}
