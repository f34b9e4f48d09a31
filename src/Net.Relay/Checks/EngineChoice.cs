namespace Net.Relay;

/// <summary>Which engine takes a flow.</summary>
/// <param name="Engine">The engine; null when none can.</param>
/// <param name="Reason">Why, in one sentence for people.</param>
public readonly record struct EngineChoice(RelayEngineKind? Engine, string Reason);
