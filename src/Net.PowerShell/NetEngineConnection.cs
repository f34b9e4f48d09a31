using Net.Contracts;

namespace Net.PowerShell;

/// <summary>The engine a PowerShell session is connected to, and what the session may do there.</summary>
/// <param name="SocketPath">The engine's socket.</param>
/// <param name="EngineVersion">The engine's release.</param>
/// <param name="ProtocolVersion">The version of the protocol the engine speaks.</param>
/// <param name="Role">What the caller may do.</param>
/// <param name="User">Who the engine takes the caller for.</param>
public sealed record NetEngineConnection(string SocketPath, string EngineVersion, string ProtocolVersion, EngineRole Role, string User);
