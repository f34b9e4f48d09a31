using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Neighbouring chunks that a packet is led to by one jump, so that thousands of rules cost it a dozen questions.</summary>
/// <param name="Direction">Direction of all its chunks.</param>
/// <param name="Number">Number in its chain name, unique within the direction; says nothing about the order.</param>
/// <param name="Chunks">The chunks in order; at least one.</param>
internal sealed record ChunkGroup(RuleDirection Direction, int Number, ImmutableArray<RuleChunk> Chunks)
{
    private RuleGuard? _guard;

    /// <summary>Chunks in a fresh group: about the square root of what 10,000 rules take, so that both levels are equally short.</summary>
    public const int TargetLength = 12;

    /// <summary>Chunks a group may grow to before it splits.</summary>
    public const int MaxLength = 24;

    /// <summary>Name of its chain.</summary>
    public string Name => FirewallTable.GroupChain(Direction, Number);

    /// <summary>What the packets have in common that one of the rules can match.</summary>
    public RuleGuard Guard => _guard ??= RuleGuard.ForAll(Chunks);

    /// <summary>Takes over what was computed for the group before where the same would come out.</summary>
    /// <param name="previous">The group of the same number before.</param>
    public ChunkGroup WithWorkOf(ChunkGroup previous)
    {
        bool same = Chunks.Length == previous.Chunks.Length;
        for (int i = 0; same && i < Chunks.Length; i++)
        {
            same = RuleLists.EmitAlike(Chunks[i].Rules.AsSpan(), previous.Chunks[i].Rules.AsSpan());
        }

        if (same)
        {
            _guard = previous._guard;
        }

        return this;
    }
}
