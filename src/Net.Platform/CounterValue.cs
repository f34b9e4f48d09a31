namespace Net.Platform;

/// <summary>Value of a packet counter.</summary>
/// <param name="Packets">Packets counted.</param>
/// <param name="Bytes">Bytes counted.</param>
public readonly record struct CounterValue(ulong Packets, ulong Bytes);
