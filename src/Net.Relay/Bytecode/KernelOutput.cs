namespace Net.Relay.Bytecode;

/// <summary>A target of an entry.</summary>
/// <param name="Flow">The flow it belongs to.</param>
/// <param name="Index">Its index there.</param>
/// <param name="IsFirst">Whether it is the first of its flow in the entry.</param>
public readonly record struct KernelOutput(RelayFlow Flow, int Index, bool IsFirst);
