namespace Net.Platform;

/// <summary>How a rule set was applied.</summary>
/// <param name="ProcessId">Process that made the transaction: the kernel names it in the generation it announces.</param>
/// <param name="Duration">Time it took, process start included.</param>
public sealed record FirewallApplyResult(int ProcessId, TimeSpan Duration);
