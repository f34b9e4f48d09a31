using Net.Relay;

namespace Net.Engine.Relay.Workers;

/// <summary>A flow for a worker.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Engine">Packet or Socket.</param>
internal readonly record struct WorkerFlow(RelayFlow Flow, RelayEngineKind Engine);
