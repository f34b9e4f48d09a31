namespace Net.Relay.Bytecode;

/// <summary>A flow that a kernel engine did not take.</summary>
/// <param name="RuleId">Its rule.</param>
/// <param name="Reason">Why, as a clause.</param>
public readonly record struct KernelRefusal(int RuleId, string Reason);
