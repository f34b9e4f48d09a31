namespace Net.Workers.Overlay;

/// <summary>A line for the engine's log.</summary>
/// <param name="Level">As in Microsoft.Extensions.Logging: 0 trace to 5 critical.</param>
/// <param name="Text">The line, without keys.</param>
/// <param name="PeerIndex">The peer it is about, or null.</param>
/// <param name="RuleId">The relay rule it is about, or null.</param>
public sealed record WorkerLog(int Level, string Text, int? PeerIndex = null, int? RuleId = null) : WorkerMessage;
