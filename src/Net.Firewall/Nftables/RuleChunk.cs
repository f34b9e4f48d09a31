using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Rules in one chain, which is rewritten as a whole when one of them changes.</summary>
/// <param name="direction">Direction of all its rules.</param>
/// <param name="number">Number in its chain name.</param>
/// <param name="rules">The rules in order.</param>
internal sealed class RuleChunk(RuleDirection direction, int number, ImmutableArray<Rule> rules) : LayoutPart(direction, number, rules)
{
    /// <summary>Rules in a fresh chunk that every packet meets. A chain costs one jump per packet, a rewrite costs its length: 64 keeps both small.</summary>
    public const int TargetLength = 64;

    /// <summary>Rules such a chunk may grow to before it is arranged anew.</summary>
    public const int MaxLength = 128;

    private RuleGuard? _guard;

    /// <summary>What the packets have in common that one of the rules can match.</summary>
    public RuleGuard Guard => _guard ??= RuleGuard.For(Rules.AsSpan());

    /// <summary>Takes over what was computed for the chunk before where the same would come out.</summary>
    /// <param name="previous">The chunk of the same number before.</param>
    public RuleChunk WithWorkOf(RuleChunk previous)
    {
        if (RuleLists.EmitAlike(Rules.AsSpan(), previous.Rules.AsSpan()))
        {
            _guard = previous._guard;
        }

        return this;
    }
}
