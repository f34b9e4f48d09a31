using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>One rule of another firewall's chain.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Text">Its text, for problems.</param>
/// <param name="Name">Its name: a comment, or chain and position.</param>
internal sealed record ImportStatement(int Line, string Text, string Name)
{
    /// <summary>What it asks: one of these suffices.</summary>
    public ImmutableArray<ImportMatch> Matches { get; init; } = [ImportMatch.Any];

    /// <summary>What it does.</summary>
    public ImportTarget Target { get; init; }

    /// <summary>The chain it goes to.</summary>
    public string? Chain { get; init; }

    /// <summary>What it does besides.</summary>
    public RuleEffects? Effects { get; init; }

    /// <summary>What it translates, without conditions and names.</summary>
    public NatRule? Nat { get; init; }
}
