using System.Collections.Immutable;
using Net.Contracts;
using Net.Firewall;

namespace Net.Engine.Firewall.Translation;

/// <summary>A section of the document as the model of one instant, with what people are told about it.</summary>
internal sealed record TranslatedFirewall
{
    /// <summary>The model.</summary>
    public required FirewallModel Model { get; init; }

    /// <summary>What could not be translated. A rule with a problem is not in force: a condition left out would make it match more.</summary>
    public required ImmutableArray<TranslationProblem> Problems { get; init; }

    /// <summary>All rules as they are asked, the user's with what they say in the document, those the engine adds with their origin.</summary>
    public required ImmutableArray<FirewallRule> Rules { get; init; }

    /// <summary>Whether each rule of <see cref="Rules"/> is in force, by place.</summary>
    public required ImmutableArray<RuleActivity> Activities { get; init; }

    /// <summary>The next instant at which time alone changes the model; null for never.</summary>
    public DateTimeOffset? NextChange { get; init; }
}
