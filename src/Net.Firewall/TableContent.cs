using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>What a dump of our table found, by name, whoever put it there.</summary>
/// <param name="Chains">Names of all chains.</param>
/// <param name="Counters">Names of all named counters.</param>
public sealed record TableContent(ImmutableArray<string> Chains, ImmutableArray<string> Counters)
{
    /// <summary>No table, or an empty one.</summary>
    public static TableContent Empty { get; } = new([], []);
}
