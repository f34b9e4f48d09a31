namespace Net.Platform;

/// <summary>Reads, counts, follows and removes the connections the kernel tracks. Calls may come from any thread.</summary>
public interface IConnectionTracker : IDisposable
{
    /// <summary>Why nothing can be read, in a sentence: the kernel has no connection tracking, or the process lacks CAP_NET_ADMIN. Null when all is well.</summary>
    string? Unavailable { get; }

    /// <summary>What this kernel cannot do, a sentence each; empty when it can do everything. What is filtered then in managed code gives the same answers more slowly.</summary>
    IReadOnlyList<string> Limitations { get; }

    /// <summary>Entries in the table now; cheap.</summary>
    int Count { get; }

    /// <summary>Whether packets and bytes are counted (net.netfilter.nf_conntrack_acct). Counts for connections that begin afterwards. False when the kernel has no such setting.</summary>
    /// <exception cref="Linux.NetlinkException">Setting was refused; says why.</exception>
    bool IsAccounting { get; set; }

    /// <summary>Whether the kernel keeps start times (net.netfilter.nf_conntrack_timestamp). Counts for connections that begin afterwards. False when the kernel has no such setting.</summary>
    /// <exception cref="Linux.NetlinkException">Setting was refused; says why.</exception>
    bool IsTimestamping { get; set; }

    /// <summary>Lists connections. Entries that come and go while the list is made may be in it or not, and when the kernel loses its place in the table a few may be in it twice.</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <returns>The connections in no order.</returns>
    IReadOnlyList<TrackedConnection> List(ConnectionFilter? filter = null);

    /// <summary>Numbers of the table.</summary>
    /// <returns>The numbers.</returns>
    ConnectionTableStatistic GetStatistic();

    /// <summary>Counts connections by protocol number and state (see <see cref="TrackedConnection.State"/>) in one pass that makes no records.</summary>
    /// <returns>The counts; what is not there is zero.</returns>
    IReadOnlyDictionary<(byte Protocol, string State), int> CountByState();

    /// <summary>Removes connections from the table: their next packet is a new connection to the rules.</summary>
    /// <param name="filter">Which; an empty filter means all.</param>
    /// <returns>How many were removed.</returns>
    int Delete(ConnectionFilter filter);

    /// <summary>Removes one connection from the table.</summary>
    /// <param name="connection">The connection as it was listed.</param>
    /// <returns>False when it was gone already. A new connection between the same two ends may have taken its number, and is then the one removed.</returns>
    bool Delete(TrackedConnection connection);

    /// <summary>Follows connections from now on, in the network namespace of the tracker. The kernel tells of updates and the end of those
    /// connections that began while anybody was following (net.netfilter.nf_conntrack_events = 2).</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="kinds">Which events.</param>
    /// <param name="capacity">How many events wait for a slow reader.</param>
    /// <returns>The events; dispose to stop.</returns>
    IConnectionWatcher Watch(ConnectionFilter? filter = null, ConnectionEventKinds kinds = ConnectionEventKinds.All, int capacity = 4096);
}
