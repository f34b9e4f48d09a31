using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>One chain of about <see cref="ChunkLayout.TargetLength"/> rules that is rewritten as a whole when one of them changes.</summary>
/// <param name="Direction">Direction of all its rules.</param>
/// <param name="Number">Number in its chain name, unique within the direction; says nothing about the order.</param>
/// <param name="Rules">The rules in order, the disabled ones included.</param>
public sealed record RuleChunk(RuleDirection Direction, int Number, ImmutableArray<Rule> Rules);
