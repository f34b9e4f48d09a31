namespace Net.Relay;

/// <summary>One thing wrong with a rule, for a person to mend.</summary>
/// <param name="Kind">What kind of problem it is.</param>
/// <param name="RuleId">The rule's id; 0 where it has none yet.</param>
/// <param name="RuleName">The rule's name.</param>
/// <param name="Property">The property of the rule that is wrong, as users know it: Group, Source, Port, AllowedSources, Outputs, Outputs[1].Ttl, Engine, PreferredSource, StandbyAfter.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
public sealed record RelayProblem(RelayProblemKind Kind, int RuleId, string RuleName, string Property, string Message)
{
    /// <summary>Whether the rule can be used in spite of it.</summary>
    public bool IsWarning => Kind == RelayProblemKind.Overlap;
}
