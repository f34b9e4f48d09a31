namespace Net.Platform.Linux.Relay;

/// <summary>What a link connects now.</summary>
/// <param name="ProgramId">The program.</param>
/// <param name="InterfaceIndex">The interface; 0 when the link was detached, or the interface went.</param>
public readonly record struct BpfLinkInfo(uint ProgramId, int InterfaceIndex);
