using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>The whole firewall as rules in the order they are asked; immutable. The first rule that matches a packet decides; none matching lets it pass.</summary>
/// <param name="Rules">The rules of all directions in order.</param>
public sealed record FirewallModel(ImmutableArray<Rule> Rules)
{
    /// <summary>No rules: everything passes.</summary>
    public static FirewallModel Empty { get; } = new([]);

    /// <summary>The rules of all directions in order.</summary>
    public ImmutableArray<Rule> Rules { get; init => field = value.IsDefault ? [] : value; } = Rules.IsDefault ? [] : Rules;

    /// <summary>Compares by value, rule by rule.</summary>
    public bool Equals(FirewallModel? other) => ReferenceEquals(this, other)
        || (other is not null && Rules.AsSpan().SequenceEqual(other.Rules.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => Rules.Length;
}
