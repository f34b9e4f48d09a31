namespace Net.Firewall;

/// <summary>One thing wrong with a rule, NAT rule or address list, for a person to mend.</summary>
/// <param name="RuleId">Id of the rule or list; 0 where none is assigned yet.</param>
/// <param name="RuleName">Name of the rule or list as given.</param>
/// <param name="Property">Property of <see cref="Rule"/>, of its conditions or effects, of <see cref="NatRule"/> or <see cref="AddressList"/> that is wrong.</param>
/// <param name="ErrorId">Stable id of the kind of problem, one of <see cref="RuleErrorIds"/>.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
/// <param name="RecommendedAction">What to do about it, in a sentence.</param>
public sealed record RuleProblem(long RuleId, string RuleName, string Property, string ErrorId, string Message, string RecommendedAction)
{
    /// <summary>What the id and the name are of.</summary>
    public ProblemSubject Subject { get; init; }
}
