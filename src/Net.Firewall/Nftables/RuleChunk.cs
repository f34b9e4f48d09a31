using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>One chain of about <see cref="ChunkLayout.TargetLength"/> rules that is rewritten as a whole when one of them changes.</summary>
/// <param name="Direction">Direction of all its rules.</param>
/// <param name="Number">Number in its chain name, unique within the direction; says nothing about the order.</param>
/// <param name="Rules">The rules in order, the disabled ones included.</param>
public sealed record RuleChunk(RuleDirection Direction, int Number, ImmutableArray<Rule> Rules)
{
    private RuleGuard? _guard;

    /// <summary>How many rules at the start are written into the base chain instead; only in the first chunk of a direction.</summary>
    internal int Hoisted { get; init; }

    /// <summary>What the packets have in common that the rules after the hoisted ones can match.</summary>
    internal RuleGuard Guard => _guard ??= RuleGuard.For(Rules.AsSpan()[Hoisted..]);

    /// <summary>Takes over what was computed for the chunk before where the same would come out.</summary>
    /// <param name="previous">The chunk of the same number before.</param>
    internal RuleChunk WithWorkOf(RuleChunk previous)
    {
        if (Hoisted == previous.Hoisted && RuleLists.EmitAlike(Rules.AsSpan(), previous.Rules.AsSpan()))
        {
            _guard = previous._guard;
        }

        return this;
    }
}
