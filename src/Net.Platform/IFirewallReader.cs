namespace Net.Platform;

/// <summary>Reads what is really in the kernel's packet filter.</summary>
public interface IFirewallReader
{
    /// <summary>Names of all tables.</summary>
    /// <returns>The tables, ours and others'.</returns>
    IReadOnlyList<FirewallTable> GetTables();

    /// <summary>All base chains of all tables: who else decides about packets, and in which order.</summary>
    /// <returns>The chains by hook and priority.</returns>
    IReadOnlyList<BaseChainInfo> GetBaseChains();

    /// <summary>Reads all named counters of a table.</summary>
    /// <param name="table">The table.</param>
    /// <returns>Values by counter name; empty when the table is absent.</returns>
    IReadOnlyDictionary<string, CounterValue> ReadCounters(FirewallTable table);

    /// <summary>Reads all named counters of a table and sets them to zero, each in one step, so that no packet is lost between.</summary>
    /// <param name="table">The table.</param>
    /// <returns>The values before.</returns>
    IReadOnlyDictionary<string, CounterValue> ResetCounters(FirewallTable table);

    /// <summary>Reads one named counter of a table and sets it to zero in one step, so that no packet is lost between.</summary>
    /// <param name="table">The table.</param>
    /// <param name="name">The counter.</param>
    /// <returns>The value before; null when there is no such counter.</returns>
    CounterValue? ResetCounter(FirewallTable table, string name);

    /// <summary>A hash, comparable within this process, over everything in a table that an administrator can write: chains, rules, sets and their elements, objects.
    /// Not in it: handles, counter values, generations, remaining times, use counts, names the kernel invents, elements that packets add or that expire.</summary>
    /// <param name="table">The table.</param>
    /// <returns>The hash in lower-case hexadecimal; null when the table is absent.</returns>
    string? ComputeFingerprint(FirewallTable table);

    /// <summary>The same, with the generation of the kernel's rule sets the whole of it was read at.</summary>
    /// <param name="table">The table.</param>
    /// <param name="generation">The generation.</param>
    /// <returns>The hash in lower-case hexadecimal; null when the table is absent.</returns>
    string? ComputeFingerprint(FirewallTable table, out uint generation);

    /// <summary>Number of the kernel's present generation of rule sets: one more for each transaction over any table, whoever makes it. Costs one question.</summary>
    /// <returns>The number.</returns>
    uint GetGeneration();

    /// <summary>The addresses in a set whose elements are single addresses.</summary>
    /// <param name="table">The table.</param>
    /// <param name="set">The set.</param>
    /// <returns>The addresses in no order; empty when there is no such set.</returns>
    IReadOnlyList<SetElement> ReadSetElements(FirewallTable table, string set) => [];
}
