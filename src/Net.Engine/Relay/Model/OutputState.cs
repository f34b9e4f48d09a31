namespace Net.Engine.Relay.Model;

/// <summary>What is so with an output of a rule.</summary>
/// <param name="IsPaused">Whether it pauses, having no receivers.</param>
/// <param name="Reason">Why nothing is sent, a sentence without a full stop; null while it can send.</param>
internal readonly record struct OutputState(bool IsPaused, string? Reason);
