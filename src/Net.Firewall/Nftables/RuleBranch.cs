using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Parts a packet goes through one after the other: all rules of a direction, or those of a page that are too many for one chain.</summary>
/// <param name="direction">Direction of all its rules.</param>
/// <param name="number">Number in its chain name; <see cref="RootNumber"/> for the base chain.</param>
/// <param name="rules">The rules in order.</param>
/// <param name="parts">Its parts in order: chunks and paged blocks.</param>
internal sealed class RuleBranch(RuleDirection direction, int number, ImmutableArray<Rule> rules, ImmutableArray<LayoutPart> parts) : LayoutPart(direction, number, rules)
{
    /// <summary>The number of what is written into the base chain.</summary>
    public const int RootNumber = -1;

    /// <summary>Its parts in order: chunks and paged blocks.</summary>
    public ImmutableArray<LayoutPart> Parts { get; } = parts;

    /// <summary>Groups of neighbouring chunks, in order; none where there are few.</summary>
    public ImmutableArray<ChunkGroup> Groups { get; init; } = [];

    /// <summary>How many parts it had when it was arranged as a whole the last time.</summary>
    public int PartsArranged { get; init; }
}
