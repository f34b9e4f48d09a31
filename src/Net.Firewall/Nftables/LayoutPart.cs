using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>A piece of the way packets take through the rules of a direction: some rules in order, and how a packet comes to those that may match it.</summary>
/// <param name="direction">Direction of all its rules.</param>
/// <param name="number">Number in the name of its chain or maps, unique within the direction; says nothing about the order.</param>
/// <param name="rules">The rules in order, the disabled ones included.</param>
internal abstract class LayoutPart(RuleDirection direction, int number, ImmutableArray<Rule> rules)
{
    /// <summary>Direction of all its rules.</summary>
    public RuleDirection Direction { get; } = direction;

    /// <summary>Number in the name of its chain or maps, unique within the direction.</summary>
    public int Number { get; } = number;

    /// <summary>The rules in order, the disabled ones included.</summary>
    public ImmutableArray<Rule> Rules { get; } = rules;

    /// <summary>Name of its chain, or what the names of its maps begin with.</summary>
    public string Name { get; } = number < 0 ? FirewallTable.BaseChain(direction) : FirewallTable.ChunkChain(direction, number);
}
