namespace Net.Firewall;

/// <summary>A rule of the model that is in force but not in the datapath, for a reason that may pass.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record RuleLeftOut(long RuleId, string Reason);
