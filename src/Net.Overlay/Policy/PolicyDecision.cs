namespace Net.Overlay.Policy;

/// <summary>What a policy says of a flow.</summary>
/// <param name="IsAllowed">Whether it may be opened.</param>
/// <param name="RuleIndex">The rule that decided, counted from 0; -1 is the default, which allows what this node opens and denies the rest.</param>
/// <param name="IsLogged">Whether it is to be recorded; what the default decides always is.</param>
public readonly record struct PolicyDecision(bool IsAllowed, int RuleIndex, bool IsLogged)
{
    /// <summary>The rule index of the default.</summary>
    public const int DefaultRule = -1;
}
