namespace Net.Platform.Linux.Relay;

/// <summary>What came of running a program on a packet in memory.</summary>
/// <param name="ReturnValue">What the program returned.</param>
/// <param name="Length">Length of the packet afterwards.</param>
/// <param name="Nanoseconds">Average time of a run, as the kernel measured it.</param>
public readonly record struct BpfRunResult(uint ReturnValue, int Length, int Nanoseconds);
