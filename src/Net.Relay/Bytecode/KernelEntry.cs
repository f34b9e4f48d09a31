namespace Net.Relay.Bytecode;

/// <summary>What a program finds for a packet.</summary>
/// <param name="Flags">Flags of <see cref="KernelLayout"/>.</param>
/// <param name="Outputs">Where the packet goes, of every rule that takes it.</param>
public sealed record KernelEntry(int Flags, IReadOnlyList<KernelOutput> Outputs);
