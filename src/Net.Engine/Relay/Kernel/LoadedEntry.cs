using Net.Relay.Bytecode;

namespace Net.Engine.Relay.Kernel;

/// <summary>An entry as it was written to the kernel.</summary>
/// <param name="Value">Its value in the map.</param>
/// <param name="First">Index of its first target; 0 without targets.</param>
/// <param name="Targets">Its targets as they lie in their array.</param>
/// <param name="Rules">Rules it serves.</param>
internal sealed record LoadedEntry(byte[] Value, int First, byte[] Targets, int[] Rules)
{
    /// <summary>Number of its targets.</summary>
    internal int Count => Targets.Length / KernelLayout.TargetBytes;
}
