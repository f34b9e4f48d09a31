namespace Net.Firewall;

/// <summary>What a rule, or a number of rules in a row, made of a packet.</summary>
/// <param name="Rule">The rule; null when the step sums up several.</param>
/// <param name="Matched">Whether it matched.</param>
/// <param name="Reason">What it did, or what kept it from matching, in words.</param>
/// <param name="Count">Rules the step stands for.</param>
public sealed record FlowStep(Rule? Rule, bool Matched, string Reason, int Count = 1);
