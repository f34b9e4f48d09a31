namespace Net.Packets.Bytecode;

/// <summary>An instruction of a classic BPF program, struct sock_filter of linux/filter.h.</summary>
/// <param name="Code">What it does (linux/bpf_common.h).</param>
/// <param name="JumpTrue">How many instructions to skip when the condition holds.</param>
/// <param name="JumpFalse">How many to skip when not.</param>
/// <param name="Value">Its operand.</param>
public readonly record struct FilterInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Value);
