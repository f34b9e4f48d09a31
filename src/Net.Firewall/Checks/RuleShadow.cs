namespace Net.Firewall;

/// <summary>A rule that can never match, because an earlier one decides about all of its packets.</summary>
/// <param name="Rule">The rule that never matches.</param>
/// <param name="By">The earlier rule.</param>
public sealed record RuleShadow(Rule Rule, Rule By)
{
    /// <summary>Whether the packets fare otherwise than the later rule says: a contradiction rather than a repetition.</summary>
    public bool VerdictDiffers => Rule.Action != By.Action;
}
