using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>What a text of another firewall gives in terms of the model. Ids count from 1, rules and NAT rules together; names are unique.</summary>
public sealed record ImportedRules
{
    /// <summary>Rules of all directions in the order they are asked, default policies as last rules.</summary>
    public ImmutableArray<Rule> Rules { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>NAT rules in the order they are asked.</summary>
    public ImmutableArray<NatRule> NatRules { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Everything that could not be expressed, by line. A rule of the text is in the rules or here, never in neither.</summary>
    public ImmutableArray<ImportProblem> Problems { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The model the rules make by themselves.</summary>
    public FirewallModel Model => new(Rules) { NatRules = NatRules };
}
